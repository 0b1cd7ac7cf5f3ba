// What a next hop may say, from its greeting on: never a delivery without a 354 and a 2xx after it, never a password or
// a letter over a line that the policy does not allow, and always an end.
#include <cstdlib>
#include <string_view>

#include "send/opening.h"
#include "send/reply_reader.h"
#include "send/transaction.h"

namespace {

using namespace zegel;
using namespace zegel::send;

void must(bool holds) {
  if (!holds) std::abort();
}

/// The replies in the input, one by one.
class Replies {
 public:
  explicit Replies(std::string_view bytes) : rest_(bytes) {}

  std::optional<smtp::Reply> next() {
    ReplyReader reader;
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      const std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      auto reply = reader.add(line);
      if (!reply) return std::nullopt;
      if (*reply) {
        must(one_line(**reply).size() <= 510);
        return std::move(**reply);
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

bool open(Opening& opening, Replies& replies, Tls tls, bool handshake_holds) {
  Step step = opening.begin();
  while (step.then != Step::Then::done) {
    must(!step.say.starts_with("AUTH") || !opening.security().version.empty());
    if (step.then == Step::Then::handshake) {
      step = opening.secured({.version = "TLSv1.3", .verified = handshake_holds});
      continue;
    }
    const auto reply = replies.next();
    if (!reply) return false;
    step = opening.heard(*reply);
  }
  if (opening.failure()) return false;
  must(tls != Tls::verified || (opening.security().verified && !opening.security().version.empty()));
  must(tls != Tls::required || !opening.security().version.empty());
  return true;
}

void deliver(const Capabilities& offered, Replies& replies) {
  Letter letter{.from = mail::Mailbox{"piet", "kantoor.nl"}, .recipients = {}, .size = 1'000};
  for (const auto* local : {"a", "b", "c"}) letter.recipients.push_back({.mailbox = {local, "x.nl"}});
  Transaction transaction(letter, offered);
  bool sent = false;
  int last = 0;
  for (Step step = transaction.begin(); step.then != Step::Then::done;) {
    if (step.then == Step::Then::message) {
      must(last == 354);
      sent = true;
    }
    const auto reply = replies.next();
    if (!reply) {
      transaction.broken("gone");
      break;
    }
    last = reply->code;
    step = transaction.heard(*reply);
  }
  must(transaction.outcomes().size() == 3);
  for (const auto& outcome : transaction.outcomes()) {
    must(!outcome.reply.empty());
    if (outcome.kind == Outcome::Kind::delivered) must(sent && last / 100 == 2);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 1) return 0;
  const Login login{.user = "zegel", .password = Secret("geheim")};
  const auto tls = static_cast<Tls>(data[0] & 3);
  Replies replies({reinterpret_cast<const char*>(data) + 1, size - 1});
  Opening opening({.hostname = "zegel.kantoor.nl",
                   .tls = tls,
                   .implicit_tls = (data[0] & 4) != 0,
                   .tls_failed = (data[0] & 8) != 0,
                   .login = (data[0] & 16) != 0 ? &login : nullptr});
  if (open(opening, replies, tls, (data[0] & 32) != 0)) deliver(opening.offered(), replies);
  return 0;
}
