#include "config/mail_reader.h"

#include <algorithm>

#include "config/network_names.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestCaFile = std::size_t{1} << 20U;

bool is_tls_from_the_start(const EmailSettings& e) { return e.smtp.starts_with("smtps://"); }

void read_smtp(const YamlMap& map, std::string& out) {
  const auto* n = map.need("smtp", "write smtp: \"smtp://127.0.0.1:25\"");
  if (n == nullptr) return;
  const auto text = read_text(*n, map.name("smtp"), map.faults(), {.bytes = 300});
  if (!text) return;
  const auto refuse = [&](const std::string& what, std::string to_do = "write it like smtp://127.0.0.1:25") {
    map.faults().add(n->at, map.name("smtp") + ": " + what, std::move(to_do));
  };
  const bool tls = text->starts_with("smtps://");
  if (!tls && !text->starts_with("smtp://")) {
    refuse(in_quotes(*text) + " is not an smtp:// or smtps:// address");
    return;
  }
  const std::string scheme = tls ? "smtps://" : "smtp://";
  std::string_view rest = std::string_view{*text}.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('@') != std::string_view::npos) {
    refuse("a user or password does not belong into the address", "write username and password_file");
    return;
  }
  const auto server = parse_host_port(rest, tls ? 465 : 25);
  if (!server)
    refuse(server.error().what);
  else if (server->port == 0)
    refuse("port 0 cannot be connected to");
  else
    out = scheme + to_string(*server);
}

void read_sign_in(const YamlMap& map, const std::string& folder, EmailSettings& e) {
  if (map.has("username") != map.has("password_file")) {
    const bool named = map.has("username");
    map.faults().add(map.key_at(named ? "username" : "password_file"),
                     map.name(named ? "username" : "password_file") + " is given alone",
                     named ? "name the password's file with password_file" : "give username too");
  }
  map.text("username", e.username);
  if (!map.has("password_file")) return;
  auto password = read_secret(map, "password_file", folder);
  if (!password) return;
  if (not_one_line(*password))
    map.faults().add(map.find("password_file")->at, map.name("password_file") + " names a file that is not one line",
                     "write the password into it and nothing else");
  e.password = Secret{std::move(*password)};
}

void read_tls(const YamlMap& map, EmailSettings& e) {
  if (is_tls_from_the_start(e) || !e.username.empty()) e.tls = SmtpTls::required;
  const auto* n = map.find("tls");
  if (n == nullptr) return;
  const auto word = read_word(*n, map.name("tls"), map.faults(), {"none", "offered", "required"});
  if (!word || *word == "required") {
    e.tls = SmtpTls::required;
    return;
  }
  if (is_tls_from_the_start(e))
    map.faults().add(n->at, map.name("tls") + " is given, but smtps:// is TLS from the start", "leave tls out");
  else if (!e.username.empty())
    map.faults().add(n->at, map.name("tls") + ": the password could go out in the clear",
                     "leave tls out, or write tls: required");
  else
    e.tls = *word == "none" ? SmtpTls::none : SmtpTls::offered;
}

void read_ca_file(const YamlMap& map, const std::string& folder, EmailSettings& e) {
  if (!map.has("ca_file")) return;
  map.text("ca_file", e.ca_file, {.bytes = 4096});
  if (e.ca_file.empty()) return;
  const YamlPos at = map.find("ca_file")->at;
  if (!e.ca_file.starts_with('/') && !folder.empty() && folder != ".") e.ca_file = folder + "/" + e.ca_file;
  const auto content = read_file(e.ca_file, kLargestCaFile);
  if (!content)
    map.faults().add(at, map.name("ca_file") + ": " + in_quotes(e.ca_file) + " " + content.error().what,
                     content.error().to_do, content.error().code);
  else if (content->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    map.faults().add(at, map.name("ca_file") + ": " + in_quotes(e.ca_file) + " holds no certificate",
                     "give the authority's certificate as PEM");
  if (e.tls != SmtpTls::required)
    map.faults().add(at, map.name("ca_file") + " is given, but no certificate is checked", "write tls: required");
}

}  // namespace

void read_email(const YamlMap& map, const std::string& folder, ReceiverNames& names, std::vector<EmailSettings>& out) {
  if (!map.is_map()) return;
  EmailSettings e;
  e.name = names.read(map, "email");
  e.severities = {Severity::page, Severity::ticket};
  const auto check = [&](const YamlNode& n, const std::string& name, const std::string& address) {
    const auto good = check_email(address);
    if (!good) map.faults().add(n.at, name + ": " + good.error().what, good.error().to_do);
    return good.has_value();
  };
  const auto* to = map.need("to", "write to: [duty@example.org]");
  for (const auto& item : map.list("to")) {
    const auto address = read_text(item, "an item of " + map.name("to"), map.faults());
    if (!address || !check(item, map.name("to"), *address)) continue;
    if (std::find(e.to.begin(), e.to.end(), *address) != e.to.end())
      map.faults().add(item.at, map.name("to") + ": " + in_quotes(*address) + " is named twice", "keep one of the two");
    e.to.push_back(*address);
  }
  if (to != nullptr && to->kind == YamlNode::Kind::sequence && to->items.empty())
    map.faults().add(to->at, map.name("to") + " names nobody", "write to: [duty@example.org]");
  (void)map.need("from", "write from: embargod@example.org");
  map.text("from", e.from);
  if (!e.from.empty()) check(*map.find("from"), map.name("from"), e.from);
  read_smtp(map, e.smtp);
  read_sign_in(map, folder, e);
  read_tls(map, e);
  read_ca_file(map, folder, e);
  read_severities(map, e.severities);
  out.push_back(std::move(e));
}

}  // namespace embargod
