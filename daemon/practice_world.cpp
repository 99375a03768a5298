#include "daemon/practice_world.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "alerts/emergency.h"
#include "alerts/outbox_worker.h"
#include "config/settings_reader.h"
#include "daemon/loopback_page.h"
#include "daemon/metrics/prometheus_meter.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/watch/engine.h"
#include "daemon/watch/plan.h"
#include "probes/http_prober.h"

namespace embargod {
namespace {

constexpr Millis kTurnBound{200};

constexpr const char* kPracticeConfig = R"(
producer: {name: embargod}
schedules: [{file: practice.yml}]
polling:
  interval: 200ms
  near: {within: 1h, interval: 200ms}
  window: {before: 1m, after: 1m, interval: 200ms}
  incident_interval: 200ms
  timeout: 5s
  per_host: {rate: 50, burst: 50, connections: 2}
  allow_addresses: ["127.0.0.1/32"]
)";

/// What the page shows is no secret and no evidence.
class NoVault final : public EvidenceVault {
 public:
  [[nodiscard]] Result<EvidenceRow> keep(const std::string&, const Observation&, const TakenFor&) override {
    return fail(Errc::unsupported, "practice leaves no evidence");
  }
  void discard(const std::string&) override {}
};

struct PracticePlan {
  std::shared_ptr<const Plan> plan;
  Polling polling;
};

Checked<PracticePlan> practice_plan(const PracticeWorld::Setup& setup, const std::string& url,
                                    const ReceiverTraits& receiver) {
  auto settings = read_settings(kPracticeConfig, "practice", "");
  if (!settings) return tl::unexpected<Faults>{settings.error()};
  settings->timezone = setup.timezone;
  settings->web.external_url = setup.external_url;
  const std::string yaml = "releases:\n  - {id: " + setup.release + ", title: \"" + setup.title + "\", due: \"" +
                           rfc3339(setup.due) + "\", urls: [{url: \"" + url + "\", role: page}]}\n";
  const auto schedule = read_schedule(yaml, "practice", settings->timezone, settings->profiles);
  if (!schedule) return tl::unexpected<Faults>{schedule.error()};
  auto plan = make_plan(*settings, *schedule, {receiver});
  if (!plan) return tl::unexpected<Faults>{plan.error()};
  return PracticePlan{std::move(*plan), settings->polling};
}

void remove_folder(const std::string& folder) {
  std::error_code ignored;  // what is left is in the way of the next flight, which says so
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace

struct PracticeWorld::Parts {
  Parts(const Clock& c, std::string where) : clock{c}, folder{std::move(where)} { remove_folder(folder); }
  ~Parts() {
    engine.reset();
    outbox.reset();
    state.reset();
    remove_folder(folder);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  const Clock& clock;
  const std::string folder;
  NoVault vault;
  NullLog log;
  PrometheusMeter meter{"practice"};  // counts for nobody: the real one must not hear of this
  EmergencyOutbox emergency;
  std::unique_ptr<LoopbackPage> page;
  std::unique_ptr<Prober> prober;
  std::unique_ptr<SqliteState> state;
  std::unique_ptr<OutboxWorker> outbox;
  std::unique_ptr<Engine> engine;
};

PracticeWorld::PracticeWorld(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

PracticeWorld::~PracticeWorld() = default;

Result<std::unique_ptr<PracticeWorld>> PracticeWorld::build(const Clock& clock, const Setup& setup,
                                                            std::unique_ptr<Notifier> channel) {
  auto parts = std::make_unique<Parts>(clock, setup.folder);
  auto page = LoopbackPage::open();
  if (!page) return tl::unexpected<Fault>{page.error()};
  parts->page = std::move(*page);
  const auto planned = practice_plan(setup, parts->page->url(), channel->traits());
  if (!planned) return tl::unexpected<Fault>{planned.error().front()};
  auto prober = make_http_prober(prober_settings(planned->polling, "embargod-practice"), clock);
  if (!prober) return tl::unexpected<Fault>{prober.error()};
  parts->prober = std::move(*prober);
  auto state = open_sqlite(setup.folder);
  if (!state) return tl::unexpected<Fault>{state.error()};
  parts->state = std::move(*state);
  std::vector<std::unique_ptr<Notifier>> channels;
  channels.push_back(std::move(channel));
  parts->outbox = std::make_unique<OutboxWorker>(OutboxWorker::Doors{.outbox = parts->state->outbox(),
                                                                     .emergency = parts->emergency,
                                                                     .clock = clock,
                                                                     .report = {},
                                                                     .progress = {},
                                                                     .external_url = {}},
                                                 std::move(channels));
  parts->engine =
      std::make_unique<Engine>(Engine::Doors{.clock = clock,
                                             .prober = *parts->prober,
                                             .store = parts->state->store(),
                                             .vault = parts->vault,
                                             .meter = parts->meter,
                                             .emergency = parts->emergency,
                                             .log = parts->log,
                                             .poke_outbox = [outbox = parts->outbox.get()] { outbox->poke(); }},
                               planned->plan);
  parts->outbox->start();
  if (auto opened = parts->engine->open(); !opened) return tl::unexpected<Fault>{opened.error()};
  return std::unique_ptr<PracticeWorld>{new PracticeWorld{std::move(parts)}};
}

void PracticeWorld::turn() { parts_->engine->turn(kTurnBound); }
void PracticeWorld::set_live(bool live) { parts_->page->set_live(live); }
bool PracticeWorld::looked() const { return parts_->engine->first_round_done(); }
bool PracticeWorld::stored() const { return parts_->engine->store_ok(); }

}  // namespace embargod
