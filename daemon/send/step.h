#pragma once

#include <chrono>
#include <string>

namespace zegel::send {

/// What the dialogue waits for: each has its patience (RFC 5321 4.5.3.2).
enum class Phase { greeting, hello, handshake, command, data, body, final_dot, quit };

/// How long a next hop may take. The defaults are the RFC's minima; tests are less patient.
struct Timeouts {
  std::chrono::milliseconds connect = std::chrono::seconds(30);
  std::chrono::milliseconds greeting = std::chrono::minutes(5);
  std::chrono::milliseconds command = std::chrono::minutes(5);  ///< EHLO, STARTTLS, AUTH, MAIL, RCPT
  std::chrono::milliseconds data = std::chrono::minutes(2);
  std::chrono::milliseconds body = std::chrono::minutes(3);  ///< for each block that must be taken
  std::chrono::milliseconds final_dot = std::chrono::minutes(10);
  std::chrono::milliseconds quit = std::chrono::seconds(5);
  std::chrono::milliseconds idle = std::chrono::seconds(10);  ///< how long a line is kept open for the next copy

  [[nodiscard]] std::chrono::milliseconds of(Phase phase) const {
    switch (phase) {
      case Phase::greeting:
        return greeting;
      case Phase::data:
        return data;
      case Phase::body:
        return body;
      case Phase::final_dot:
        return final_dot;
      case Phase::quit:
        return quit;
      case Phase::hello:
      case Phase::handshake:
      case Phase::command:
        return command;
    }
    return command;
  }
};

/// What a dialogue wants done next: the words to say, then one of these.
struct Step {
  enum class Then {
    read,       ///< a reply, and hand it to `heard`
    handshake,  ///< TLS, and hand the result to `secured`
    message,    ///< send the stuffed message, then read a reply
    done,
  };
  std::string say = {};
  Then then = Then::read;
  Phase phase = Phase::command;  ///< of the reply awaited
};

}  // namespace zegel::send
