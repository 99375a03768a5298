#include "tests/probes/profile_case.h"

namespace embargod {
namespace {

const std::string kPub = "https://www.gov.uk/government/statistics/widget-sales-q1-2026";
const std::string kPubApi = "https://www.gov.uk/api/content/government/statistics/widget-sales-q1-2026";
const std::string kAssets = "https://assets.publishing.service.gov.uk/media/0123456789abcdef01234567/";
const std::string kDataSet = "https://www.gov.uk/government/statistical-data-sets/widget-stocks";
const std::string kAnnounced = "https://www.gov.uk/government/statistics/announcements/widget-sales-q1-2026";
const std::string kAnnouncedApi =
    "https://www.gov.uk/api/content/government/statistics/announcements/widget-sales-q1-2026";
const std::string kQ1 = "January to March 2026";

ProfileCase pub(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c{.name = name, .profile = "govuk", .url = kPub, .status = status, .page = page};
  c.edition = kQ1;
  c.want = want;
  c.rule = rule;
  c.marked = want == Liveness::live;
  return c;
}
ProfileCase pub_api(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c = pub(name, status, page, want, rule);
  c.url = kPubApi;
  c.role = Role::api;
  return c;
}
ProfileCase asset(const char* name, const std::string& file, int status, const std::string& page, Liveness want,
                  const std::string& rule) {
  ProfileCase c = pub(name, status, page, want, rule);
  c.url = kAssets + file;
  c.role = Role::file;
  c.edition = "";
  if (want == Liveness::live) c.headers = {{"Content-Disposition", "inline; filename=\"" + file + "\""}};
  return c;
}
ProfileCase data_set(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c = pub(name, 200, page, want, rule);
  c.url = kDataSet;
  c.role = Role::latest;
  c.edition = "April 2026";
  return c;
}
ProfileCase announced(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c = pub(name, status, page, want, rule);
  c.profile = "govuk-announcement";
  c.url = page.ends_with(".json") ? kAnnouncedApi : kAnnounced;
  c.role = Role::announcement;
  c.also = {kPub};
  return c;
}
ProfileCase announced_api(const char* name, const std::string& json, Liveness want, const std::string& rule) {
  ProfileCase c = announced(name, 200, json, want, rule);
  c.url = kAnnouncedApi;
  return c;
}
ProfileCase at_address(ProfileCase c, const std::string& url) {
  c.url = url;
  return c;
}
ProfileCase sent_to(ProfileCase c, int status, const std::string& location) {
  c.hops.push_back({status, location});
  return c;
}
ProfileCase because(ProfileCase c, Cause cause) {
  c.cause = cause;
  return c;
}
ProfileCase with_headers(ProfileCase c, Headers headers) {
  c.headers = std::move(headers);
  return c;
}
ProfileCase wrongly(ProfileCase c) {
  c.wrong = true;
  return c;
}
ProfileCase expected_to_say(ProfileCase c, const std::string& words) {
  c.rules = expecting(says("//h1", words));
  return c;
}

ProfileCase unmarked_edition(ProfileCase c) {
  c.edition = "";
  return c;
}
ProfileCase by_approved(ProfileCase c, const std::string& baseline) {
  c.edition = "";
  c.baseline = baseline;
  return c;
}

using enum Liveness;

INSTANTIATE_TEST_SUITE_P(
    GovukPage, ProfileTest,
    testing::Values(
        pub("Before", 404, "common/not-found.html", absent, "engine: 404"),
        pub("ScheduledBehindAStandIn", 200, "govuk/coming-soon.html", stub, "govuk stub_if[0]"),
        pub("AtRelease", 200, "govuk/at.html", live, "govuk live_if[0]"),
        pub("Corrected", 200, "govuk/after.html", live, "govuk live_if[0]"),
        pub("Withdrawn", 200, "govuk/withdrawn.html", live, "govuk live_if[0]"),
        pub("TakenDown", 410, "common/not-found.html", absent, "engine: 410"),
        sent_to(pub("TakenDownBySendingOn", 200, "govuk/swapped.html", suspect, "engine: "), 301,
                "https://www.gov.uk/government/statistics/gadget-repairs"),
        because(with_headers(pub("Challenge", 200, "common/challenge.html", unknown, "engine: "), kChallenge),
                Cause::challenge),
        because(pub("SignInForm", 200, "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        sent_to(pub("SentToSignIn", 302, "", absent, "govuk gated_if[2]"), 302,
                "https://signon.publishing.service.gov.uk/auth/gds"),
        because(pub("Throttled", 429, "", unknown, "engine: 429"), Cause::throttled),
        pub("Redesigned", 200, "govuk/redesigned.html", suspect, "engine: "),
        at_address(pub("WelshTwin", 200, "govuk/welsh.html", live, "govuk live_if[0]"), kPub + ".cy"),
        at_address(pub("HtmlAttachment", 200, "govuk/html-attachment.html", live, "govuk live_if[0]"),
                   kPub + "/widget-sales-main-tables"),
        wrongly(pub("LaterEdition", 200, "govuk/later.html", live, "govuk live_if[0]")),
        pub("FormerEdition", 200, "govuk/former.html", previous_edition, "engine: "),
        wrongly(expected_to_say(pub("SwappedDocument", 200, "govuk/swapped.html", live, "govuk live_if[0]"),
                                "Widget sales")),
        expected_to_say(pub("RightDocument", 200, "govuk/at.html", live, "govuk live_if[0]"), "Widget sales"),
        data_set("DataSetBefore", "govuk/data-set-former.html", previous_edition, "engine: "),
        data_set("DataSetOverwritten", "govuk/data-set-current.html", live, "engine: "),
        by_approved(data_set("DataSetWithANewDate", "govuk/data-set-touched.html", previous_edition, "engine: "),
                    "govuk/data-set-former.html"),
        by_approved(data_set("DataSetChanged", "govuk/data-set-current.html", suspect, "engine: "),
                    "govuk/data-set-former.html"),
        data_set("DataSetRedesigned", "govuk/data-set-redesigned.html", suspect, "engine: ")),
    kCaseName);

/// One of the two signs of a page, without the other.
const std::string kKind = "<meta name='govuk:format' content='official_statistics'>";
const std::string kPart = "<section id='documents'><a href='/x'>Tables</a></section>";
std::string page_with(const std::string& head, const std::string& body) {
  return "<html><head><title>Widget sales</title>" + head + "</head><body><h1>Widget sales</h1>" + body +
         "<p>And a few words about widgets, so that the page is not empty.</p></body></html>";
}

INSTANTIATE_TEST_SUITE_P(
    GovukOneSign, ProfileTest,
    testing::Values(
        pub("KindAlone", 200, page_with(kKind, ""), suspect, "engine: "),
        pub("DocumentsAlone", 200, page_with("", kPart), suspect, "engine: "),
        pub("PublishedDateAlone", 200, page_with("<meta name='govuk:first-published-at' content='2026'>", ""), suspect,
            "engine: "),
        unmarked_edition(pub("KindAndDocuments", 200, page_with(kKind, kPart), live, "govuk live_if[0]")),
        unmarked_edition(pub("KindAndDate", 200,
                             page_with(kKind + "<meta name='govuk:first-published-at' content='2026'>", ""), live,
                             "govuk live_if[0]")),
        unmarked_edition(pub("KindAndAttachment", 200, page_with(kKind, "<div class='gem-c-attachment'>x</div>"), live,
                             "govuk live_if[0]")),
        pub("OtherKind", 200, page_with("<meta name='govuk:format' content='news_article'>", kPart), suspect,
            "engine: "),
        pub_api("ApiOtherKind", 200,
                R"({"document_type": "news_article", "first_published_at": "2026", "details": {"body": "x"}})", suspect,
                "engine: "),
        pub_api("ApiNeverPublished", 200, R"({"document_type": "official_statistics", "details": {"body": "x"}})",
                suspect, "engine: "),
        pub_api("ApiWithoutDetails", 200, R"({"document_type": "official_statistics", "first_published_at": "2026"})",
                suspect, "engine: "),
        wrongly(pub_api("ApiLaterEdition", 200,
                        R"({"title": "Widget sales, April to June 2026", "document_type": "official_statistics",)"
                        R"( "first_published_at": "2026", "details": {"body": "x"}})",
                        live, "govuk live_if[1]"))),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    GovukApi, ProfileTest,
    testing::Values(pub_api("Before", 404, "govuk/api-not-found.json", absent, "engine: 404"),
                    pub_api("AtRelease", 200, "govuk/api-at.json", live, "govuk live_if[1]"),
                    pub_api("Withdrawn", 200, "govuk/api-withdrawn.json", live, "govuk live_if[1]"),
                    pub_api("StandIn", 200, "govuk/api-coming-soon.json", stub, "govuk stub_if[1]"),
                    pub_api("GoneItem", 200, "govuk/api-gone.json", absent, "govuk absent_if[0]"),
                    pub_api("Gone", 410, "govuk/api-gone.json", absent, "govuk absent_if[0]"),
                    pub_api("SentOn", 200, "govuk/api-redirect.json", suspect, "engine: "),
                    because(pub_api("Broken", 200, "govuk/api-broken.json", unknown, "govuk "), Cause::unreadable),
                    pub_api("PageInsteadOfJson", 200, "govuk/redesigned.html", suspect, "engine: ")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    GovukAsset, ProfileTest,
    testing::Values(
        asset("Unknown", "tables.csv", 404, "common/not-found.html", absent, "engine: 404"),
        sent_to(asset("Draft", "tables.csv", 302, "", absent, "govuk gated_if[0]"), 302,
                "https://draft-assets.publishing.service.gov.uk/media/0123456789abcdef01234567/tables.csv"),
        sent_to(asset("NotScannedYet", "tables.csv", 302, "", absent, "govuk gated_if[4]"), 302,
                "https://www.gov.uk/government/placeholder"),
        sent_to(asset("NotScannedYetSameHost", "tables.csv", 200, "common/not-found.html", absent, "govuk gated_if[3]"),
                302, "https://assets.publishing.service.gov.uk/government/placeholder"),
        asset("AtRelease", "tables.csv", 200, "common/tables.csv", live, "govuk live_if[2]"),
        with_headers(
            asset("AtReleaseByItsBytesAlone", "report.pdf", 200, "common/report.pdf", live, "govuk live_if[3]"), {}),
        sent_to(asset("Replaced", "tables.csv", 200, "common/tables.csv", live, "govuk live_if[2]"), 301,
                "https://assets.publishing.service.gov.uk/media/76543210fedcba9876543210/tables-v2.csv"),
        sent_to(asset("PictureNotScannedYet", "chart.png", 302, "", absent, "govuk gated_if[5]"), 302,
                "https://assets.publishing.service.gov.uk/government/assets/thumbnail-placeholder.png"),
        with_headers(asset("Archive", "tables.zip", 200, "common/tables.zip", live, "govuk live_if[3]"), {}),
        with_headers(asset("OldWorkbook", "tables.xls", 200, "common/tables.xls", live, "govuk live_if[3]"), {}),
        with_headers(asset("TablesByTheirLines", "tables.csv", 200, "common/tables.csv", live, "govuk live_if[3]"), {}),
        with_headers(asset("OfferedButAPage", "tables.csv", 200, "govuk/redesigned.html", suspect, "engine: "),
                     {{"Content-Disposition", "inline"}}),
        with_headers(asset("OfferedButEmpty", "tables.json", 200, "{}", suspect, "engine: "),
                     {{"Content-Disposition", "inline"}}),
        asset("Deleted", "tables.csv", 410, "", absent, "engine: 410"),
        asset("PageInsteadOfFile", "tables.csv", 200, "govuk/redesigned.html", suspect, "engine: "),
        because(with_headers(asset("Challenge", "tables.csv", 403, "common/challenge.html", unknown, "engine: "),
                             kChallenge),
                Cause::challenge),
        because(sent_to(at_address(asset("OldUploadSentToAnotherHost", "t.csv", 301, "", unknown, "engine: redirect"),
                                   "https://www.gov.uk/government/uploads/system/uploads/t.csv"),
                        301, kAssets + "t.csv"),
                Cause::redirect_elsewhere)),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    GovukAnnouncement, ProfileTest,
    testing::Values(
        announced("Before", 200, "govuk-announcement/before.html", stub, "govuk-announcement stub_if[0]"),
        announced("Provisional", 200, "govuk-announcement/provisional.html", stub, "govuk-announcement stub_if[0]"),
        announced("Cancelled", 200, "govuk-announcement/cancelled.html", stub, "govuk-announcement stub_if[0]"),
        at_address(announced("WelshTwin", 200, "govuk-announcement/welsh.html", stub, "govuk-announcement stub_if[0]"),
                   kAnnounced + ".cy"),
        sent_to(announced("SentToThePublication", 200, "govuk/at.html", live, ""), 301, kPub),
        sent_to(announced("SentToACorrectedPublication", 200, "govuk/after.html", live, ""), 301, kPub),
        sent_to(announced("SentToAWithdrawnPublication", 200, "govuk/withdrawn.html", live, ""), 301, kPub),
        sent_to(announced("MergedIntoAnother", 200, "govuk-announcement/other.html", stub,
                          "govuk-announcement stub_if[0]"),
                301, "https://www.gov.uk/government/statistics/announcements/widget-sales-and-repairs"),
        sent_to(announced("SentToTheFormerEdition", 200, "govuk/former.html", stub, "govuk-announcement stub_if[2]"),
                301, "https://www.gov.uk/government/statistics/widget-sales-q4-2025"),
        because(sent_to(announced("SentToTheCalendar", 200, "common/not-found.html", unknown, "engine: redirect"), 301,
                        "https://www.gov.uk/search/research-and-statistics"),
                Cause::redirect_elsewhere),
        sent_to(announced("SentToAPublicationOfUnlistedAddress", 200, "govuk/at.html", live,
                          "govuk-announcement live_if[0]"),
                301, "https://www.gov.uk/government/statistics/widget-sales-first-quarter"),
        sent_to(announced("SentToAPageOfAnotherKind", 200, "govuk/html-attachment.html", suspect, "engine: "), 301,
                "https://www.gov.uk/government/statistics/widget-sales-first-quarter"),
        announced("APublicationInItsPlace", 200, "govuk/at.html", live, "govuk-announcement must_not_contain[0]"),
        announced("CarriesAnAttachmentOfAnotherHost", 200,
                  "<html><body><h1>Widget sales</h1><section class='gem-c-attachment'>Tables</section></body></html>",
                  live, "govuk-announcement must_not_contain[0]"),
        announced("CarriesAFile", 200, "govuk-announcement/with-file.html", live,
                  "govuk-announcement must_not_contain[0]"),
        announced("TakenDown", 410, "common/not-found.html", absent, "engine: 410"),
        announced("NeverAnnounced", 404, "common/not-found.html", absent, "engine: 404"),
        because(with_headers(announced("Challenge", 200, "common/challenge.html", unknown, "engine: "), kChallenge),
                Cause::challenge),
        because(announced("SignInForm", 200, "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        announced("Redesigned", 200, "govuk-announcement/redesigned.html", suspect, "engine: "),
        announced("ApiBefore", 200, "govuk-announcement/api-before.json", stub, "govuk-announcement stub_if[1]"),
        announced("ApiProvisional", 200, "govuk-announcement/api-provisional.json", stub,
                  "govuk-announcement stub_if[1]"),
        announced("ApiCancelled", 200, "govuk-announcement/api-cancelled.json", stub, "govuk-announcement stub_if[1]"),
        announced("ApiCarriesAFile", 200, "govuk-announcement/api-with-file.json", live,
                  "govuk-announcement must_not_contain[1]"),
        announced("ApiTellsOfThePublication", 200, "govuk-announcement/api-after.json", live, ""),
        announced("APublicationWithoutFilesInItsPlace", 200, page_with(kKind, ""), suspect, "engine: "),
        sent_to(announced("SentToAnAnnouncementThatCallsItselfAPublication", 200, page_with(kKind, ""), suspect,
                          "engine: "),
                301, "https://www.gov.uk/government/statistics/announcements/widget-sales-and-repairs"),
        announced_api("ApiOfAnotherKindWithARedirect",
                      R"({"schema_name": "x", "redirects": [{"destination": "/government/statistics/widgets"}]})",
                      suspect, "engine: "),
        announced_api("ApiFormerEditionWithFiles",
                      R"({"schema_name": "publication", "title": "Widget sales, October to December 2025",)"
                      R"( "details": {"attachments": [{"url": "x"}]}})",
                      stub, "govuk-announcement stub_if[2]"),
        announced_api("ApiGone", R"({"schema_name": "gone", "document_type": "gone"})", absent,
                      "govuk-announcement absent_if[0]"),
        announced_api("ApiOfAnotherKind", R"({"schema_name": "news_article", "details": {"state": "confirmed"}})",
                      suspect, "engine: "),
        announced_api("ApiInAnUnknownState",
                      R"({"schema_name": "statistics_announcement", "details": {"state": "released"}})", suspect,
                      "engine: "),
        announced_api("ApiSentToTheCalendar",
                      R"({"schema_name": "redirect", "redirects": [{"destination": )"
                      R"("/government/statistics/announcements"}]})",
                      suspect, "engine: "),
        announced_api("ApiFormerEdition",
                      R"({"schema_name": "publication", "title": "Widget sales, October to December 2025"})", stub,
                      "govuk-announcement stub_if[2]"),
        announced("ApiMergedIntoAnother", 200, "govuk-announcement/api-merged.json", suspect, "engine: ")),
    kCaseName);

}  // namespace
}  // namespace embargod
