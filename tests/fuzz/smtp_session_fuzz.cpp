#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "smtp/session.h"

namespace {

using zegel::smtp::Reply;
using zegel::smtp::Session;
using zegel::smtp::Step;

void require(bool good) {
  if (!good) std::abort();
}

/// Every line of a reply is `NNN text` or `NNN-text`, printable, at most 512 octets, ended by CRLF.
void check_output(std::string_view output) {
  while (!output.empty()) {
    const std::size_t end = output.find("\r\n");
    require(end != std::string_view::npos && end >= 4 && end <= 510);
    const std::string_view line = output.substr(0, end);
    require(line[0] >= '2' && line[0] <= '5' && (line[3] == ' ' || line[3] == '-'));
    for (const char c : line) require(c >= ' ' && c <= '~');
    output.remove_prefix(end + 2);
  }
}

void check_message(const std::string& message) {
  for (std::size_t i = 0; i < message.size(); ++i) {
    require(message[i] != '\0');
    if (message[i] == '\r') require(i + 1 < message.size() && message[i + 1] == '\n');
    if (message[i] == '\n') require(i > 0 && message[i - 1] == '\r');
  }
}

/// Whole dialogues: the first octets choose the terms, how the rest is cut and what is answered.
class Conversation {
 public:
  explicit Conversation(std::uint8_t choices) : choices_(choices), session_(terms(choices), (choices & 1) != 0) {}

  bool hear(std::string_view piece) {
    input_ += piece;
    for (;;) {
      std::string_view left = input_;
      const Step step = session_.next(left);
      input_.erase(0, input_.size() - left.size());
      if (step == Step::close) return check_output(session_.take_output()), false;
      if (step == Step::read) break;
      carry_out(step);
    }
    check_output(session_.take_output());
    require(input_.size() <= zegel::smtp::longest_auth_line);
    require(session_.message_memory() <= 4096);
    return true;
  }

 private:
  static std::shared_ptr<zegel::smtp::Terms> terms(std::uint8_t choices) {
    auto all = std::make_shared<zegel::smtp::Terms>();
    all->hostname = "mail.kantoor.nl";
    all->message_size = 1000;
    all->recipients = 2;
    all->tls = (choices & 2) != 0;
    all->auth = (choices & 4) != 0;
    all->require_tls = (choices & 8) != 0;
    return all;
  }

  void carry_out(Step step) {
    const bool welcome = (++asked_ & choices_ >> 4) == 0;
    const Reply no{452, "4.3.1", "not now"};
    switch (step) {
      case Step::begin_message:
        require(!session_.envelope().to.empty() && session_.envelope().to.size() <= 2);
        if (welcome)
          session_.begin_message("Received: here\r\n");
        else
          session_.answer(no);
        break;
      case Step::deliver: {
        const auto envelope = session_.take_envelope();
        const std::string message = session_.take_message();
        require(!envelope.to.empty() && message.starts_with("Received: here\r\n"));
        check_message(message);
        session_.answer({250, "2.0.0", "queued"});
        break;
      }
      case Step::refuse:
        session_.answer(session_.refusal());
        break;
      case Step::authenticate:
        session_.authenticated(static_cast<zegel::smtp::AuthVerdict>(asked_ % 3), session_.take_credentials().name);
        break;
      case Step::start_tls:
        input_.clear();
        session_.tls_started();
        break;
      default:
        session_.answer(welcome ? nullptr : &no);
    }
  }

  std::uint8_t choices_;
  unsigned asked_ = 0;
  Session session_;
  std::string input_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t piece = data[1] == 0 ? bytes.size() + 1 : data[1];
  Conversation conversation(data[0]);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (!conversation.hear(bytes.substr(0, piece))) break;
  }
  return 0;
}
