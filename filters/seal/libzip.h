#pragma once

#include <string>
#include <string_view>

#include <zip.h>

#include "core/handle.h"
#include "core/result.h"

/// libzip's objects with an owner. Only the sources of zegel_zip include this.
namespace zegel::seal::libzip {

/// zip_discard forgets an archive that was not closed. zip_close writes it and can fail; it takes the object only when
/// it succeeds.
using Archive = Handle<zip_t, zip_discard>;
using Source = Handle<zip_source_t, zip_source_free>;
using File = Handle<zip_file_t, zip_fclose>;

[[nodiscard]] inline std::unexpected<Error> failed(const char* what, zip_error_t* error) {
  return fail(std::string("libzip could not ") + what + ": " + zip_error_strerror(error));
}

/// libzip took it over.
template <class Owned>
void given_away(Owned& handle) {
  [[maybe_unused]] const auto* const theirs = handle.release();
}

/// Opens an archive for reading. What `source` reads from must outlive it. Error: libzip's reason.
[[nodiscard]] inline Result<Archive> open(Source source) {
  zip_error_t error;
  zip_error_init(&error);
  Archive archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!archive) return failed("open the zip again", &error);
  given_away(source);
  return archive;
}

}  // namespace zegel::seal::libzip
