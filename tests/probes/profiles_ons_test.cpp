#include "tests/probes/profile_case.h"

namespace embargod {
namespace {

const std::string kOns = "https://www.ons.gov.uk";
const std::string kRelease = kOns + "/releases/widgetoutputukapril2026";
const std::string kBulletin = kOns + "/economy/widgets/bulletins/widgetoutput/april2026";
const std::string kSeries = kOns + "/economy/widgets/timeseries/wx01/wdg";
const std::string kVersion = "https://api.beta.ons.gov.uk/v1/datasets/widgets/editions/time-series/versions/4";

using enum Liveness;

ProfileCase ons_case(const char* name, Role role, const std::string& url, const std::string& page, Liveness want,
                     const std::string& rule) {
  ProfileCase c{.name = name, .profile = "ons", .url = url, .role = role, .page = page};
  c.edition = "April 2026";
  c.also = {kBulletin};
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
ProfileCase release(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  return ons_case(name, Role::announcement, kRelease, page, want, rule);
}
ProfileCase bulletin(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  return ons_case(name, Role::page, kBulletin, page, want, rule);
}
ProfileCase latest(const char* name, const std::string& url, const std::string& page, Liveness want,
                   const std::string& rule = "engine: ") {
  return ons_case(name, Role::latest, url, page, want, rule);
}
/// Overwritten in place and without an edition: judged by what a person approved.
ProfileCase ons_data_set(const char* name, const std::string& page, Liveness want) {
  ProfileCase c = latest(name, kOns + "/economy/widgets/datasets/widgetoutput/current", page, want);
  c.edition = "";
  c.baseline = "ons/dataset-former.html";
  return c;
}
ProfileCase ons_status(ProfileCase c, int status, Cause cause = Cause::none) {
  c.status = status;
  c.cause = cause;
  return c;
}
ProfileCase ons_cause(ProfileCase c, Cause cause) {
  c.cause = cause;
  if (cause == Cause::challenge) c.headers = kChallenge;
  return c;
}
ProfileCase ons_wrong(ProfileCase c, const std::string& must_say = "") {
  c.wrong = true;
  if (!must_say.empty()) c.rules = expecting(says("//h1", must_say));
  return c;
}

INSTANTIATE_TEST_SUITE_P(
    OnsReleasePage, ProfileTest,
    testing::Values(release("Before", "ons/before.html", stub, "ons stub_if[0]"),
                    release("NoticeReworded", "ons/before-reworded.html", stub, "ons stub_if[0]"),
                    release("Provisional", "ons/provisional.html", stub, "ons stub_if[0]"),
                    release("Cancelled", "ons/cancelled.html", stub, "ons stub_if[0]"),
                    release("AtRelease", "ons/at.html", live, ""), release("Corrected", "ons/after.html", live, ""),
                    release("PublishedWithoutAnything", "ons/published-empty.html", suspect, "engine: "),
                    release("NewStackBefore", "ons/new-before.html", stub, "ons stub_if[1]"),
                    release("NewStackAtRelease", "ons/new-at.html", live, ""),
                    release("Redesigned", "ons/redesigned.html", suspect, "engine: "),
                    ons_case("WelshTwinBefore", Role::announcement,
                             "https://cy.ons.gov.uk/releases/widgetoutputukapril2026", "ons/welsh-before.html", stub,
                             "ons stub_if[0]"),
                    ons_case("WelshTwinAtRelease", Role::announcement,
                             "https://cy.ons.gov.uk/releases/widgetoutputukapril2026", "ons/welsh-at.html", live, ""),
                    ons_status(release("TakenDown", "common/not-found.html", absent, "engine: 404"), 404),
                    ons_cause(release("Challenge", "common/challenge.html", unknown, "engine: "), Cause::challenge),
                    ons_cause(release("SignInForm", "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
                    ons_status(release("Throttled", "", unknown, "engine: 429"), 429, Cause::throttled),
                    release("JsonBefore", "ons/release-before.json", stub, "ons stub_if[2]"),
                    release("JsonAtRelease", "ons/release-at.json", live, ""),
                    release("JsonPublishedAndCancelled", "ons/release-cancelled.json", stub, "ons stub_if[2]")),
    kCaseName);

/// A page of the site that carries only what is given.
std::string ons_page(const std::string& body) {
  return "<html><head><title>Widgets</title></head><body><main><h1>Widgets</h1>" + body +
         "<p>And a few words about widgets, so that the page is not empty.</p></main></body></html>";
}
const std::string kNotice = "<p>Of another one we said: This release is not yet published</p>";
const std::string kReleased = "<p>Release date: 10 June 2026</p>";
const std::string kListed = "<a href='/economy/widgets/datasets/widgetoutput'>Widget output</a>";
const std::string kJsonTwin = kBulletin + "/data";

INSTANTIATE_TEST_SUITE_P(
    OnsOneSign, ProfileTest,
    testing::Values(
        release(
            "PublishedWithALinkInASection",
            ons_page("<div data-gtm-release-status='published'></div><section id='data'><a href='/x'>x</a></section>"),
            live, "ons live_if[0]"),
        release("PublishedWithALinkToADataSet", ons_page("<div data-gtm-release-status='published'></div>" + kListed),
                live, "ons live_if[0]"),
        release("SectionWithoutAnythingPublished", ons_page("<section id='contact-details'>Widget team</section>"),
                suspect, "engine: "),
        release("DateAndLinkOfARelease", ons_page(kReleased + kListed), suspect, "engine: "),
        release("DateAndTableOfARelease", ons_page(kReleased + "<table><tr><td>North</td></tr></table>"), suspect,
                "engine: "),
        bulletin("NewStackSignsElsewhere", ons_page("<section id='links'>x</section>" + kListed), suspect, "engine: "),
        bulletin("DateAlone", ons_page(kReleased), suspect, "engine: "),
        bulletin("FileAlone", ons_page("<a href='/file?uri=/x.xlsx'>x</a>"), suspect, "engine: "),
        bulletin("DateAndFile", ons_page(kReleased + "<a href='/file?uri=/x.xlsx'>x</a>"), live, "ons live_if[2]"),
        bulletin("DateAndGenerator", ons_page(kReleased + "<a href='/generator?uri=/x'>x</a>"), live, "ons live_if[2]"),
        bulletin("DateAndDownload", ons_page(kReleased + "<a data-gtm-download-file='x' href='/y'>x</a>"), live,
                 "ons live_if[2]"),
        bulletin("DateAndCitation", ons_page(kReleased + "<section id='cite-this-page'>x</section>"), live,
                 "ons live_if[2]"),
        bulletin("DateAndContents", ons_page(kReleased + "<aside class='ons-toc'>x</aside>"), live, "ons live_if[2]"),
        bulletin("DateAndKind", ons_page(kReleased + "<div class='page bulletin'>x</div>"), live, "ons live_if[2]"),
        bulletin("DateAndTable", ons_page(kReleased + "<table><tr><td>North</td></tr></table>"), live,
                 "ons live_if[2]"),
        bulletin("QuotesTheNotice", ons_page(kReleased + "<aside class='ons-toc'>x</aside>" + kNotice), live,
                 "ons live_if[2]"),
        ons_case("JsonBulletin", Role::api, kJsonTwin,
                 R"({"type": "bulletin", "description": {"edition": "April 2026", "releaseDate": "2026-06-10"}})", live,
                 "ons live_if[3]"),
        ons_case("JsonBulletinFormer", Role::api, kJsonTwin,
                 R"({"type": "bulletin", "description": {"edition": "March 2026", "releaseDate": "2026-06-10"}})",
                 previous_edition, "engine: "),
        ons_case("JsonWithoutADate", Role::api, kJsonTwin, R"({"type": "bulletin", "description": {"title": "x"}})",
                 suspect, "engine: "),
        ons_case("JsonOfAnotherKind", Role::api, kJsonTwin,
                 R"({"type": "home_page", "description": {"releaseDate": "2026-06-10", "published": true}})", suspect,
                 "engine: "),
        ons_case("JsonOfAnotherKindUnpublished", Role::api, kJsonTwin,
                 R"({"type": "home_page", "description": {"published": false}})", suspect, "engine: "),
        ons_case("JsonReleaseInNoState", Role::api, kJsonTwin, R"({"type": "release", "description": {"title": "x"}})",
                 suspect, "engine: "),
        ons_case("VersionWithoutAState", Role::api, kVersion, R"({"downloads": {}, "release_date": "2026-06-10"})",
                 suspect, "engine: "),
        ons_case("VersionWithoutContent", Role::api, kVersion, R"({"state": "published"})", suspect, "engine: "),
        ons_case("VersionWithDownloads", Role::api, kVersion, R"({"state": "published", "downloads": {}})", live,
                 "ons live_if[5]"),
        ons_case("VersionWithADate", Role::api, kVersion, R"({"state": "published", "release_date": "2026-06-10"})",
                 live, "ons live_if[5]"),
        ons_case("ArchiveAtRelease", Role::file, kOns + "/file?uri=/w.zip", "common/tables.zip", live,
                 "ons live_if[6]"),
        ons_case("ReportAtRelease", Role::file, kOns + "/file?uri=/w.pdf", "common/report.pdf", live, "ons live_if[6]"),
        ons_case("OldWorkbookAtRelease", Role::file, kOns + "/file?uri=/w.xls", "common/tables.xls", live,
                 "ons live_if[6]")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    OnsBulletin, ProfileTest,
    testing::Values(
        ons_status(bulletin("Before", "common/not-found.html", absent, "engine: 404"), 404),
        bulletin("AtRelease", "ons/bulletin-at.html", live, "ons live_if[2]"),
        bulletin("Corrected", "ons/bulletin-corrected.html", live, "ons live_if[2]"),
        bulletin("Superseded", "ons/bulletin-superseded.html", live, "ons live_if[2]"),
        ons_case("WelshTwin", Role::page, "https://cy.ons.gov.uk/economy/widgets/bulletins/widgetoutput/april2026",
                 "ons/bulletin-welsh.html", live, "ons live_if[2]"),
        ons_status(bulletin("TakenDown", "common/not-found.html", absent, "engine: 410"), 410),
        bulletin("Redesigned", "ons/bulletin-redesigned.html", suspect, "engine: "),
        bulletin("FormerEdition", "ons/bulletin-former.html", previous_edition, "engine: "),
        ons_wrong(bulletin("LaterEdition", "ons/bulletin-later.html", live, "ons live_if[2]")),
        ons_wrong(bulletin("SwappedDocument", "ons/bulletin-swapped.html", live, "ons live_if[2]"), "Widget output"),
        ons_cause(bulletin("Challenge", "common/challenge.html", unknown, "engine: "), Cause::challenge),
        ons_cause(bulletin("SignInForm", "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        latest("LatestBefore", kOns + "/economy/widgets/bulletins/widgetoutput/latest", "ons/bulletin-former.html",
               previous_edition),
        latest("LatestAtRelease", kOns + "/economy/widgets/bulletins/widgetoutput/latest", "ons/bulletin-at.html",
               live),
        ons_wrong(latest("LatestSkippedOne", kOns + "/economy/widgets/bulletins/widgetoutput/latest",
                         "ons/bulletin-later.html", live)),
        latest("LatestRedesigned", kOns + "/economy/widgets/bulletins/widgetoutput/latest",
               "ons/bulletin-redesigned.html", suspect)),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    OnsOverwrittenInPlace, ProfileTest,
    testing::Values(
        latest("SeriesBefore", kSeries, "ons/series-former.html", previous_edition),
        latest("SeriesAtRelease", kSeries, "ons/series-current.html", live),
        latest("SeriesJsonBefore", kSeries + "/data", "ons/series-former.json", previous_edition),
        latest("SeriesJsonAtRelease", kSeries + "/data", "ons/series-current.json", live),
        latest("SeriesCsvBefore", kOns + "/generator?format=csv&uri=/economy/widgets/timeseries/wx01/wdg",
               "ons/series-former.csv", previous_edition),
        latest("SeriesCsvAtRelease", kOns + "/generator?format=csv&uri=/economy/widgets/timeseries/wx01/wdg",
               "ons/series-current.csv", live),
        ons_data_set("DataSetBefore", "ons/dataset-former.html", previous_edition),
        ons_data_set("DataSetWithANewDateForTheNext", "ons/dataset-touched.html", previous_edition),
        ons_data_set("DataSetChanged", "ons/dataset-current.html", suspect),
        ons_status(ons_case("VersionBefore", Role::api, kVersion, "govuk/api-not-found.json", absent, "engine: 404"),
                   404),
        ons_case("VersionInPreparation", Role::api, kVersion, "ons/version-before.json", absent, "ons absent_if[0]"),
        ons_case("VersionPublished", Role::api, kVersion, "ons/version-at.json", live, "ons live_if[5]"),
        ons_status(ons_case("FileBefore", Role::file, kOns + "/file?uri=/economy/widgets/v4/widgets.csv", "", absent,
                            "engine: 404"),
                   404),
        ons_case("FileAtRelease", Role::file, kOns + "/file?uri=/economy/widgets/v4/widgets.csv", "common/tables.csv",
                 live, "ons live_if[6]"),
        ons_case("PageInsteadOfFile", Role::file, kOns + "/file?uri=/economy/widgets/v4/widgets.csv",
                 "ons/bulletin-redesigned.html", suspect, "engine: ")),
    kCaseName);

}  // namespace
}  // namespace embargod
