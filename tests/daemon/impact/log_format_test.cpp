#include "daemon/impact/log_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace embargod {
namespace {

struct LineCase {
  const char* name;
  const char* format;
  const char* head;  // a line before, such as #Fields; may be empty
  const char* line;
  const char* time;
  const char* client;
  const char* method;
  const char* target;
  const char* query;
  const char* host;
  int status;
  std::int64_t bytes;  // -1: not told
  const char* referrer;
  const char* agent;
};

class LogFormatTest : public testing::TestWithParam<LineCase> {};

TEST_P(LogFormatTest, FindsEachField) {
  const LineCase& c = GetParam();
  auto format = make_log_format(c.format, {});
  ASSERT_TRUE(format) << to_string(format.error());
  LogLine l;
  if (*c.head != '\0') {
    EXPECT_EQ((*format)->read(c.head, l), LineKind::directive);
  }
  ASSERT_EQ((*format)->read(c.line, l), LineKind::request);
  EXPECT_EQ(rfc3339(l.time), c.time);
  EXPECT_EQ(l.client, c.client);
  EXPECT_EQ(l.method, c.method);
  EXPECT_EQ(l.target, c.target);
  EXPECT_EQ(l.query, c.query);
  EXPECT_EQ(l.host, c.host);
  EXPECT_EQ(l.status, c.status);
  EXPECT_EQ(l.bytes.value_or(-1), c.bytes);
  EXPECT_EQ(l.referrer, c.referrer);
  EXPECT_EQ(l.agent, c.agent);
}

constexpr const char* kNginxMain =
    R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for")";

INSTANTIATE_TEST_SUITE_P(
    Lines, LogFormatTest,
    testing::Values(
        LineCase{"Common", "common", "",
                 R"(192.0.2.7 - frank [23/Apr/2018:11:12:08 +0100] "GET /a/b?c=d HTTP/1.1" 200 2326)",
                 "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/a/b?c=d", "", "", 200, 2326, "", ""},
        LineCase{
            "Combined", "combined", "",
            R"(2001:db8::7 - - [23/Apr/2018:10:12:08 +0000] "HEAD / HTTP/2.0" 304 - "https://www.example.org/x" "A \"B\" C")",
            "2018-04-23T10:12:08.000Z", "2001:db8::7", "HEAD", "/", "", "", 304, 0, "https://www.example.org/x",
            R"(A \"B\" C)"},
        LineCase{
            "SomethingBehindIsNotLookedAt", "combined", "",
            R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/7.88" 0.003 "203.0.113.9")",
            "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/", "", "", 200, 1, "", "curl/7.88"},
        LineCase{"AVirtualHostInFront", "vhost", "",
                 R"(files.example.org:443 192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET /x HTTP/1.1" 200 1 "-" "-")",
                 "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/x", "", "files.example.org:443", 200, 1, "", ""},
        LineCase{"NginxPattern", kNginxMain, "",
                 R"(10.0.0.1 - - [23/Apr/2018:10:12:08 +0000] "GET /x HTTP/1.1" 206 17 "-" "A" "203.0.113.9")",
                 "2018-04-23T10:12:08.000Z", "10.0.0.1", "GET", "/x", "", "", 206, 17, "", "A"},
        LineCase{"ApachePatternWithAHeaderForTheClient", R"(%v %{X-Forwarded-For}i %t "%r" %>s %O "%{User-Agent}i" %D)",
                 "", R"(www.example.org 203.0.113.9 [23/Apr/2018:10:12:08 +0000] "GET /x HTTP/1.1" 200 18 "A" 1234)",
                 "2018-04-23T10:12:08.000Z", "", "GET", "/x", "", "www.example.org", 200, 18, "", "A"},
        LineCase{"OurNames", R"($client [$time] $method $host $target $ignore $status)", "",
                 R"(203.0.113.9 [2018-04-23T11:12:08.250+01:00] GET www.example.org /x junk 404)",
                 "2018-04-23T10:12:08.250Z", "203.0.113.9", "GET", "/x", "", "www.example.org", 404, -1, "", ""},
        LineCase{
            "JsonOfNginx", "json", "",
            R"({"time_iso8601":"2018-04-23T10:12:08+00:00","remote_addr":"192.0.2.7","request":"GET /x?a=1 HTTP/1.1","status":200,"body_bytes_sent":"512","http_referer":"","http_user_agent":"A \u0022B\u0022"})",
            "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/x?a=1", "", "", 200, 512, "", "A \"B\""},
        LineCase{
            "JsonOfCaddy", "json", "",
            R"({"level":"info","ts":1524478328.25,"request":{"remote_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"www.example.org","uri":"/x","headers":{"User-Agent":["A"],"Referer":["https://b.example.org/"]}},"size":77,"status":200})",
            "2018-04-23T10:12:08.250Z", "192.0.2.7", "GET", "/x", "", "www.example.org", 200, 77,
            "https://b.example.org/", "A"},
        LineCase{
            "JsonOfACdnInNanoseconds", "json", "",
            R"({"EdgeStartTimestamp":1524478328250000000,"ClientIP":"192.0.2.7","ClientRequestMethod":"GET","ClientRequestHost":"www.example.org","ClientRequestURI":"/x","EdgeResponseStatus":200,"EdgeResponseBytes":9})",
            "2018-04-23T10:12:08.250Z", "192.0.2.7", "GET", "/x", "", "www.example.org", 200, 9, "", ""},
        LineCase{"W3cOfIis", "w3c",
                 "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
                 "cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
                 "2018-04-23 10:12:08 10.0.0.9 GET /x a=1 443 - 192.0.2.7 Mozilla/5.0+(X11) - 200 0 0 31",
                 "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/x", "a=1", "", 200, -1, "", "Mozilla/5.0+(X11)"},
        LineCase{
            "W3cOfCloudFront", "w3c",
            "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
            "cs(User-Agent) cs-uri-query x-host-header",
            "2018-04-23\t10:12:08\tLHR3\t1045\t192.0.2.7\tGET\td1.cloudfront.example.org\t/"
            "x\t206\t-\tA%20B\t-\twww.example.org",
            "2018-04-23T10:12:08.000Z", "192.0.2.7", "GET", "/x", "", "www.example.org", 206, 1045, "", "A%20B"}),
    [](const auto& c) { return c.param.name; });

TEST(LogFormat, WhatIsNoRequestIsUnreadable) {
  auto combined = make_log_format("combined", {});
  ASSERT_TRUE(combined);
  LogLine l;
  for (const char* line : {"", "x", "192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] \"GET / HTTP/1.1\" 200",
                           R"(192.0.2.7 - - [31/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1" 200 1 "-" "-")",
                           R"(192.0.2.7 - - [23/Apr/2018:25:12:08 +0000] "GET / HTTP/1.1" 200 1 "-" "-")",
                           R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1" abc 1 "-" "-")",
                           R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1 200 1 "-" "-)"})
    EXPECT_EQ((*combined)->read(line, l), LineKind::unreadable) << line;
  auto json = make_log_format("json", {});
  ASSERT_TRUE(json);
  for (const char* line : {"", "{", "[]", R"({"time":"2018-04-23T10:12:08Z"})", R"({"status":200,"time":"10:12"})"})
    EXPECT_EQ((*json)->read(line, l), LineKind::unreadable) << line;
  EXPECT_EQ((*json)->read(std::string(5'000, '['), l), LineKind::unreadable);
  EXPECT_EQ((*json)->read(R"({"a":)" + std::string(5'000, '['), l), LineKind::unreadable);
  auto w3c = make_log_format("w3c", {});
  ASSERT_TRUE(w3c);
  EXPECT_EQ((*w3c)->read("2018-04-23 10:12:08 GET /x 200", l), LineKind::unreadable) << "no #Fields yet";
  EXPECT_EQ((*w3c)->read("#Fields: date time cs-method cs-uri-stem sc-status", l), LineKind::directive);
  EXPECT_EQ((*w3c)->read("2018-04-23 10:12:08 GET /x 200", l), LineKind::request);
  EXPECT_EQ((*w3c)->read("2018-04-23 10:12:08 GET /x 200 more", l), LineKind::unreadable);
}

// What a TLS client says to a plain port stands in logs as a request: it asks for nothing, but the log goes on.
TEST(LogFormat, ARequestThatIsNoneIsStillALineOfTheLog) {
  auto format = make_log_format("combined", {});
  ASSERT_TRUE(format);
  LogLine l;
  EXPECT_EQ((*format)->read(R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "\x16\x03\x01" 400 157 "-" "-")", l),
            LineKind::request);
  EXPECT_EQ(l.target, "");
  EXPECT_EQ(l.status, 400);
}

TEST(LogFormat, FieldsCanBeNamedByPeople) {
  auto format = make_log_format("json", {{"client", "edge.addr"}, {"time", "when"}});
  ASSERT_TRUE(format) << to_string(format.error());
  LogLine l;
  ASSERT_EQ(
      (*format)->read(
          R"({"when":"2018-04-23T10:12:08Z","time":"junk","remote_addr":"10.0.0.1","edge":{"addr":"192.0.2.7"},"uri":"/x","status":"200"})",
          l),
      LineKind::request);
  EXPECT_EQ(l.client, "192.0.2.7");
  EXPECT_EQ(rfc3339(l.time), "2018-04-23T10:12:08.000Z");
}

struct BadFormat {
  const char* name;
  const char* format;
  FieldNames names;
  const char* says;
};
class BadFormatTest : public testing::TestWithParam<BadFormat> {};
TEST_P(BadFormatTest, IsRefusedWithWhatToDo) {
  const auto made = make_log_format(GetParam().format, GetParam().names);
  ASSERT_FALSE(made);
  EXPECT_THAT(to_string(made.error()), testing::HasSubstr(GetParam().says));
  EXPECT_FALSE(made.error().to_do.empty());
}
INSTANTIATE_TEST_SUITE_P(
    Formats, BadFormatTest,
    testing::Values(BadFormat{"Unknown", "combined2", {}, "\"combined2\" is not a format"},
                    BadFormat{"NoTime", "$client \"$request\" $status", {}, "no time"},
                    BadFormat{"NoStatus", "$client [$time] \"$request\"", {}, "no status"},
                    BadFormat{"NoRequest", "$client [$time] $status", {}, "what was asked for"},
                    BadFormat{"NothingBetween", "$time$status $request", {}, "nothing between"},
                    BadFormat{"ADollarAlone", "$ $time $status $request", {}, "a $ without a name"},
                    BadFormat{"APercentAlone", "%t %>s %r %", {}, "a % without a letter"},
                    BadFormat{"NamesForAPattern", "combined", {{"client", "x"}}, "has no names"},
                    BadFormat{"AnUnknownField", "json", {{"adress", "x"}}, "\"adress\" is not a field"}),
    [](const auto& c) { return c.param.name; });

TEST(DetectLogFormat, TellsThemByTheirLines) {
  const std::string combined = R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1" 200 1 "-" "A")"
                               "\n";
  const std::string common = R"(192.0.2.7 - - [23/Apr/2018:10:12:08 +0000] "GET / HTTP/1.1" 200 1)"
                             "\n";
  EXPECT_EQ(detect_log_format(combined).value(), "combined");
  EXPECT_EQ(detect_log_format(common).value(), "common");
  EXPECT_EQ(detect_log_format("www.example.org " + combined).value(), "vhost");
  EXPECT_EQ(detect_log_format("#Version: 1.0\n#Fields: date time\n2018-04-23 10:12:08\n").value(), "w3c");
  EXPECT_EQ(detect_log_format(R"({"time":"2018-04-23T10:12:08Z","uri":"/","status":200})"
                              "\n")
                .value(),
            "json");
  EXPECT_EQ(detect_log_format("junk\n" + combined + combined).value(), "combined") << "a torn first line";
  EXPECT_THAT(to_string(detect_log_format("").error()), testing::HasSubstr("no lines"));
  EXPECT_THAT(to_string(detect_log_format("a\nb\n").error()), testing::HasSubstr("no format that is known"));
}

}  // namespace
}  // namespace embargod
