#include "tests/probes/profile_case.h"

namespace embargod {
namespace {

const std::string kPost = "https://www.england.nhs.uk/statistics/2026/06/11/widget-waiting-times-q1-2026/";
const std::string kArea =
    "https://www.england.nhs.uk/statistics/statistical-work-areas/widget-waits/widget-waits-2026-27/";
const std::string kUpload = "https://www.england.nhs.uk/statistics/wp-content/uploads/sites/2/2026/06/";
const std::string kTherapies =
    "https://digital.nhs.uk/data-and-information/publications/statistical/widget-therapies/january-2030-final";
const std::string kTherapiesFile = "https://files.digital.nhs.uk/AB/12CD34/widget-therapies.csv";

const std::string kLinked =
    "<h1>Widgets</h1><p>They are made in an example.</p><a href='https://files.digital.nhs.uk/AB/12CD34/w.csv'>x</a>";

using enum Liveness;

ProfileCase nhs_post(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c{.name = name, .profile = "nhs-england", .url = kPost, .status = status, .page = page};
  c.edition = "January to March 2026";
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
/// A page that is there all year; each month's file is a new link on it.
ProfileCase nhs_area(const char* name, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c{.name = name, .profile = "nhs-england", .url = kArea, .role = Role::latest, .page = page};
  c.baseline = "nhs-england/area-former.html";
  c.rules.must_not_contain.push_back(says("//a[contains(@href, '/wp-content/uploads/')]", "April 2026"));
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
ProfileCase nhs_upload(const char* name, const std::string& file, int status, const std::string& page, Liveness want,
                       const std::string& rule) {
  ProfileCase c{.name = name,
                .profile = "nhs-england",
                .url = kUpload + file,
                .role = Role::file,
                .status = status,
                .page = page};
  c.want = want;
  c.rule = rule;
  return c;
}
ProfileCase therapies(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c{.name = name, .profile = "nhs-digital", .url = kTherapies, .status = status, .page = page};
  c.edition = "January 2030";
  c.want = want;
  c.rule = rule;
  c.marked = want == live;
  return c;
}
ProfileCase nhs_hop(ProfileCase c, int status, const std::string& location) {
  c.hops.push_back({status, location});
  return c;
}
ProfileCase nhs_cause(ProfileCase c, Cause cause) {
  c.cause = cause;
  if (cause == Cause::challenge) c.headers = kChallenge;
  return c;
}
ProfileCase nhs_wrong(ProfileCase c, const std::string& must_say = "") {
  c.wrong = true;
  if (!must_say.empty()) c.rules = expecting(says("//h1", must_say));
  return c;
}
ProfileCase nhs_marked(ProfileCase c) {
  c.marked = true;
  return c;
}
ProfileCase nhs_no_edition(ProfileCase c) {
  c.edition = "";
  return c;
}
ProfileCase nhs_url(ProfileCase c, const std::string& url) {
  c.url = url;
  return c;
}

INSTANTIATE_TEST_SUITE_P(
    NhsEnglandPage, ProfileTest,
    testing::Values(
        nhs_post("Before", 404, "nhs-england/not-found.html", absent, ""),
        nhs_post("NotFoundWithStatus200", 200, "nhs-england/not-found.html", absent, "nhs-england absent_if[0]"),
        nhs_post("WantsAPassword", 200, "nhs-england/password.html", absent, "nhs-england gated_if[0]"),
        nhs_hop(nhs_post("SentToSignIn", 200, "common/sign-in.html", absent, "nhs-england gated_if[1]"), 302,
                "https://www.england.nhs.uk/wp-login.php?redirect_to=x"),
        nhs_hop(nhs_post("SentToSignInOfTheFolder", 200, "common/sign-in.html", absent, "nhs-england gated_if[2]"), 302,
                "https://www.england.nhs.uk/statistics/wp-login.php?redirect_to=x"),
        nhs_post("AtRelease", 200, "nhs-england/at.html", live, "engine: "),
        nhs_post("Corrected", 200, "nhs-england/after.html", live, "engine: "),
        nhs_url(nhs_post("BareHost", 200, "nhs-england/at.html", live, "engine: "),
                "https://england.nhs.uk/statistics/2026/06/11/widget-waiting-times-q1-2026/"),
        nhs_post("TakenDown", 410, "", absent, "engine: 410"),
        nhs_cause(nhs_post("Challenge", 200, "common/challenge.html", unknown, "engine: "), Cause::challenge),
        nhs_cause(nhs_post("SignInForm", 200, "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        // An address that was 404 and shows a page of a new kind is public: the program asks a random sibling before it
        // acts on an unmarked sign.
        nhs_post("Redesigned", 200, "nhs-england/redesigned.html", live, "engine: "),
        nhs_wrong(nhs_post("LaterEdition", 200, "nhs-england/later.html", live, "engine: ")),
        nhs_post("FormerEdition", 200, "nhs-england/former.html", previous_edition, "engine: "),
        nhs_wrong(nhs_post("SwappedDocument", 200, "nhs-england/swapped.html", live, "engine: "), "Widget waiting")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    NhsEnglandAreaPage, ProfileTest,
    testing::Values(nhs_area("Before", "nhs-england/area-former.html", previous_edition, "engine: "),
                    nhs_area("NewLookAndDate", "nhs-england/area-touched.html", previous_edition, "engine: "),
                    nhs_area("NewMonth", "nhs-england/area-current.html", live, "widgets/asked must_not_contain[0]"),
                    nhs_area("ANoticeWithoutTheMonth", "nhs-england/area-notice.html", suspect, "engine: "),
                    nhs_cause(nhs_area("Challenge", "common/challenge.html", unknown, "engine: "), Cause::challenge),
                    nhs_area("NotFoundWithStatus200", "nhs-england/not-found.html", absent,
                             "nhs-england absent_if[0]")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    NhsEnglandFile, ProfileTest,
    testing::Values(
        nhs_upload("Before", "Widget-waits-31415.pdf", 404, "nhs-england/not-found.html", absent, ""),
        nhs_marked(nhs_upload("Uploaded", "Widget-waits-31415.pdf", 200, "common/report.pdf", live, "engine: ")),
        nhs_upload("UploadedCsv", "Widget-waits-31415.csv", 200, "common/tables.csv", live, "engine: "),
        nhs_upload("PageInsteadOfFile", "Widget-waits-31415.pdf", 200, "nhs-england/at.html", suspect, "engine: "),
        nhs_upload("OtherKind", "Widget-waits-31415.xlsx", 200, "common/report.pdf", suspect, "engine: "),
        nhs_upload("TakenDown", "Widget-waits-31415.pdf", 410, "", absent, "engine: 410")),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    NhsDigital, ProfileTest,
    testing::Values(
        therapies("Before", 200, "nhs-digital/before.html", stub, "nhs-digital stub_if[0]"),
        therapies("DisclaimerReworded", 200, "nhs-digital/before-reworded.html", stub, "nhs-digital stub_if[1]"),
        therapies("DisclaimerGoneAlone", 200, "nhs-digital/disclaimer-gone.html", suspect, "engine: "),
        therapies("AtRelease", 200, "nhs-digital/at.html", live, "nhs-digital live_if[0]"),
        therapies("Corrected", 200, "nhs-digital/after.html", live, "nhs-digital live_if[0]"),
        nhs_wrong(therapies("LaterEdition", 200, "nhs-digital/later.html", live, "nhs-digital live_if[0]")),
        therapies("FormerEdition", 200, "nhs-digital/former.html", previous_edition, "engine: "),
        nhs_wrong(therapies("SwappedDocument", 200, "nhs-digital/swapped.html", live, "nhs-digital live_if[0]"),
                  "Widget therapies"),
        therapies("DataSetPageBefore", 404, "common/not-found.html", absent, "nhs-digital absent_if[0]"),
        therapies("TakenDown", 410, "", absent, "nhs-digital absent_if[0]"),
        nhs_no_edition(therapies("TextAlone", 200, "<h1>Widgets</h1><h2>Summary</h2><p>More of them.</p>", suspect,
                                 "engine: ")),
        nhs_no_edition(therapies("ListsAlone", 200, "<h1>Widgets</h1><h2>Resources</h2><p>None.</p>", suspect,
                                 "engine: ")),
        nhs_no_edition(therapies("LinkAlone", 200, kLinked, suspect, "engine: ")),
        nhs_no_edition(therapies("TextAndLink", 200, kLinked + "<h2>Key facts</h2>", live, "nhs-digital live_if[1]")),
        nhs_no_edition(therapies("ListsAndLink", 200, kLinked + "<h2>Data sets</h2>", live, "nhs-digital live_if[2]")),
        therapies("FormerEditionInAPlainHeading", 200, "<h1>Widget therapies, December 2029</h1>" + kLinked,
                  previous_edition, "engine: "),
        therapies("FormerEditionBelowAnotherHeading", 200,
                  "<h1>Example office, 2031</h1><h2 data-uipath='ps.document.title'>Widgets, December 2029</h2>",
                  previous_edition, "engine: "),
        therapies("Redesigned", 200, "nhs-digital/redesigned.html", suspect, "engine: "),
        nhs_cause(therapies("Challenge", 200, "common/challenge.html", unknown, "engine: "), Cause::challenge),
        nhs_cause(therapies("SignInForm", 200, "common/sign-in.html", unknown, "engine: "), Cause::sign_in),
        nhs_url(therapies("FilePrivate", 403, "nhs-digital/access-denied.xml", absent, "nhs-digital gated_if[0]"),
                kTherapiesFile),
        nhs_cause(nhs_url(therapies("FileRefusedByAWall", 403, "common/not-found.html", unknown, "engine: 403"),
                          kTherapiesFile),
                  Cause::refused),
        nhs_cause(nhs_url(therapies("FileThatQuotesTheStore", 401, "nhs-digital/access-denied.xml", unknown,
                                    "engine: 401"),
                          kTherapiesFile),
                  Cause::refused),
        nhs_url(therapies("ArchivePublic", 200, "common/tables.zip", live, "nhs-digital live_if[3]"), kTherapiesFile),
        nhs_url(therapies("ReportPublic", 200, "common/report.pdf", live, "nhs-digital live_if[3]"), kTherapiesFile),
        nhs_url(therapies("WorkbookPublic", 200, "common/tables.xls", live, "nhs-digital live_if[3]"), kTherapiesFile),
        nhs_url(therapies("FilePublic", 200, "common/tables.csv", live, "nhs-digital live_if[3]"), kTherapiesFile)),
    kCaseName);

ProfileCase plain_site(const char* name, int status, const std::string& page, Liveness want, const std::string& rule) {
  ProfileCase c{
      .name = name, .profile = "generic", .url = "https://stats.example.org/widgets", .status = status, .page = page};
  c.want = want;
  c.rule = rule;
  return c;
}

INSTANTIATE_TEST_SUITE_P(
    Generic, ProfileTest,
    testing::Values(
        plain_site("NotFound", 404, "common/not-found.html", absent, "generic absent_if[0]"),
        plain_site("Gone", 410, "", absent, "generic absent_if[0]"),
        plain_site("NotFoundWithStatus200", 200, "common/not-found.html", absent, "generic absent_if[1]"),
        nhs_cause(plain_site("NotFoundWithAnError", 500, "common/not-found.html", unknown, "engine: 500"),
                  Cause::server_error),
        plain_site("APageThatSpeaksOfPagesNotFound", 200,
                   "<title>Widgets</title><h1>Widgets</h1><p>How many visitors met: page not found.</p>", live,
                   "engine: "),
        plain_site("AtRelease", 200, "nhs-england/at.html", live, "engine: "),
        nhs_cause(plain_site("Challenge", 200, "common/challenge.html", unknown, "engine: "), Cause::challenge),
        nhs_cause(plain_site("SignInForm", 200, "common/sign-in.html", unknown, "engine: "), Cause::sign_in)),
    kCaseName);

}  // namespace
}  // namespace embargod
