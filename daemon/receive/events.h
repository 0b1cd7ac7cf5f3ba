#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.h"
#include "mail/message.h"
#include "metrics/meters.h"
#include "receive/gatehouse.h"
#include "receive/submission.h"
#include "seal/keys.h"
#include "smtp/reply.h"
#include "store/store.h"

/// The log lines of a message's arrival.
namespace zegel::receive {

void log_received(const Arrival&);
void log_refused(std::string_view reference, const Client&, const std::optional<mail::Mailbox>& from,
                 std::string_view to, std::string_view reason, std::string_view suggestion, const smtp::Reply&,
                 std::string_view why = {});
/// An agreed password will be too old from then on.
void log_reminder(std::string_view reference, const mail::Mailbox& recipient, Time until);
void log_store_failed(std::string_view reference, const std::exception_ptr&);

/// What is to be logged and counted once a submission is durable: `event=sealed` for each recipient of each copy, or
/// `event=held`.
struct Tidings {
  std::vector<log::Event> lines;
  std::vector<Method> sealed;
  void tell(metrics::Meters&) const;
};
[[nodiscard]] Tidings tidings_of(const store::Submission&, const seal::Keys&);

/// The Message-ID field's value if there is one that is printable ASCII of at most 250 octets, else empty.
[[nodiscard]] std::string message_id_of(const mail::Message&);

}  // namespace zegel::receive
