#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "config/settings.h"
#include "store/store.h"

namespace boost::asio {
class io_context;
}

namespace zegel::send {

struct Surroundings;
struct Terms;

/// Sends what is due: takes copies out of the store as they become due, keeps up to `delivery.connections` lines open
/// to next hops, writes down what became of every recipient, and composes the bounces that follow from it.
///
/// All of its work runs on one strand of the given io_context; every member may be called from any thread. It wakes by
/// the store's `on_due` and by a timer set to `next_due`, never by polling.
class Dispatcher {
 public:
  /// The store and the io_context must outlive it. Throws std::runtime_error when the settings name a CA file or a
  /// password file that cannot be read.
  Dispatcher(boost::asio::io_context&, std::shared_ptr<const config::Settings>, store::Store&);
  /// The same with another clock, resolver or patience: for tests.
  Dispatcher(boost::asio::io_context&, std::shared_ptr<const config::Settings>, store::Store&, Surroundings);
  /// Only after `stop` has called `done`, or when the io_context runs no more.
  ~Dispatcher();

  void start();
  /// What `reload` takes. Reads the CA and the password file, which takes 20 ms for the system's authorities: not for
  /// the io_context's thread. Throws as the constructor, and then nothing has changed.
  [[nodiscard]] std::shared_ptr<const Terms> terms_of(std::shared_ptr<const config::Settings>) const;
  /// What is under way goes on as it began; everything after goes by the new terms.
  void reload(std::shared_ptr<const Terms>);
  /// Takes nothing new, hands back what has not begun, lets what is under way come to its end (for ten seconds, then
  /// breaks it off, which leaves it in the queue). `done` is called once, on the io_context, when all of it is in the
  /// store.
  void stop(std::function<void()> done);

  /// Since start, by recipient; and now.
  struct Figures {
    std::uint64_t sent = 0, deferred = 0, bounced = 0;
    std::uint64_t opened = 0;       ///< connections made
    std::uint32_t connections = 0;  ///< open now
    std::uint32_t in_hand = 0;      ///< copies taken and not yet written down
  };
  [[nodiscard]] Figures figures() const;

 private:
  class Work;
  std::shared_ptr<Work> work_;
};

}  // namespace zegel::send
