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

void check_ranges(const Message& message, const Structure& structure) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < structure.parts().size(); ++i) {
    const Part& part = structure.parts()[i];
    require(part.whole.begin >= at && part.whole.end <= message.size());
    require(part.header.begin == part.whole.begin && part.header.end <= part.body.begin);
    require(part.body.begin <= part.body.end && part.body.end == part.whole.end);
    at = part.children.empty() ? part.whole.end : part.body.begin;
    if (i == 0) continue;
    const Part& parent = structure.parts()[part.parent];
    require(part.depth == parent.depth + 1 && part.depth <= Bounds().depth);
    require(part.whole.begin >= parent.body.begin && part.whole.end <= parent.body.end);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Message message(std::string(reinterpret_cast<const char*>(data), size));
  const Structure structure = scan(message);
  require(!structure.parts().empty() && structure.parts().size() <= 1'050);
  if (structure.fatal() != nullptr) return 0;
  check_ranges(message, structure);
  const Content content = sort_content(message, structure);
  require(content.body.size() <= 2);
  for (const Attachment& attachment : content.attachments)
    require(!attachment.name.empty() && attachment.name.size() <= 120);
  for (const Part& part : structure.parts()) {
    if (part.children.empty()) (void)decode_text(message, part);
  }
  const auto canonical = canonical_for_signing(message.bytes());
  if (canonical && structure.sound()) require(scan(Message(*canonical)).parts().size() == structure.parts().size());
  return 0;
}
