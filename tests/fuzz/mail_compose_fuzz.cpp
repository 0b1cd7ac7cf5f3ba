// What we compose of any text, name and file, the scanner finds sound and gives back.
#include <cstdint>
#include <cstdlib>

#include "mail/compose.h"
#include "mail/content.h"
#include "mail/header.h"
#include "mail/structure.h"

namespace {

using namespace zegel::mail;

void require(bool condition) {
  if (!condition) std::abort();
}

/// LF line ends, the last line ended.
std::string normal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i];
  }
  if (!text.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view name = all.substr(0, all.find('\n'));
  const std::string_view content = all.substr(std::min(name.size() + 1, all.size()));
  std::vector<Entity> parts = {Entity::text(content), Entity::file("application/octet-stream", name, content)};
  const std::string subject = field("Subject", name);
  const Message message(compose_message(subject, Entity::multipart("multipart/mixed", {}, std::move(parts))));
  const Structure structure = scan(message);
  require(structure.sound() && structure.parts().size() == 3);
  require(fields(message.slice(structure.root().header)).size() == 3);
  require(decode(message, structure.parts()[2]) == content);
  const auto text = decode(message, structure.parts()[1]);
  require(text.has_value() && normal(*text) == normal(content));
  return 0;
}
