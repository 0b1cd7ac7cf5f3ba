#include "smtp/received.h"

#include "core/text.h"

namespace zegel::smtp {

std::string received_field(const Trace& trace) {
  std::string field = "Received: from ";
  field += trace.helo;
  field += " ([";
  if (trace.address.contains(':')) field += "IPv6:";
  field += trace.address;
  field += "])\r\n";
  if (!trace.tls.empty()) {
    field += "\t(using ";
    field += trace.tls;
    field += ")\r\n";
  }
  field += "\tby ";
  field += trace.hostname;
  field += " (Zegel) with ";
  field += trace.protocol;
  field += " id ";
  field += trace.id;
  field += ";\r\n\t" + mail_date(trace.at) + "\r\n";
  return field;
}

std::string protocol_word(bool extended, bool tls, bool authenticated, bool utf8) {
  if (!extended) return "SMTP";
  std::string word = utf8 ? "UTF8SMTP" : "ESMTP";
  if (tls) word += 'S';
  if (authenticated) word += 'A';
  return word;
}

std::size_t count_received(std::string_view message) {
  std::size_t count = 0;
  while (!message.empty() && !message.starts_with("\r\n")) {
    if (text::starts_with_folded(message, "received:")) ++count;
    const std::size_t end = message.find('\n');
    if (end == std::string_view::npos) break;
    message.remove_prefix(end + 1);
  }
  return count;
}

}  // namespace zegel::smtp
