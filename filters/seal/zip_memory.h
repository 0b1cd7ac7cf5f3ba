#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "seal/libzip.h"
#include "seal/winzip_aes.h"

/// Memory that libzip reads and writes in place, where its own buffers would hold everything twice.
namespace zegel::seal::libzip {

/// A zip being written to a string, behind some octets that are kept free.
class Target {
 public:
  /// `expected`: about how large the zip will be; more room is made when it is not enough.
  Target(std::size_t room, std::size_t expected);

  /// For zip_open_from_source. This must outlive it.
  [[nodiscard]] Result<Source> source();
  /// Of the zip as it stands.
  [[nodiscard]] std::size_t size() const { return bytes_.size() - room_; }
  /// The free octets and the zip.
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  static zip_int64_t call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command);
  zip_int64_t read(void* data, zip_uint64_t size);
  zip_int64_t write(const void* data, zip_uint64_t size);

  std::size_t room_;
  std::string bytes_;
  std::size_t reading_ = 0;  ///< offsets in the zip
  std::size_t writing_ = 0;
  zip_error_t error_ = {};
};

/// An encrypted entry as libzip reads a zip that is in it.
class Decrypted {
 public:
  explicit Decrypted(winzip_aes::Reader reader) : reader_(std::move(reader)) {}

  /// For zip_open_from_source. This must outlive it.
  [[nodiscard]] Result<Source> source();
  [[nodiscard]] winzip_aes::Reader& reader() { return reader_; }

 private:
  static zip_int64_t call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command);
  zip_int64_t read(void* data, zip_uint64_t size);

  winzip_aes::Reader reader_;
  std::size_t at_ = 0;
  zip_error_t error_ = {};
};

}  // namespace zegel::seal::libzip
