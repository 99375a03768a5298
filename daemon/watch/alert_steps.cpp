// What an alert tells people to do.

#include "daemon/watch/alert_words.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {
namespace {

constexpr const char* kRest =
    " 3. Tell the head of profession. 4. Do not open, copy or forward the figures. 5. Acknowledge, so that others know "
    "you "
    "have it.";

std::string do_early(const Incident& i) {
  if (only_in_caches(i))
    return "1. Have the URLs below purged from " + joined_words(layers_left(i)) +
           ": the origin no longer has them, readers still get them. 2. Wait for contained: it comes when no way shows "
           "them any more." +
           kRest;
  std::string first = "1. Have the page and its files taken down.";
  switch (public_as(i)) {
    case PublicAs::form:
      first = "1. Have it taken down under every form of its URL, not only the one below.";
      break;
    case PublicAs::file:
      first = "1. Have the file taken down where files are kept: taking down a page does not do that.";
      break;
    case PublicAs::listing:
    case PublicAs::announcement:
      first = "1. Have the entry taken out, and check that what it leads to is not public.";
      break;
    case PublicAs::api:
      first = "1. Have the data taken out of the API: taking down a page does not do that.";
      break;
    case PublicAs::page:
      break;
  }
  return first + " 2. Purge the CDN for the URLs below." + kRest;
}

std::string do_suspect(const Incident& i) {
  switch (doubt_of(i)) {
    case Doubt::corrected:
    case Doubt::changed:
      return "Ask the publishing team whether the former edition was corrected. If so: embargoctl baseline show, then "
             "approve, for " +
             i.targets.front().target + ". If it is the new one, have it taken down.";
    case Doubt::shell:
      return "Look once, in a private window, without forwarding anything. If it is the release, have it taken down. "
             "Then give the schedule the URL that the page loads its content from (role api).";
    case Doubt::file:
    case Doubt::other:
      break;
  }
  return "Ask the publishing team what this is. If it is the release, treat it as early; else dismiss it with the "
         "reason.";
}

std::string do_when_resolved(const Incident& i) {
  if (i.state == IncidentState::dismissed) return "Nothing, unless you know better than this message.";
  switch (i.kind) {
    case IncidentKind::early:
      return "Ask the publishing team whether caches, search results and copies are clean. Complete the draft report "
             "(see "
             "link).";
    case IncidentKind::late:
    case IncidentKind::incomplete:
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
      return "Nothing more on the site. The head of profession decides whether it is to be reported; the draft (see "
             "link) has "
             "the "
             "times.";
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
    case IncidentKind::blind:
    case IncidentKind::drift:
      break;
  }
  return "Nothing, unless you know better than this message.";
}

}  // namespace

std::string what_to_do(const Telling& t) {
  const Incident& i = t.incident;
  if (in_rehearsal(i)) return do_rehearsal(t);
  if (is_resolved(t)) return do_when_resolved(i);
  switch (i.kind) {
    case IncidentKind::early:
      return do_early(i);
    case IncidentKind::suspect:
      return do_suspect(i);
    case IncidentKind::late:
      return "Ask the publishing team what holds it up; have users told on the announcement. If readers can see it and "
             "embargod cannot: embargoctl probe explains one URL.";
    case IncidentKind::incomplete:
      return "Ask the publishing team for what is missing. If readers can see it and embargod cannot: embargoctl probe "
             "explains one URL.";
    case IncidentKind::wrong_content:
      return "1. Ask the publishing team what belongs there; have it replaced or taken down. 2. Purge the CDN for the "
             "URLs "
             "below. 3. Do not forward what is there: it may be another release's. 4. If it is right after all, "
             "dismiss "
             "this with the reason and mend the edition or the expect rule.";
    case IncidentKind::gap:
      return "Ask the publishing team whether it was withdrawn on purpose. If so, close this with the reason, and have "
             "the "
             "page say so; else have it put back.";
    case IncidentKind::unscheduled:
      if (is_of_strangers(i))
        return "1. Ask the publishing team what the entries below are, and whether they should be public. 2. If so, "
               "put "
               "them in the schedule, or dismiss this with the reason. 3. If not, have them taken down, and out of the "
               "listing.";
      return "Ask the publishing team whether it should be public. If so, confirm its date in the schedule; else have "
             "it "
             "taken down.";
    case IncidentKind::blind:
      return "Open the site from outside your network. If it is up, see why it refuses embargod (User-Agent, rate, "
             "firewall); embargoctl probe explains one URL.";
    case IncidentKind::drift:
      return do_drift(i);
  }
  return {};
}

}  // namespace embargod
