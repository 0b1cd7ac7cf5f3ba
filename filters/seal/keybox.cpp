#include "seal/keybox.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

namespace zegel::seal {

/// A blob is its length (four octets), its type (0: empty), and the rest (GnuPG, kbx/keybox-blob.c).
void scrub_keybox(const std::string& path) {
  constexpr std::size_t head = 5;
  std::error_code none;
  std::filesystem::remove(path + "~", none);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::array<unsigned char, head> blob{};
  for (std::uint64_t at = 0;
       file.seekg(static_cast<std::streamoff>(at)) && file.read(reinterpret_cast<char*>(blob.data()), head);) {
    const std::uint64_t size =
        std::uint64_t{blob[0]} << 24 | std::uint64_t{blob[1]} << 16 | std::uint64_t{blob[2]} << 8 | blob[3];
    if (size < head) return;
    if (blob[4] == 0) {
      file.seekp(static_cast<std::streamoff>(at + head));
      file << std::string(size - head, '\0') << std::flush;
    }
    at += size;
  }
}

}  // namespace zegel::seal
