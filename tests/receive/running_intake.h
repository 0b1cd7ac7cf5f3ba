#pragma once

#include <memory>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "receive/intake.h"

namespace zegel::receive {

/// An intake at work on threads of its own.
class RunningIntake {
 public:
  RunningIntake(std::shared_ptr<const config::Settings> settings, Gatehouse& gatehouse, Patience patience = {})
      : intake_(io_, std::move(settings), gatehouse, patience), thread_([this] { io_.run(); }) {
    intake_.start();
  }
  ~RunningIntake() {
    intake_.stop_accepting();
    io_.stop();
    thread_.join();
  }
  RunningIntake(const RunningIntake&) = delete;
  RunningIntake& operator=(const RunningIntake&) = delete;

  Intake* operator->() { return &intake_; }
  [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const { return intake_.addresses().at(listener).port; }

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  Intake intake_;
  std::thread thread_;
};

}  // namespace zegel::receive
