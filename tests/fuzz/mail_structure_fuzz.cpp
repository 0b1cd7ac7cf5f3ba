// Any octets: the scanner answers, its ranges lie within each other in order, and every leaf is sorted and decoded or
// refused.
#include <cstdint>
#include <cstdlib>

#include "mail/canonical.h"
#include "mail/content.h"
#include "mail/structure.h"

namespace {

using namespace zegel::mail;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_surroundings(const Structure& structure, const Part& part) {
  if (part.children.empty() || !part.is_multipart()) return;
  const Part& first = structure.parts()[part.children.front()];
  const Part& last = structure.parts()[part.children.back()];
  require(part.preamble.begin == part.body.begin && part.preamble.end <= first.whole.begin);
  require(part.epilogue.begin >= last.whole.end && part.epilogue.begin <= part.epilogue.end);
  require(part.epilogue.end == part.body.end);
}

void check_ranges(const Message& message, const Structure& structure) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < structure.parts().size(); ++i) {
    const Part& part = structure.parts()[i];
    require(part.whole.begin >= at && part.whole.end <= message.size());
    require(part.header.begin == part.whole.begin && part.header.end <= part.body.begin);
    require(part.body.begin <= part.body.end && part.body.end == part.whole.end);
    at = part.children.empty() ? part.whole.end : part.body.begin;
    check_surroundings(structure, part);
    if (i == 0) continue;
    const Part& parent = structure.parts()[part.parent];
    require(part.depth == parent.depth + 1 && part.depth <= Bounds().depth);
    require(part.whole.begin >= parent.body.begin && part.whole.end <= parent.body.end);
  }
}

/// Every leaf, an attached message counted as one, is sorted once.
void check_content(const Message& message, const Structure& structure) {
  const Content content = sort_content(message, structure);
  require(content.body.size() <= 2);
  std::vector<int> seen(structure.parts().size(), 0);
  for (const std::uint32_t part : content.body) ++seen[part];
  for (const std::uint32_t part : content.inlined) {
    ++seen[part];
    require(structure.parts()[part].type == "image");
  }
  for (const Attachment& attachment : content.attachments) {
    ++seen[attachment.part];
    require(!attachment.name.empty() && attachment.name.size() <= 120);
  }
  for (std::uint32_t i = 0; i < seen.size(); ++i) {
    const Part& part = structure.parts()[i];
    bool within = false;  // an attached message
    for (std::uint32_t up = part.parent; up != Part::none; up = structure.parts()[up].parent)
      within |= !structure.parts()[up].is_multipart();
    require(seen[i] == (within || (part.is_multipart() && !part.children.empty()) ? 0 : 1));
  }
}

void check_canonical(const Message& message, const Structure& structure, const Message& canonical) {
  const Structure again = scan(canonical);
  require(again.parts().size() == structure.parts().size());
  for (std::uint32_t i = 0; i < structure.parts().size(); ++i) {
    const Part& part = structure.parts()[i];
    if (part.children.empty()) require(*decode(message, part) == *decode(canonical, again.parts()[i]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Message message(std::string(reinterpret_cast<const char*>(data), size));
  const Structure structure = scan(message);
  require(!structure.parts().empty() && structure.parts().size() <= 1'050);
  if (structure.fatal() != nullptr) return 0;
  check_ranges(message, structure);
  check_content(message, structure);
  for (const Part& part : structure.parts()) {
    if (!part.children.empty()) continue;
    (void)decode_text(message, part);
    require(decode(message, part) || !structure.sound());
  }
  const auto canonical = canonical_for_signing(message.bytes());
  if (canonical && structure.sound()) check_canonical(message, structure, Message(*canonical));
  return 0;
}
