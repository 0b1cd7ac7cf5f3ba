#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/terms.h"
#include "core/time.h"

/// What the administrator says, as plain values. Every default stands here and nowhere else.
namespace zegel::config {

/// Where something was written: `zegel.toml:41:3`.
struct Place {
  std::string file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  [[nodiscard]] std::string text() const { return file + ":" + std::to_string(line) + ":" + std::to_string(column); }
  /// `zegel.toml:41`, the file's name without its folder: what logs and plans show. `default` when nowhere.
  [[nodiscard]] std::string rule() const;
};

/// `smtp.provider.nl:587`, `127.0.0.1:25`, `[::1]:25`.
struct HostPort {
  std::string host;
  std::uint16_t port = 25;
  [[nodiscard]] std::string text() const {
    return (host.contains(':') ? "[" + host + "]" : host) + ":" + std::to_string(port);
  }
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// An IPv4 or IPv6 network in CIDR form, checked at load.
struct Network {
  std::string text;
};

/// `jan@x.nl`, `x.nl`, `.x.nl` (its subdomains) or `*`; folded, A-labels.
struct Pattern {
  enum class Kind { any, subdomains, domain, mailbox };  ///< from least to most specific
  Kind kind = Kind::any;
  std::string text = "*";
};

struct Office {
  std::vector<std::string> domains;  ///< folded A-labels
  std::optional<HostPort> relay;     ///< nothing: the client's address, port 25
  Language language = Language::nl;
  std::string phone;
};

struct Server {
  std::string hostname;  ///< empty in the file: the machine's name, filled in at load
  std::vector<HostPort> listen;
  std::vector<HostPort> listen_tls;
  std::string tls_certificate;  ///< path, or empty
  std::string tls_key;
  bool require_tls = false;
  std::vector<Network> trusted = {{"127.0.0.0/8"}, {"::1/128"}};
  std::string users;  ///< path, or empty
  std::uint64_t message_size = 50ULL << 20;
  std::uint32_t recipients = 100;
  std::uint32_t connections = 500;
  std::uint32_t per_client = 50;
  std::uint64_t memory = 512ULL << 20;
};

struct Delivery {
  std::vector<HostPort> relay;
  bool direct = false;
  Tls tls = Tls::verified;
  std::string ca_file;  ///< path; empty: the system's
  std::string user;
  std::string password_file;
  std::uint32_t connections = 20;
  std::vector<seconds> retry = {seconds(60), seconds(300), seconds(900), seconds(3600), seconds(4 * 3600)};
  seconds give_up = std::chrono::days(5);
};

/// One price of the recipient check that differs from the shipped one.
struct Weight {
  std::string name;  ///< a row of the check's table: `swap`, `allowed_5`, …; whoever builds the check knows them
  double value = 0;
  Place place = {};
};

struct Recipients {
  std::vector<std::string> allowlist;  ///< paths
  bool well_known = true;
  bool learn = true;
  OnDoubt on_typo = OnDoubt::confirm;
  OnDoubt on_unknown = OnDoubt::allow;
  seconds confirm_window = std::chrono::minutes(30);
  std::uint32_t visible = 20;
  std::vector<Weight> weights;
};

struct Tag {
  std::string subject;
  std::vector<Method> methods;
  Place place;
};

struct Rule {
  Place place;
  std::vector<Pattern> to = {Pattern{}};
  std::vector<Pattern> from = {Pattern{}};
  std::optional<std::vector<Method>> methods;
  std::optional<Otherwise> otherwise;
  std::optional<bool> sign;
  std::optional<bool> hide_subject;
  std::optional<Tls> tls;
  std::optional<Language> language;
  std::optional<PasswordMode> password;
  std::optional<Locked> locked;
  std::optional<Cipher> cipher;
  std::optional<bool> domain_certificates;
};

struct Protect {
  std::vector<Method> methods = {Method::smime, Method::pgp, Method::zip_attachments};
  Place methods_place;  ///< nowhere when it is the default
  Otherwise otherwise = Otherwise::refuse;
  bool sign = true;
  bool hide_subject = false;
  std::vector<Tag> tags;
  std::vector<Rule> rules;
};

struct Smime {
  std::string certificates = "/etc/zegel/smime";
  std::string authorities;  ///< path, or empty
  std::string crl_dir;
  Cipher cipher = Cipher::aes256_cbc;
  bool domain_certificates = false;
};

struct Pgp {
  std::string home;  ///< empty in the file: STATE/gnupg, filled in at load
};

struct Zip {
  PasswordMode password = PasswordMode::per_message;
  std::string command;  ///< path, or empty
  seconds command_time = seconds(20);
  std::uint32_t words = 6;
  seconds agreed_for = std::chrono::days(365);
  seconds remind = std::chrono::days(30);  ///< before that
  Locked locked = Locked::inside;
  std::string covers;  ///< a folder's path, or empty
};

struct Scan {
  std::string clamd;          ///< host:port or a socket's path; empty: none
  bool defer_without = true;  ///< scan.otherwise = "defer"; false: "pass"
};

struct Limits {
  std::optional<std::uint32_t> sender;  ///< messages an hour
};

struct Retention {
  seconds held = std::chrono::days(7);
  seconds passwords = std::chrono::days(30);
  seconds audit = std::chrono::days(90);
  seconds learned = std::chrono::days(730);
};

struct State {
  std::string dir = "/var/lib/zegel";
};

enum class LogAddresses { full, domain, hash };
enum class LogLevel { debug, info, warning, error };

inline constexpr std::array words_of_log_addresses = {
    Word{LogAddresses::full, "full"}, Word{LogAddresses::domain, "domain"}, Word{LogAddresses::hash, "hash"}};
inline constexpr std::array words_of_log_level = {Word{LogLevel::debug, "debug"}, Word{LogLevel::info, "info"},
                                                  Word{LogLevel::warning, "warning"}, Word{LogLevel::error, "error"}};
constexpr std::span<const Word<LogAddresses>> words(LogAddresses) { return words_of_log_addresses; }
constexpr std::span<const Word<LogLevel>> words(LogLevel) { return words_of_log_level; }

struct Log {
  bool to_stderr = false;
  LogLevel level = LogLevel::info;
  LogAddresses addresses = LogAddresses::full;
};

struct Admin {
  std::string socket = "/run/zegel/admin.sock";
  std::optional<HostPort> metrics;
};

/// One loaded config. Immutable once loaded; shared by a reload's snapshot. Paths are absolute.
struct Settings {
  std::string file;  ///< where it came from
  Office office;
  Server server;
  Delivery delivery;
  Recipients recipients;
  Protect protect;
  Smime smime;
  Pgp pgp;
  Zip zip;
  Scan scan;
  Limits limits;
  Retention retention;
  State state;
  Log log;
  Admin admin;
};

}  // namespace zegel::config
