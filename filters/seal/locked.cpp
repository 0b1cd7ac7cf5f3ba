#include "seal/locked.h"

namespace zegel::seal {

bool is_locked(std::string_view file) {
  return is_locked_zip(file) || is_locked_7z(file) || is_locked_pdf(file) || is_locked_office(file);
}

}  // namespace zegel::seal
