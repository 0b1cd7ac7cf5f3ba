#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "net/listener.h"
#include "net/stream.h"
#include "receive/budget.h"
#include "receive/doorkeeper.h"
#include "receive/doorstep.h"
#include "receive/gatehouse.h"
#include "receive/intake.h"
#include "smtp/session.h"

namespace zegel::receive {

/// What all visits share.
struct House {
  Gatehouse& gatehouse;
  std::shared_ptr<Budget> budget;
  Doorkeeper& doorkeeper;
  const Patience& patience;
};

/// One client's connection from its first octet to its last: carries out what its session asks for. Lives on its
/// strand.
class Visit {
 public:
  Visit(const House&, std::shared_ptr<const Doorstep>, net::Stream, std::string address, bool implicit_tls);

  /// Until the connection is over. Accidents are logged, never thrown.
  net::Task<void> run();

 private:
  net::Task<void> serve();
  net::Task<bool> carry_out(smtp::Step);
  net::Task<void> read_more();
  net::Task<void> flush();
  net::Task<void> start_tls();
  net::Task<void> authenticate();
  net::Task<void> deliver();
  net::Task<void> say_goodbye(smtp::Reply);
  void ask_sender();
  void ask_recipient();
  void begin_message();
  void refuse(smtp::Reply);
  void account();
  void denied(std::string_view reason);
  [[nodiscard]] Client client() const;

  House house_;
  std::shared_ptr<const Doorstep> doorstep_;
  net::Stream stream_;
  std::string address_;
  std::string reference_;                                    ///< of the message that comes in
  std::map<std::string, smtp::Reply, std::less<>> refused_;  ///< recipients of this transaction
  Budget::Share share_;
  smtp::Session session_;
  bool implicit_tls_;
  bool trusted_;
  bool leaving_ = false;
};

}  // namespace zegel::receive
