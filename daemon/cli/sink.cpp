#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "config/address.h"
#include "receive/intake.h"

namespace zegel::cli {

namespace {

/// Not synced: this is for trying things out, and quick.
void keep(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) {
    throw std::runtime_error(path + ": cannot be written");
  }
}

/// Takes everything, and keeps it as DIR/N.eml with DIR/N.json: the exact octets and the envelope.
class Keeper : public receive::Gatehouse {
 public:
  explicit Keeper(std::string dir) : dir_(std::move(dir)) {
    std::filesystem::create_directories(dir_);
    while (std::filesystem::exists(path(number_ + 1, "json"))) ++number_;
  }

  std::unique_ptr<smtp::Reply> sender(const receive::Client&, const std::optional<mail::Mailbox>&) override {
    return nullptr;
  }
  std::unique_ptr<smtp::Reply> recipient(const receive::Client&, const std::optional<mail::Mailbox>&,
                                         const mail::Recipient&) override {
    return nullptr;
  }
  void message(const receive::Client& client, mail::Envelope envelope, std::string bytes,
               std::function<void(smtp::Reply)> done) override;
  void refused(const receive::Client&, const mail::Envelope&, const smtp::Reply&) override {}
  void authenticate(const receive::Client&, smtp::Credentials, std::function<void(smtp::AuthVerdict)> done) override {
    done(smtp::AuthVerdict::accepted);
  }

 private:
  [[nodiscard]] std::string path(int number, const std::string& ending) const {
    return dir_ + "/" + std::to_string(number) + "." + ending;
  }

  std::string dir_;
  int number_ = 0;
};

void Keeper::message(const receive::Client& client, mail::Envelope envelope, std::string bytes,
                     std::function<void(smtp::Reply)> done) {
  nlohmann::json to = nlohmann::json::array();
  for (const mail::Recipient& recipient : envelope.to) to.push_back(recipient.mailbox.address());
  const nlohmann::json facts = {{"from", envelope.from_address()},
                                {"to", to},
                                {"client", client.address},
                                {"helo", client.helo},
                                {"tls", client.tls}};
  try {
    const int number = ++number_;
    keep(path(number, "eml"), bytes);
    keep(path(number, "tmp"), facts.dump(2) + "\n");
    std::filesystem::rename(path(number, "tmp"), path(number, "json"));  // whoever sees it finds both whole
    std::printf("%d.eml\t%s\t%zu octets\n", number, facts["to"].dump().c_str(), bytes.size());
    std::fflush(stdout);
    done({250, "2.0.0", "kept as " + std::to_string(number) + ".eml"});
  } catch (const std::exception& accident) {
    complain(exit_unavailable, accident.what());
    done({452, "4.3.1", "cannot keep it"});
  }
}

}  // namespace

int sink(const std::string& listen, const std::string& dir) {
  const auto where = config::parse_host_port(listen);
  if (!where) return complain(exit_usage, "--listen: " + where.error().why);
  auto settings = std::make_shared<config::Settings>();
  settings->server.hostname = "sink.localhost";
  settings->server.listen = {*where};
  settings->server.trusted = {{"0.0.0.0/0"}, {"::/0"}};
  settings->server.message_size = 1ULL << 30;
  settings->server.memory = 4ULL << 30;
  settings->server.per_client = settings->server.connections = 10'000;

  boost::asio::io_context io;
  Keeper keeper(dir);
  receive::Intake intake(io, settings, keeper);
  intake.start();
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  io.run();
  return exit_ok;
}

}  // namespace zegel::cli
