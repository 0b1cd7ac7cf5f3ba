#include "send/letter.h"

#include <utility>

#include "send/stuffing.h"

namespace zegel::send {

Letter letter_for(const store::QueuedCopy& copy, std::vector<mail::Recipient> recipients, std::string_view message) {
  Letter letter{.from = copy.notice ? std::nullopt : copy.from,
                .envelope_id = copy.envelope_id,
                .recipients = std::move(recipients),
                .size = message.size()};
  letter.eight_bit = is_eight_bit(message);
  letter.utf8_header = letter.eight_bit && is_eight_bit(header_of(message));
  return letter;
}

}  // namespace zegel::send
