#include "daemon/evidence/checkpoint.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <vector>

#include "daemon/evidence/base64.h"
#include "daemon/evidence/files.h"

namespace embargod {
namespace {

constexpr std::string_view kDash = "\u2014 ";  // begins a signature's line
constexpr char kEd25519 = '\x01';              // C2SP signed-note, signature types
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kSignatureSize = 64;

tl::unexpected<Fault> broken(std::string what) { return fail(Errc::corrupt, std::move(what), "checkpoint"); }

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bytes = std::unique_ptr<BIO, decltype(&BIO_free)>;

const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

std::string hex_of(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

/// The four bytes by which a note names its key.
std::string key_id(const VerifierKey& k) {
  const Digest d = sha256(k.name + "\n" + kEd25519 + k.key);
  return {reinterpret_cast<const char*>(d.data()), 4};
}

std::string name_of(std::string_view key) { return "embargod-log-" + hex(sha256(key)).substr(0, 16); }

std::string pem_of(EVP_PKEY* key) {
  const Bytes out{BIO_new(BIO_s_mem()), BIO_free};
  if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error{"cannot write a key"};
  char* at = nullptr;
  const long size = BIO_get_mem_data(out.get(), &at);
  return {at, static_cast<std::size_t>(size)};
}

Result<void> write_new(const Fd& folder, const std::string& name, const std::string& text, const std::string& shown) {
  const std::string part = name + ".part";
  const Fd file{::openat(folder.get(), part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file.ok() || !write_all(file.get(), text) || ::fsync(file.get()) != 0 ||
      ::renameat(folder.get(), part.c_str(), folder.get(), name.c_str()) != 0 || ::fsync(folder.get()) != 0)
    return io_error(shown, "cannot write");
  return {};
}

}  // namespace

struct SigningKey::Secret {
  Pkey key;
};

SigningKey::SigningKey(std::shared_ptr<const Secret> secret) : secret_{std::move(secret)} {
  std::string key(kKeySize, '\0');
  std::size_t size = key.size();
  if (EVP_PKEY_get_raw_public_key(secret_->key.get(), reinterpret_cast<unsigned char*>(key.data()), &size) != 1)
    throw std::runtime_error{"an Ed25519 key without its public half"};
  verifier_ = {.name = name_of(key), .key = key};
}

SigningKey SigningKey::fresh() {
  Pkey key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free};
  if (!key) throw std::runtime_error{"cannot make an Ed25519 key"};
  return SigningKey{std::make_shared<const Secret>(Secret{std::move(key)})};
}

Result<SigningKey> SigningKey::open_or_make(const std::string& folder) {
  const std::string shown = folder + "/evidence.key";
  const Fd state{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!state.ok()) return io_error(folder, "cannot open the state folder");
  const Fd file{::openat(state.get(), "evidence.key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!file.ok() && errno != ENOENT) return io_error(shown, "cannot read the key");
  if (!file.ok()) {
    SigningKey made = fresh();
    if (auto kept = write_new(state, "evidence.pub", to_text(made.verifier()) + "\n", folder + "/evidence.pub"); !kept)
      return tl::unexpected<Fault>{std::move(kept.error())};
    if (auto kept = write_new(state, "evidence.key", pem_of(made.secret_->key.get()), shown); !kept)
      return tl::unexpected<Fault>{std::move(kept.error())};
    return made;
  }
  struct stat s{};
  if (::fstat(file.get(), &s) != 0 || (s.st_mode & 077U) != 0)
    return fail(Errc::corrupt, "the key of the evidence log is open to others", shown, "run: chmod 600 " + shown);
  const auto text = MappedFile::of(file, shown);
  if (!text) return tl::unexpected<Fault>{text.error()};
  const Bytes in{BIO_new_mem_buf(text->bytes().data(), static_cast<int>(text->bytes().size())), BIO_free};
  Pkey key{in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr, EVP_PKEY_free};
  if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    return fail(Errc::corrupt, "not an Ed25519 key", shown,
                "restore it from a backup: heads signed by another key are another log's");
  return SigningKey{std::make_shared<const Secret>(Secret{std::move(key)})};
}

std::string SigningKey::signed_note(const std::string& text) const {
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  const MdCtx ctx{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  if (!ctx || EVP_DigestSignInit(ctx.get(), nullptr, nullptr, nullptr, secret_->key.get()) != 1 ||
      EVP_DigestSign(ctx.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(text),
                     text.size()) != 1)
    throw std::runtime_error{"cannot sign"};
  return text + "\n" + std::string{kDash} + verifier_.name + " " + base64(key_id(verifier_) + signature) + "\n";
}

std::string to_text(const VerifierKey& k) {
  return k.name + "+" + hex_of(key_id(k)) + "+" + base64(std::string{kEd25519} + k.key);
}

Result<VerifierKey> verifier_from(std::string_view text) {
  const auto first = text.find('+');
  const auto second = text.find('+', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return broken("not a verifier key");
  const auto key = from_base64(text.substr(second + 1));
  if (!key || key->size() != kKeySize + 1 || key->front() != kEd25519) return broken("not an Ed25519 verifier key");
  VerifierKey out{.name = std::string{text.substr(0, first)}, .key = key->substr(1)};
  if (out.name != name_of(out.key) || to_text(out) != text) return broken("a verifier key under another's name");
  return out;
}

Result<std::string> verified_text(std::string_view note, const VerifierKey& key) {
  const auto at = note.rfind("\n\n");
  if (at == std::string_view::npos) return broken("not a signed note");
  const std::string_view text = note.substr(0, at + 1);
  const std::string begin = std::string{kDash} + key.name + " ";
  std::string_view line = note.substr(at + 2);
  if (!line.starts_with(begin) || !line.ends_with("\n")) return broken("not signed by this key");
  line.remove_prefix(begin.size());
  line.remove_suffix(1);
  const auto blob = from_base64(line);
  if (!blob || blob->size() != 4 + kSignatureSize || blob->substr(0, 4) != key_id(key))
    return broken("not signed by this key");
  const Pkey pkey{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key.key), key.key.size()),
                  EVP_PKEY_free};
  const MdCtx ctx{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  if (!pkey || !ctx || EVP_DigestVerifyInit(ctx.get(), nullptr, nullptr, nullptr, pkey.get()) != 1 ||
      EVP_DigestVerify(ctx.get(), bytes_of(std::string_view{*blob}.substr(4)), kSignatureSize, bytes_of(text),
                       text.size()) != 1)
    return broken("the signature does not fit");
  return std::string{text};
}

std::string checkpoint_note(const Checkpoint& c, const SigningKey& key) {
  const std::string root{reinterpret_cast<const char*>(c.root.data()), c.root.size()};
  return key.signed_note(key.verifier().name + "\n" + std::to_string(c.size) + "\n" + base64(root) + "\n" +
                         rfc3339(c.at) + "\n");
}

Result<Checkpoint> read_checkpoint(std::string_view note, const VerifierKey& key) {
  const auto text = verified_text(note, key);
  if (!text) return tl::unexpected<Fault>{text.error()};
  std::vector<std::string_view> lines;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (lines.size() != 4 || lines[0] != key.name) return broken("not a head of this log");
  Checkpoint c;
  const auto [end, error] = std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), c.size);
  if (error != std::errc{} || std::to_string(c.size) != lines[1] || end != lines[1].data() + lines[1].size())
    return broken("a size that is no number");
  const auto root = from_base64(lines[2]);
  if (!root || root->size() != c.root.size()) return broken("a root that is no hash");
  std::copy(root->begin(), root->end(), c.root.begin());
  const auto at = parse_rfc3339(lines[3]);
  if (!at || rfc3339(*at) != lines[3]) return broken("a time that is none");
  c.at = *at;
  return c;
}

}  // namespace embargod
