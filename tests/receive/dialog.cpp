#include "dialog.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/text.h"

namespace zegel::receive {
namespace {

const std::string source_dir = ZEGEL_SOURCE_DIR;

[[noreturn]] void malformed(const Dialog& dialog, int line, const std::string& what) {
  throw std::runtime_error(dialog.name + ":" + std::to_string(line) + ": " + what);
}

unsigned number(std::string_view text, int base = 10) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

/// Resolves \r \n \0 \t \\ \xHH and {600*a}; `\c` at the end: no line end.
std::string unescape(std::string_view text) {
  std::string out;
  bool line_end = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t star = text.find('*', i);
    if (text[i] == '{' && star != std::string_view::npos && star + 2 < text.size() && text[star + 2] == '}') {
      out.append(number(text.substr(i + 1, star - i - 1)), text[star + 1]);
      i = star + 2;
    } else if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else {
      const char c = text[++i];
      if (c == 'c') line_end = false;
      if (c == 'x')
        out += static_cast<char>(number(text.substr(i + 1, 2), 16)), i += 2;
      else if (c != 'c')
        out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return line_end ? out + "\r\n" : out;
}

void apply_option(Dialog& dialog, std::string_view option, int line) {
  config::Server& server = dialog.settings->server;
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const unsigned value = equals == std::string_view::npos ? 0 : number(option.substr(equals + 1));
  if (name == "clear-only")
    dialog.under_tls = false;
  else if (name == "tls-only")
    dialog.in_clear = false;
  else if (name == "stranger")
    server.trusted.clear();
  else if (name == "require-tls")
    server.require_tls = true;
  else if (name == "no-tls")
    server.tls_certificate = server.tls_key = "", dialog.under_tls = false;
  else if (name == "no-users")
    server.users.clear();
  else if (name == "size")
    server.message_size = value;
  else if (name == "recipients")
    server.recipients = value;
  else if (name == "memory")
    server.memory = value;
  else if (name == "deliveries")
    dialog.deliveries = value;
  else
    malformed(dialog, line, "unknown option " + std::string(name));
}

void read_line(Dialog& dialog, std::string_view line, int number) {
  using Kind = Dialog::Line::Kind;
  const auto after = [&](std::string_view prefix) { return line.substr(std::min(line.size(), prefix.size())); };
  if (line.empty() || line.starts_with('#')) return;
  if (line.starts_with("with: ")) {
    for (const std::string_view option : text::split(after("with: "), ' ')) apply_option(dialog, option, number);
  } else if (line.starts_with("C: ") || line == "C:") {
    dialog.lines.push_back({Kind::client, unescape(after("C: ")), number});
  } else if (line.starts_with("S: ")) {
    dialog.lines.push_back({Kind::server, std::string(after("S: ")), number});
  } else if (line.starts_with("M: ")) {
    dialog.lines.push_back({Kind::message, unescape(after("M: ")), number});
  } else if (line == "TLS") {
    dialog.lines.push_back({Kind::handshake, "", number});
  } else if (line == "CLOSED") {
    dialog.lines.push_back({Kind::closed, "", number});
  } else {
    malformed(dialog, number, "neither C:, S:, M:, with:, TLS nor CLOSED");
  }
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  pattern.remove_prefix(star + 1);
  for (text.remove_prefix(star);; text.remove_prefix(1)) {
    if (matches(pattern, text)) return true;
    if (text.empty()) return false;
  }
}

std::shared_ptr<config::Settings> test_settings() {
  auto settings = std::make_shared<config::Settings>();
  settings->office.domains = {"kantoor.nl"};
  settings->server.hostname = "mail.kantoor.test";
  settings->server.listen = {{"127.0.0.1", 0}};
  settings->server.listen_tls = {{"127.0.0.1", 0}};
  settings->server.tls_certificate = source_dir + "/tests/net/certificates/mail.pem";
  settings->server.tls_key = source_dir + "/tests/net/certificates/mail.key";
  settings->server.users = "users";
  return settings;
}

Dialog read_dialog(const std::string& path) {
  Dialog dialog;
  dialog.name = std::filesystem::path(path).stem();
  dialog.settings = test_settings();
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + " cannot be read");
  int number = 0;
  for (std::string line; std::getline(in, line);) read_line(dialog, line, ++number);
  if (dialog.lines.empty()) malformed(dialog, 0, "nothing is said");
  if (dialog.settings->server.tls_certificate.empty()) dialog.settings->server.listen_tls.clear();
  return dialog;
}

std::vector<std::string> all_dialogs() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir + "/tests/dialogs")) {
    if (entry.path().extension() == ".dialog") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

void perform(const Dialog& dialog, Peer& peer, const std::function<void()>& last) {
  using Kind = Dialog::Line::Kind;
  const auto where = [&](const Dialog::Line& line) { return dialog.name + ".dialog:" + std::to_string(line.number); };
  std::size_t delivered = 0;
  for (std::size_t i = 0; i < dialog.lines.size(); ++i) {
    const Dialog::Line& line = dialog.lines[i];
    switch (line.kind) {
      case Kind::client: {  // lines that follow each other go in one packet
        std::string octets = line.text;
        while (i + 1 < dialog.lines.size() && dialog.lines[i + 1].kind == Kind::client)
          octets += dialog.lines[++i].text;
        peer.say(octets);
        break;
      }
      case Kind::server: {
        const std::string heard = peer.hear();
        ASSERT_TRUE(matches(line.text, heard)) << where(line) << ": wanted " << line.text << "\n  but heard " << heard;
        break;
      }
      case Kind::handshake:
        peer.shake_hands();
        break;
      case Kind::closed:
        ASSERT_EQ(peer.hear(), "<closed>") << where(line);
        break;
      case Kind::message: {
        const auto all = peer.delivered();
        ASSERT_LT(delivered, all.size()) << where(line) << ": nothing was delivered";
        EXPECT_TRUE(all[delivered].starts_with("Received: from ")) << where(line);
        std::string body = all[delivered++];
        std::size_t end = body.find("\r\n");  // the Received field goes on as long as lines begin with a tab
        while (end != std::string::npos && body.compare(end + 2, 1, "\t") == 0) end = body.find("\r\n", end + 2);
        EXPECT_EQ(body.substr(end + 2), line.text) << where(line);
        break;
      }
    }
  }
  last();
  const std::string left = peer.hear();
  EXPECT_TRUE(left == "<silence>" || left == "<closed>") << dialog.name << ": heard at the end " << left;
  EXPECT_EQ(peer.delivered().size(), dialog.deliveries) << dialog.name;
  for (const std::string& message : peer.delivered()) {
    std::string without = message;
    for (std::size_t at; (at = without.find("\r\n")) != std::string::npos;) without.erase(at, 2);
    EXPECT_EQ(without.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos)
        << dialog.name << ": a bare CR, LF or NUL got in";
  }
}

}  // namespace zegel::receive
