#include "tests/probes/profile_case.h"

namespace embargod {
namespace {

const std::string kFind = "https://explore-education-statistics.service.gov.uk/find-statistics/widget-lessons";
const std::string kContentApi = "https://content.explore-education-statistics.service.gov.uk/api";
const std::string kLessons = kContentApi + "/publications/widget-lessons";
const std::string kLessonsFile = kContentApi +
                                 "/releases/00000000-0000-4000-8000-00000000000a/files/"
                                 "00000000-0000-4000-8000-00000000000b";
const std::string kDash = "https://ukhsa-dashboard.data.gov.uk/respiratory-viruses/widget-flu";
const std::string kDashApi =
    "https://api.ukhsa-dashboard.data.gov.uk/themes/infectious_disease/sub_themes/respiratory/topics/Widget-flu/"
    "geography_types/Nation/geographies/Example/metrics/widgetflu_cases";

using enum Liveness;

ProfileCase lessons(const char* name, Role role, const std::string& url, const std::string& page, Liveness want,
                    const std::string& rule) {
  ProfileCase c{.name = name, .profile = "ees", .url = url, .role = role, .page = page};
  c.edition = "2025/26";
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
ProfileCase lesson_page(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  return lessons(name, Role::page, kFind + "/2025-26", page, want, rule);
}
/// The address of the series, which redirects to its newest release.
ProfileCase lesson_latest(const char* name, const std::string& slug, const std::string& page, Liveness want) {
  ProfileCase c = lessons(name, Role::latest, kFind, page, want, "engine: ");
  c.hops.push_back({302, kFind + "/" + slug});
  return c;
}
ProfileCase flu(const char* name, Role role, const std::string& url, const std::string& page, Liveness want,
                const std::string& rule) {
  ProfileCase c{.name = name, .profile = "ukhsa-dashboard", .url = url, .role = role, .page = page};
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
ProfileCase flu_day(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  return flu(name, Role::api, kDashApi + "?date=2026-06-11", page, want, rule);
}
ProfileCase flu_month(const char* name, const std::string& page, Liveness want, const std::string& rule = "engine: ") {
  ProfileCase c = flu(name, Role::latest, kDashApi + "?year=2026&page_size=365", page, want, rule);
  c.edition = "April 2026";
  return c;
}
ProfileCase flu_page(const char* name, const std::string& page, Liveness want) {
  ProfileCase c = flu(name, Role::latest, kDash, page, want, "engine: ");
  c.baseline = "ukhsa-dashboard/page-former.html";
  return c;
}
ProfileCase with_status(ProfileCase c, int status) {
  c.status = status;
  return c;
}
ProfileCase with_cause(ProfileCase c, Cause cause) {
  c.cause = cause;
  if (cause == Cause::challenge) c.headers = kChallenge;
  return c;
}
ProfileCase found_wrong(ProfileCase c, const std::string& must_say = "") {
  c.wrong = true;
  if (!must_say.empty()) c.rules = expecting(says("//h1", must_say));
  return c;
}
/// A term is read as its year, so the former one is named in a rule of the target.
ProfileCase term(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c = lessons(name, Role::latest, kFind, page, want, rule);
  BodyHas former;
  former.text = "Autumn term 2025/26";
  c.rules.stub_if.push_back(Condition{std::move(former), {}});
  return c;
}
ProfileCase offered(ProfileCase c) {
  c.headers = {{"Content-Disposition", "attachment; filename=\"widgets.json\""}};
  return c;
}
ProfileCase by_baseline(ProfileCase c, const std::string& baseline) {
  c.baseline = baseline;
  c.edition = "";
  return c;
}

INSTANTIATE_TEST_SUITE_P(
    EesPage, ProfileTest,
    testing::Values(
        with_status(lesson_page("Before", "common/not-found.html", absent, "engine: 404"), 404),
        lesson_page("AtRelease", "ees/at.html", live, "ees live_if[0]"),
        lesson_page("Updated", "ees/after.html", live, "ees live_if[0]"),
        lesson_page("OlderLayout", "ees/older-layout.html", live, "ees live_if[0]"),
        with_status(lesson_page("TakenDown", "common/not-found.html", absent, "engine: 410"), 410),
        lesson_page("Redesigned", "ees/redesigned.html", suspect, "engine: "),
        with_cause(lesson_page("Challenge", "common/challenge.html", unknown, "engine: "), Cause::challenge),
        with_cause(lesson_page("SignInForm", "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        lesson_page("FormerEdition", "ees/former.html", previous_edition, "engine: "),
        found_wrong(lesson_page("LaterEdition", "ees/later.html", live, "ees live_if[0]")),
        found_wrong(lesson_page("SwappedDocument", "ees/swapped.html", live, "ees live_if[0]"), "Widget lessons"),
        lesson_latest("LatestBefore", "2024-25", "ees/former.html", previous_edition),
        lesson_latest("LatestAtRelease", "2025-26", "ees/at.html", live),
        lesson_latest("LatestRedesigned", "2024-25", "ees/redesigned.html", suspect),
        by_baseline(lesson_latest("LatestByBaseline", "2024-25", "ees/former-touched.html", previous_edition),
                    "ees/former.html"),
        by_baseline(lesson_latest("LatestChanged", "2025-26", "ees/at.html", suspect), "ees/former.html"),
        term("TermBefore", "ees/autumn.html", stub, "widgets/asked stub_if[0]"),
        term("TermAtRelease", "ees/spring.html", live, "engine: ")),
    kCaseName);

/// A page of the site that carries only what is given.
std::string ees_page(const std::string& body) {
  return "<html><head><title>Widget lessons</title></head><body><main><h1>Widget lessons</h1>" + body +
         "<p>And a few words about lessons, so that the page is not empty.</p></main></body></html>";
}
const std::string kHead = "<div id='summary-section'>Published</div>";
const std::string kCaption = "<span data-testid='page-title-caption'>Academic year 2025/26</span>";
const std::string kFiles =
    "<a href='https://content.explore-education-statistics.service.gov.uk/api/releases/0/files'>Files</a>";
const std::string kTables = "<a href='/data-tables/widget-lessons'>Tables</a>";
const std::string kHeadlines = "<section id='headlines-section'>More lessons</section>";
const std::string kSummary = kLessons + "/releases/2025-26/version-summary";

INSTANTIATE_TEST_SUITE_P(
    EesOneSign, ProfileTest,
    testing::Values(
        lesson_page("HeadAlone", ees_page(kHead), suspect, "engine: "),
        lesson_page("HeadlinesAlone", ees_page(kHeadlines), suspect, "engine: "),
        lesson_page("HeadAndHeadlines", ees_page(kHead + kHeadlines), live, "ees live_if[0]"),
        lesson_page("HeadAndFiles", ees_page(kHead + kFiles), live, "ees live_if[0]"),
        lesson_page("HeadAndTables", ees_page(kHead + kTables), live, "ees live_if[0]"),
        lesson_page("CaptionAndHeadlines", ees_page(kCaption + kHeadlines), live, "ees live_if[0]"),
        lesson_page("FormerEditionInTheCaption", "<span data-testid='page-title-caption'>Academic year 2024/25</span>",
                    previous_edition, "engine: "),
        lesson_page("FormerEditionInTheAddress",
                    "<link rel='canonical' href='https://x.example.org/find-statistics/widgets/2024-25'><p>x</p>",
                    previous_edition, "engine: "),
        lessons("VersionWithoutADate", Role::api, kSummary, R"({"id": "0a", "title": "Academic year 2025/26"})",
                suspect, "engine: "),
        lessons("VersionWithoutAnId", Role::api, kSummary,
                R"({"published": "2026-06-11", "title": "Academic year 2025/26"})", suspect, "engine: "),
        lessons("VersionWithoutAName", Role::api, kSummary, R"({"published": "2026-06-11", "id": "0a"})", suspect,
                "engine: "),
        lessons("VersionWithATitle", Role::api, kSummary,
                R"({"published": "2026-06-11", "id": "0a", "title": "Academic year 2025/26"})", live, "ees live_if[1]"),
        lessons("VersionWithASlug", Role::api, kSummary,
                R"({"published": "2026-06-11", "id": "0a", "slug": "2025-26"})", live, "ees live_if[1]"),
        lessons("ArchiveAtRelease", Role::file, kLessonsFile, "common/tables.zip", live, "ees live_if[2]"),
        lessons("ReportAtRelease", Role::file, kLessonsFile, "common/report.pdf", live, "ees live_if[2]"),
        lessons("OldWorkbookAtRelease", Role::file, kLessonsFile, "common/tables.xls", live, "ees live_if[2]"),
        offered(lessons("OfferedForDownload", Role::file, kLessonsFile, R"({"type": "FeatureCollection", "n": 12})",
                        live, "ees live_if[3]")),
        offered(lessons("OfferedButAPage", Role::file, kLessonsFile, "ees/redesigned.html", suspect, "engine: ")),
        offered(lessons("OfferedButEmpty", Role::file, kLessonsFile, "{}", suspect, "engine: "))),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    EesApi, ProfileTest,
    testing::Values(
        with_status(lessons("Before", Role::api, kLessons + "/releases/2025-26/version-summary", "ees/not-found.json",
                            absent, "engine: 404"),
                    404),
        lessons("AtRelease", Role::api, kLessons + "/releases/2025-26/version-summary", "ees/version.json", live,
                "ees live_if[1]"),
        found_wrong(lessons("LaterEdition", Role::api, kLessons + "/releases/2025-26/version-summary",
                            "ees/version-later.json", live, "ees live_if[1]")),
        lessons("PublicationIsNoSign", Role::api, kLessons, "ees/publication-current.json", suspect, "engine: "),
        lessons("PublicationBefore", Role::latest, kLessons, "ees/publication-former.json", previous_edition,
                "engine: "),
        lessons("PublicationAtRelease", Role::latest, kLessons, "ees/publication-current.json", live, "engine: "),
        lessons("DataSetBefore", Role::latest, "https://api.education.gov.uk/statistics/v1/data-sets/x",
                "ees/data-set-former.json", previous_edition, "engine: "),
        lessons("DataSetAtRelease", Role::latest, "https://api.education.gov.uk/statistics/v1/data-sets/x",
                "ees/data-set-current.json", live, "engine: "),
        with_status(lessons("FileBefore", Role::file, kLessonsFile, "ees/not-found.json", absent, "engine: 404"), 404),
        lessons("FileAtRelease", Role::file, kLessonsFile, "common/tables.csv", live, "ees live_if[2]"),
        lessons("PageInsteadOfFile", Role::file, kLessonsFile, "ees/redesigned.html", suspect, "engine: ")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    UkhsaDashboard, ProfileTest,
    testing::Values(
        flu_day("DayBefore", "ukhsa-dashboard/empty.json", stub, "ukhsa-dashboard stub_if[0]"),
        flu_day("DayAtRelease", "ukhsa-dashboard/row.json", live, "ukhsa-dashboard live_if[0]"),
        with_status(flu_day("TakenDown", "ukhsa-dashboard/not-found.json", absent, "engine: 404"), 404),
        with_cause(flu_day("Challenge", "common/challenge.html", unknown, "engine: "), Cause::challenge),
        flu_day("PageInsteadOfJson", "ukhsa-dashboard/page-current.html", suspect, "engine: "),
        flu_month("MonthBefore", "ukhsa-dashboard/series-former.json", previous_edition),
        flu_month("MonthBeforeCorrected", "ukhsa-dashboard/series-corrected.json", previous_edition),
        flu_month("MonthAtRelease", "ukhsa-dashboard/series-current.json", live),
        found_wrong(flu_month("MonthTooMany", "ukhsa-dashboard/series-later.json", live)),
        flu_month("MonthEmptied", "ukhsa-dashboard/empty.json", stub, "ukhsa-dashboard stub_if[0]"),
        flu_day("CountWithoutRows", R"({"count": 1, "results": []})", suspect, "engine: "),
        flu_day("RowsWithoutCount", R"({"results": [{"date": "2026-06-11", "metric_value": "1"}]})", suspect,
                "engine: "),
        flu_day("RowWithoutValue", R"({"count": 1, "results": [{"date": "2026-06-11"}]})", suspect, "engine: "),
        flu_day("RowWithoutDate", R"({"count": 1, "results": [{"metric_value": "1"}]})", suspect, "engine: "),
        flu_month("HeadlineBefore", R"({"value": 11.0, "period_end": "2026-03-31"})", previous_edition),
        flu_month("HeadlineAtRelease", R"({"value": 12.0, "period_end": "2026-04-30"})", live),
        flu_page("PageBefore", "ukhsa-dashboard/page-former.html", previous_edition),
        flu_page("PageWithANewLastUpdated", "ukhsa-dashboard/page-touched.html", previous_edition),
        flu_page("PageWithNewFigures", "ukhsa-dashboard/page-current.html", suspect),
        flu_page("PageRedesigned", "ukhsa-dashboard/page-redesigned.html", suspect),
        with_cause(flu_page("PageSignInForm", "common/sign-in.html", unknown), Cause::sign_in),
        flu("ThatAPageIsThereIsNoSign", Role::page, kDash, "ukhsa-dashboard/page-current.html", suspect, "engine: ")),
    kCaseName);

}  // namespace
}  // namespace embargod
