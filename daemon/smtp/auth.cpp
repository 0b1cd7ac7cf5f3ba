#include "smtp/auth.h"

#include "core/base64.h"
#include "core/text.h"

namespace zegel::smtp {
namespace {

constexpr std::size_t longest = 1024;  // a name or a password, RFC 4616 leaves the bound to us

bool is_sound(std::string_view value) {
  return !value.empty() && value.size() <= longest && text::is_utf8(value) && !value.contains('\0');
}

}  // namespace

std::optional<Credentials> decode_plain(std::string_view base64) {
  auto decoded = base64::decode(base64);
  if (!decoded) return std::nullopt;
  const Secret message(std::move(*decoded));
  const auto pieces = text::split(message.reveal(), '\0');
  if (pieces.size() != 3 || !is_sound(pieces[1]) || !is_sound(pieces[2])) return std::nullopt;
  if (!pieces[0].empty() && pieces[0] != pieces[1]) return std::nullopt;
  return Credentials{std::string(pieces[1]), Secret(std::string(pieces[2]))};
}

std::optional<std::string> decode_login(std::string_view base64) {
  auto decoded = base64::decode(base64);
  if (!decoded || !is_sound(*decoded)) return std::nullopt;
  return std::move(*decoded);
}

}  // namespace zegel::smtp
