#include "gateway.h"

#include <algorithm>
#include <csignal>
#include <future>
#include <set>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "admin/server.h"
#include "calendar.h"
#include "check/known_recipients.h"
#include "config/load.h"
#include "figures.h"
#include "heartbeat.h"
#include "key_watch.h"
#include "log/log.h"
#include "materials.h"
#include "metrics/meters.h"
#include "receive/held.h"
#include "receive/intake.h"
#include "receive/pipeline.h"
#include "reload.h"
#include "send/dispatcher.h"
#include "send/surroundings.h"
#include "service.h"
#include "store/store.h"

namespace zegel {

namespace asio = boost::asio;

namespace {

/// How long mail in work may take at the end before it is left to the next start.
constexpr std::chrono::seconds longest_drain{20};
/// How long whoever asked for a reload over the admin's socket waits for its end.
constexpr std::chrono::minutes longest_reload{5};
/// For what stands still until somebody else answers: clamd, zip.command, the administrator's questions.
constexpr std::size_t waiting_threads = 16;
constexpr std::chrono::seconds shortest_between_sweeps{1};
constexpr std::chrono::minutes longest_between_sweeps{5};

/// Often enough that nothing outlives its retention by more than a tenth, or by five minutes.
std::chrono::seconds between_sweeps(const config::Retention& retention) {
  const seconds shortest = std::min({retention.held, retention.passwords, retention.audit, retention.learned});
  return std::clamp<std::chrono::seconds>(shortest / 10, shortest_between_sweeps, longest_between_sweeps);
}

/// Erases what is past its time, from what is known in memory too.
void sweep_store(store::Store& store, check::KnownRecipients& known, const config::Retention& retention) {
  const Time at = now();
  std::set<std::string, std::less<>> ends;
  for (const store::LearnedRecipient& learned : store.learned()) {
    if (learned.last < at - retention.learned) ends.insert(learned.address);
  }
  store.sweep({retention.passwords, retention.audit, retention.learned}, at);
  if (!ends.empty()) known.forget(ends);
}

/// For the status. A store that cannot be read has said so in the log.
std::string in_hand(store::Store& store) {
  store::Store::Figures figures;
  try {
    figures = store.figures();
  } catch (const std::exception&) { return "the store cannot be read"; }
  return std::to_string(figures.queued) + " queued, " + std::to_string(figures.held) + " held" +
         (figures.set_aside == 0 ? "" : ", " + std::to_string(figures.set_aside) + " damaged and set aside");
}

}  // namespace

struct Gateway::Rooms {
  Rooms(config::Settings settings, std::string running)
      : version(std::move(running)),
        materials(make_snapshot(std::move(settings))),
        store(open_store(materials.settings(), given_store_key(materials.settings()))),
        known(std::make_unique<check::KnownRecipients>(build_index(materials.settings(), *store))),
        pipeline({on(workers), on(waiters)}, *store, *known, meters, [this] { return materials.current(); }),
        intake(io, materials.current()->settings, pipeline),
        dispatcher(io, materials.current()->settings, *store,
                   {.reached = [this](const mail::Mailbox& recipient) { known->learn(recipient); }, .meters = &meters}),
        desk({*store, *known, meters, [this] { return materials.current(); }, [this] { return reload_now(); },
              [this] { return figures(); }}),
        admin(io, materials.settings().admin, desk, on(waiters)),
        reload(io, {.begin = [] { service::reloading(); },
                    .load = [this] { return load_fresh(); },
                    .put_in_force = [this](const Fresh& fresh) { put_in_force(fresh); },
                    .settle = [this](const Fresh& fresh) { settle(fresh); },
                    .end = [this](const std::string& why) { tell_reloaded(why); }}),
        heartbeat(io, on(waiters), [this] { return in_hand(*store); }) {}

  static receive::Workers on(asio::thread_pool& pool) {
    return [&pool](std::function<void()> work) { asio::post(pool, std::move(work)); };
  }

  Fresh load_fresh();
  void put_in_force(const Fresh&);
  void settle(const Fresh&);
  void tell_reloaded(const std::string& why);
  void count_reload(bool taken_over);
  std::string figures() const;
  bool reload_now();
  void stop();
  void sweep();
  void wait_for_signals();

  std::string version;
  Time started = now();
  asio::io_context io{1};  // one thread runs it: net/strand.h
  metrics::Meters meters;
  asio::thread_pool workers{std::max(1u, std::thread::hardware_concurrency())};
  asio::thread_pool waiters{waiting_threads};
  Materials materials;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<check::KnownRecipients> known;
  receive::Pipeline pipeline;
  receive::Intake intake;
  send::Dispatcher dispatcher;
  admin::Desk desk;
  admin::Server admin;
  Reload reload;
  Heartbeat heartbeat;

  asio::signal_set signals{io, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer sweeper{io};
  asio::steady_timer patience{io};
  Calendar calendar;
  KeyWatch key_watch;
  std::shared_ptr<const receive::Snapshot> leaving;  // what a reload replaced
  bool stopping = false;
};

Gateway::Gateway(config::Settings settings, std::string version)
    : rooms_(std::make_unique<Rooms>(std::move(settings), std::move(version))) {}

Gateway::~Gateway() = default;

void Gateway::run() {
  log::open(rooms_->materials.settings().log, rooms_->store->pseudonym("log"));
  rooms_->wait_for_signals();
  rooms_->intake.start();
  rooms_->dispatcher.start();
  rooms_->sweep();
  for (const config::HostPort& address : rooms_->intake.addresses()) {
    log::Event("listening").field("address", address.text()).send();
  }
  rooms_->count_reload(true);
  service::ready();
  rooms_->heartbeat.say("Taking mail");
  rooms_->heartbeat.start();
  rooms_->io.run();
  rooms_->reload.abandon();
  rooms_->waiters.join();
  rooms_->workers.join();
  log::Event("stopped").send();
}

void Gateway::Rooms::wait_for_signals() {
  signals.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      reload.ask([](bool) {});
    } else {
      stop();
    }
    wait_for_signals();
  });
}

/// Reads everything anew. The old settings' file says where; the rest of what is in force is not looked at.
Fresh Gateway::Rooms::load_fresh() {
  Fresh fresh;
  fresh.snapshot = make_snapshot(load_again(materials.current()->settings->file));
  for (const Method method : {Method::smime, Method::pgp}) {
    const std::string why = fresh.snapshot->keys->unreadable(method);
    if (!why.empty() && materials.current()->keys->unreadable(method).empty()) throw std::runtime_error(why);
  }
  fresh.index = build_index(*fresh.snapshot->settings, *store);
  fresh.terms = dispatcher.terms_of(fresh.snapshot->settings);
  return fresh;
}

/// All or nothing: what can fail does so before anything is in force.
void Gateway::Rooms::put_in_force(const Fresh& fresh) {
  intake.reload(fresh.snapshot->settings);  // refuses a bad certificate, and nothing changed
  dispatcher.reload(fresh.terms);
  leaving = materials.current();
  materials.put(fresh.snapshot);
  log::open(fresh.snapshot->settings->log, store->pseudonym("log"));
}

/// Beside the event loop: many recipients are laid anew, many keys let go.
void Gateway::Rooms::settle(const Fresh& fresh) {
  known->replace(fresh.index);
  leaving.reset();
}

void Gateway::Rooms::tell_reloaded(const std::string& why) {
  if (why.empty()) {
    log::Event("reloaded").field("config", materials.settings().file).send();
  } else {
    log::Event("reload-refused", log::Level::error).field("why", why).send();
  }
  count_reload(why.empty());
  if (stopping) return;
  service::ready();
  heartbeat.say(why.empty() ? "Taking mail"
                            : "Taking mail by the settings of before, the new ones were refused: " + why);
}

/// The start counts as one.
void Gateway::Rooms::count_reload(bool taken_over) {
  meters.reloaded(taken_over, now());
  if (!taken_over) return;
  for (const std::string& rule : rules_that_let_clear_out(materials.settings())) meters.may_send_in_clear(rule);
}

/// What /metrics says; on a worker.
std::string Gateway::Rooms::figures() const {
  metrics::Standing standing{.version = version, .started = started};
  add_store(standing, store->figures(), now());
  add_door(standing, intake);
  add_lines(standing, dispatcher.figures());
  add_keys(standing, materials.current()->keys->list(now()), now());
  add_log(standing, log::figures());
  return meters.text(standing);
}

/// Asked for by the admin's desk, on one of its own threads. Once the daemon has stopped nobody answers any more.
bool Gateway::Rooms::reload_now() {
  const auto done = std::make_shared<std::promise<bool>>();
  auto answer = done->get_future();
  asio::post(io, [this, done] { reload.ask([done](bool taken_over) { done->set_value(taken_over); }); });
  const auto until = std::chrono::steady_clock::now() + longest_reload;
  while (answer.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
    if (io.stopped() || std::chrono::steady_clock::now() > until) return false;
  }
  return answer.get();
}

/// Once asked to stop: take nothing new, finish what is in work, leave the rest in the store.
void Gateway::Rooms::stop() {
  if (std::exchange(stopping, true)) return io.stop();
  service::stopping();
  heartbeat.say("Finishing what is in work");
  log::Event("stopping").send();
  patience.expires_after(longest_drain);
  patience.async_wait([this](const boost::system::error_code& error) {
    if (!error) io.stop();
  });
  sweeper.cancel();
  admin.stop();
  intake.stop_accepting();
  intake.drain(
      [this] { asio::post(io, [this] { dispatcher.stop([this] { asio::post(io, [this] { io.stop(); }); }); }); });
}

void Gateway::Rooms::sweep() {
  const config::Settings& settings = materials.settings();
  const bool believable = calendar.believable(now(), std::chrono::steady_clock::now());
  if (!believable)
    log::Event("alarm", log::Level::error).field("what", "the clock jumped ahead: nothing is erased for a day").send();
  asio::post(workers, [this, believable, retention = settings.retention] {
    if (believable) {
      sweep_store(*store, *known, retention);
      receive::expire_held(*store, meters, *materials.current(), now());
    }
    key_watch.look(*materials.current()->keys, now());
    if (known->wants_tidying()) known->tidy();
  });
  sweeper.expires_after(between_sweeps(settings.retention));
  sweeper.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

}  // namespace zegel
