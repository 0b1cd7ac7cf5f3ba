#include "relay_subjects.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zegel::bench {

namespace fs = std::filesystem;

namespace {

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool yes = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return yes;
}

/// A program of ours, ended with this object. What it prints goes to `log`.
class Child {
 public:
  Child(const std::vector<std::string>& words, const std::string& log) : pid_(::fork()) {
    if (pid_ != 0) return;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT: exec's signature
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool ended() const { return ::waitpid(pid_, nullptr, WNOHANG) != 0; }

 private:
  pid_t pid_;
};

void wait_for(const Child& child, std::uint16_t port, const std::string& log) {
  for (int i = 0; i < 500; ++i) {
    if (answers(port)) return;
    if (child.ended()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::ifstream said(log);
  std::stringstream text;
  text << said.rdbuf();
  throw std::runtime_error("it did not start: " + text.str());
}

/// The fields of /proc/PID/stat after the name, from the state on.
std::vector<std::string> stat_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream rest(line.substr(std::min(line.rfind(')') + 2, line.size())));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double ticks(const std::vector<std::string>& stat, std::size_t field) {
  return std::stod(stat.at(field - 3)) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t peak_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1'024;
  }
  return 0;
}

constexpr std::size_t own_user = 14, own_system = 15, dead_user = 16, dead_system = 17, parent = 4;

/// A process, and those it started: the dead count too.
Usage usage_of(pid_t root) {
  Usage sum;
  const std::string self = std::to_string(root);
  const auto add = [&](const std::string& pid, const std::vector<std::string>& stat) {
    for (const std::size_t field : {own_user, own_system, dead_user, dead_system})
      sum.cpu_seconds += ticks(stat, field);
    sum.peak_memory += peak_of(pid);
  };
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = stat_of(pid);
    if (stat.size() < 20 || (pid != self && stat[parent - 3] != self)) continue;
    add(pid, stat);
  }
  return sum;
}

class Zegel : public Relay {
 public:
  Zegel(const std::string& program, const std::string& folder, std::uint16_t next_hop) : port_(free_port()) {
    fs::create_directories(folder);
    std::ofstream(folder + "/zegel.toml")
        << "[office]\ndomains = [\"kantoor.nl\"]\n[server]\nhostname = \"zegel.kantoor.nl\"\nper_client = 500\n"
        << "listen = [\"127.0.0.1:" << port_ << "\"]\n[delivery]\nrelay = \"127.0.0.1:" << next_hop
        << "\"\ntls = \"none\"\n[protect]\nmethods = [\"clear\"]\n[state]\ndir = \"" << folder
        << "/state\"\n[pgp]\nhome = \"" << folder << "/gnupg\"\n[log]\nto = \"stderr\"\n[admin]\nsocket = \"" << folder
        << "/admin.sock\"\n";
    fs::create_directories(folder + "/gnupg");
    fs::create_directories(folder + "/state");
    const std::string log = folder + "/zegel.log";
    child_ = std::make_unique<Child>(std::vector<std::string>{program, "--config", folder + "/zegel.toml"}, log);
    wait_for(*child_, port_, log);
  }
  [[nodiscard]] std::string name() const override { return "zegel"; }
  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] Usage usage() const override { return usage_of(child_->pid()); }

 private:
  std::uint16_t port_;
  std::unique_ptr<Child> child_;
};

/// Where Postfix's files are.
struct Install {
  std::string daemons, commands, libraries;
};

constexpr const char* master_cf = R"(
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
)";

class Postfix : public Relay {
 public:
  Postfix(const Install& install, const std::string& folder, std::uint16_t next_hop, const std::string& settings)
      : port_(free_port()) {
    write_config(install, folder, next_hop, settings);
    make_queue(folder + "/queue", folder + "/data");
    ::setenv("LD_LIBRARY_PATH", install.libraries.c_str(), 1);
    const std::string log = folder + "/postfix.out";
    child_ = std::make_unique<Child>(
        std::vector<std::string>{install.daemons + "/master", "-c", folder + "/conf", "-d"}, log);
    ::unsetenv("LD_LIBRARY_PATH");
    wait_for(*child_, port_, log);
  }
  [[nodiscard]] std::string name() const override { return "postfix"; }
  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] Usage usage() const override { return usage_of(child_->pid()); }

 private:
  void write_config(const Install& install, const std::string& folder, std::uint16_t next_hop,
                    const std::string& settings) const {
    fs::create_directories(folder + "/conf");
    std::ofstream(folder + "/conf/master.cf") << "127.0.0.1:" << port_ << " inet n - n - - smtpd" << master_cf;
    std::ofstream(folder + "/conf/main.cf")
        << "compatibility_level = 3.6\nqueue_directory = " << folder << "/queue\ndata_directory = " << folder
        << "/data\ncommand_directory = " << install.commands << "\ndaemon_directory = " << install.daemons
        << "\nshlib_directory = " << install.libraries << "\nmeta_directory = " << folder << "/conf"
        << "\nmail_owner = mail\nsetgid_group = utmp\ndefault_privs = nobody\nmyhostname = bench.example\n"
           "mydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\ninet_interfaces = 127.0.0.1\n"
           "inet_protocols = ipv4\nmynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit_mynetworks, reject\n"
           "relayhost = [127.0.0.1]:"
        << next_hop << "\nmaillog_file = " << folder
        << "/postfix.log\nmaillog_file_prefixes = /\n"
           "import_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH\n"
        << settings << "\n";
  }

  static void make_queue(const std::string& queue, const std::string& data) {
    for (const auto* name : {"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
                             "saved", "trace", "pid", "maildrop", "public"}) {
      fs::create_directories(queue + "/" + name);
    }
    fs::create_directories(data);
    const std::string own = "chown -R mail " + queue + " " + data + " && chown root " + queue + " " + queue +
                            "/pid && chmod 700 " + data + " && chgrp utmp " + queue + "/maildrop " + queue +
                            "/public && chmod 730 " + queue + "/maildrop && chmod 710 " + queue + "/public";
    if (std::system(own.c_str()) != 0) throw std::runtime_error("Postfix's queue wants root");
  }

  std::uint16_t port_;
  std::unique_ptr<Child> child_;
};

Install find_or_fetch(const std::string& folder) {
  if (fs::exists("/usr/lib/postfix/sbin/master")) return {"/usr/lib/postfix/sbin", "/usr/sbin", "/usr/lib/postfix"};
  const std::string root = folder + "/package";
  fs::create_directories(root);
  const std::string fetch = "cd " + root + " && apt-get download -q postfix >/dev/null 2>&1 && dpkg -x postfix_*.deb .";
  if (std::system(fetch.c_str()) != 0) throw std::runtime_error("the postfix package cannot be had");
  return {root + "/usr/lib/postfix/sbin", root + "/usr/sbin", root + "/usr/lib/postfix"};
}

}  // namespace

std::unique_ptr<Relay> start_zegel(const std::string& program, const std::string& folder, std::uint16_t next_hop) {
  return std::make_unique<Zegel>(program, folder, next_hop);
}

std::unique_ptr<Relay> start_postfix(const std::string& folder, std::uint16_t next_hop, const std::string& settings) {
  try {
    return std::make_unique<Postfix>(find_or_fetch(folder), folder, next_hop, settings);
  } catch (const std::runtime_error& reason) {
    std::fprintf(stderr, "without Postfix: %s\n", reason.what());
    return nullptr;
  }
}

}  // namespace zegel::bench
