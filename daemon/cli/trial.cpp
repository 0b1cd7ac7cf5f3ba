#include "cli/trial.h"

#include "cli/exits.h"
#include "cli/known.h"
#include "core/random.h"
#include "materials.h"

namespace zegel::cli {

namespace {

/// Files have LF; what comes over SMTP has CRLF.
std::string with_crlf(const std::string& text) {
  if (text.find("\r\n") != std::string::npos) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

bool fill_envelope(const Trial& trial, mail::Envelope& envelope) {
  if (trial.from != "<>") {
    auto from = mail::parse_mailbox(trial.from);
    if (!from) return complain(exit_data, "--from " + trial.from + ": " + from.error().why), false;
    envelope.from = std::move(*from);
  }
  for (const std::string& to : trial.to) {
    auto mailbox = mail::parse_mailbox(to);
    if (!mailbox) return complain(exit_data, "--to " + to + ": " + mailbox.error().why), false;
    envelope.to.push_back({.mailbox = std::move(*mailbox)});
  }
  return true;
}

}  // namespace

mail::Message sample_letter(const std::string& from, const std::string& to) {
  return mail::Message(
      "From: <" + from + ">\r\nTo: <" + to +
      ">\r\nSubject: sample\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"sample\"\r\n\r\n"
      "--sample\r\nContent-Type: text/plain\r\n\r\nsample\r\n"
      "--sample\r\nContent-Type: application/pdf; name=\"sample.pdf\"\r\nContent-Disposition: attachment\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nc2FtcGxl\r\n--sample--\r\n");
}

std::optional<Trialled> prepare(const Session& session, const Trial& trial, int& exit) {
  auto settings = settings_of(session);
  exit = exit_config;
  if (!settings) return std::nullopt;
  Trialled trialled;
  exit = exit_data;
  if (!fill_envelope(trial, trialled.envelope)) return std::nullopt;
  trialled.message = sample_letter(trial.from, trial.to.front());
  if (!trial.file.empty()) {
    const auto file = read_input(trial.file);
    exit = exit_no_input;
    if (!file) return std::nullopt;
    trialled.message = mail::Message(with_crlf(*file));
  }
  trialled.reference = new_reference();
  auto known = known_now(session, *settings);
  if (!known) return exit = known.error(), std::nullopt;
  trialled.known = std::move(*known);
  trialled.snapshot = make_snapshot(std::move(*settings));
  exit = exit_ok;
  return trialled;
}

}  // namespace zegel::cli
