#include "daemon/web/runbook.h"

#include <gtest/gtest.h>

#include "daemon/watch/alerting.h"
#include "daemon/web/assets.h"

namespace embargod {
namespace {

std::string lower_case(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

TEST(Runbook, HasAnAnchorForEveryAlertThatCanWakeSomebody) {
  const std::string html = runbook_html(asset("OPERATIONS.md"));
  std::vector<std::string> names{kBlindNearDue, kRehearsalAlert, "EmbargodWatchdog"};
  for (int k = 0; k < kIncidentKindCount; ++k) names.emplace_back(alert_name(static_cast<IncidentKind>(k)));
  for (const std::string& name : names)
    EXPECT_NE(html.find("<h3 id=\"" + lower_case(name) + "\">"), std::string::npos) << name;
}

TEST(Runbook, ShowsTheFormsOfTheFileAndEscapesTheRest) {
  const std::string html = runbook_html(
      "## At night\n\n1. **What?** see [At night](#at-night) and [file](../x.md)\n   `a < b` more\n2. two\n\n*page.* A "
      "<b> & \"c\"\n"
      "## Alerts from Prometheus\nhidden\n");
  EXPECT_EQ(
      html,
      "<h2 id=\"at-night\">At night</h2>\n<ol>\n<li><strong>What?</strong> see <a href=\"#at-night\">At night</a> and "
      "file "
      "<code>a &lt; b</code> more</li>\n<li>two</li>\n</ol>\n<p><em>page.</em> A &lt;b&gt; &amp; &quot;c&quot;</p>\n");
}

}  // namespace
}  // namespace embargod
