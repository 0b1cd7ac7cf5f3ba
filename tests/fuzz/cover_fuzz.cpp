// An office's own cover text, and a sender's name in it: what comes out is plain text without a link.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text.h"
#include "seal/cover.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zegel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const seal::CoverFacts facts = {std::string(bytes.substr(0, 200)), "020 612 34 56", "7K3QX9M2TB", size % 2 == 0};
  const std::string shipped = seal::cover_template(Language::nl, Method::zip).render(Language::nl, facts);
  const auto own = seal::CoverTemplate::parse(bytes);
  const std::string mine = own ? own->render(Language::en, facts) : std::string();
  if (!own && (own.error().line == 0 || own.error().column == 0 || own.error().what.empty())) std::abort();
  for (const std::string* text : {&shipped, &mine}) {
    if (text->contains('\r') || text->contains('\0')) std::abort();
  }
  if (text::is_utf8(facts.sender) && !text::is_utf8(shipped + mine)) std::abort();
  return 0;
}
