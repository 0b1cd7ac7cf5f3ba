// Editing a header touches the fields that are meant and no other octet.
#include <cstdint>
#include <cstdlib>

#include "core/text.h"
#include "mail/header.h"

namespace {

using namespace zegel;
using mail::Field;

void require(bool condition) {
  if (!condition) std::abort();
}

/// What is left of the header without the fields of that name, by other means: cut out of a copy, last one first.
std::string cut(std::string_view header, std::string_view name) {
  std::string out(header);
  auto found = mail::find(header, name);
  for (; !found.empty(); found.pop_back()) {
    const std::string_view raw = found.back().raw;
    out.erase(static_cast<std::size_t>(raw.data() - header.data()), raw.size());
  }
  return out;
}

void check(std::string_view header, std::string_view name) {
  const auto same = [&](const Field& field) { return text::equal_folded(field.name, name); };
  const std::string kept = mail::without(header, same);
  require(kept == cut(header, name));
  require(mail::replaced(header, name, "") == kept);
  const std::string marked = mail::replaced(header, name, "X-Mark: 1\r\n");
  require(marked.size() == kept.size() + 11 * mail::find(header, name).size());
  const std::string longer = "X-First: 1\r\n" + std::string(header);
  if (header.empty() || !text::is_blank(header.front())) require(mail::fields(longer).front().raw.size() == 12);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header(reinterpret_cast<const char*>(data), size);
  std::string joined;
  const auto all = mail::fields(header);
  for (const Field& field : all) {
    require(!field.raw.empty() && field.raw.starts_with(field.name));
    const std::string value = field.value();
    require(value.size() <= field.raw.size() && value.find_first_of("\r\n") == std::string::npos);
    joined += field.raw;
  }
  require(joined == header);
  for (std::size_t i = 0; i < all.size() && i < 20; ++i) check(header, all[i].name);
  check(header, "Subject");
  for (const Field& field : mail::fields(mail::outer_fields(header))) {
    require(!text::equal_folded(field.name, "Bcc") && !text::starts_with_folded(field.name, "X-Zegel-"));
  }
  return 0;
}
