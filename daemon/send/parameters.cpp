#include "send/parameters.h"

#include "core/text.h"

namespace zegel::send {

namespace {

/// RFC 3461 4.4 and 4.2.
constexpr std::size_t longest_envelope_id = 100;
constexpr std::size_t longest_original = 500;

std::string notify_words(const mail::Notify& notify) {
  if (notify.never) return "NEVER";
  std::string words;
  const auto add = [&words](bool wanted, std::string_view word) {
    if (wanted) words += (words.empty() ? "" : ",") + std::string(word);
  };
  add(notify.success, "SUCCESS");
  add(notify.failure, "FAILURE");
  add(notify.delay, "DELAY");
  return words;
}

}  // namespace

std::string xtext(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c > ' ' && c < 0x7F && c != '+' && c != '=') {
      out += c;
    } else {
      out += '+' + text::upper(text::hex(std::string_view(&c, 1)));
    }
  }
  return out;
}

std::string mail_parameters(std::string_view envelope_id) {
  const std::string id = xtext(envelope_id);
  if (id.empty() || id.size() > longest_envelope_id) return " RET=HDRS";
  return " RET=HDRS ENVID=" + id;
}

std::string rcpt_parameters(const mail::Recipient& recipient) {
  std::string parameters;
  const std::string words = recipient.notify.given ? notify_words(recipient.notify) : std::string();
  if (!words.empty()) parameters += " NOTIFY=" + words;
  const std::size_t type = recipient.original.find(';');
  if (type == std::string::npos || !text::is_ascii(recipient.original)) return parameters;
  const std::string original = recipient.original.substr(0, type + 1) + xtext(recipient.original.substr(type + 1));
  if (original.size() <= longest_original) parameters += " ORCPT=" + original;
  return parameters;
}

}  // namespace zegel::send
