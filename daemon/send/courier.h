#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/stream.h"
#include "net/tls.h"
#include "send/absences.h"
#include "send/opening.h"
#include "send/resolver.h"
#include "send/route.h"
#include "send/step.h"
#include "send/transaction.h"

namespace zegel::send {

/// What lines are opened with: one snapshot of the settings.
struct Terms {
  std::shared_ptr<const config::Settings> settings;
  net::TlsContext::Shared tls;
  Login login;
  std::uint16_t mx_port = 25;
};

/// Why no line to a destination could be had.
struct NoLine {
  std::string why;         ///< one line: the next hop's words or ours
  std::string status;      ///< RFC 3463
  std::string relay = {};  ///< the host that failed last
  std::string tls = "none";
  bool permanent = false;  ///< there will never be one: no such domain, null MX
};

/// What became of a copy on a line.
struct Delivered {
  std::vector<Outcome> outcomes;
  /// A line that had served before turned out dead before the next hop saw this copy: nothing happened.
  bool untouched = false;
};

/// One line to a next hop, opened, secured and logged in: takes one copy after another. Belongs to the strand it was
/// opened on.
class Line {
 public:
  Line(net::Stream, config::HostPort host, const Opening&, const Timeouts&);

  /// Never throws for what the next hop or the network does: every recipient gets an outcome.
  net::Task<Delivered> deliver(Letter, std::string_view message);
  /// Says QUIT and closes. Never throws.
  net::Task<void> quit();
  /// Breaks off what is under way. On the line's own strand.
  void break_off();

  [[nodiscard]] bool usable() const { return usable_; }
  [[nodiscard]] std::uint32_t served() const { return served_; }
  [[nodiscard]] const Capabilities& offered() const { return offered_; }

 private:
  net::Task<void> converse(Transaction&, std::string_view message);

  net::Stream stream_;
  net::Stream::Interrupter interrupt_;
  config::HostPort host_;
  Capabilities offered_;
  std::string tls_;
  Timeouts timeouts_;
  std::uint32_t served_ = 0;
  bool usable_ = true;
};

/// Opens a line to the first host of the destination, in order, that will have one; who is known to be away comes last.
net::Task<std::expected<std::unique_ptr<Line>, NoLine>> open_line(Destination, std::shared_ptr<const Terms>, Resolver&,
                                                                  Absences&, Timeouts);

}  // namespace zegel::send
