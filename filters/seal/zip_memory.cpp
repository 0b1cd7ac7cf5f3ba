#include "seal/zip_memory.h"

#include <algorithm>
#include <cstring>

namespace zegel::seal::libzip {

namespace {

zip_int64_t stat(void* data, std::size_t size) {
  auto* stat = static_cast<zip_stat_t*>(data);
  zip_stat_init(stat);
  stat->size = size;
  stat->valid |= ZIP_STAT_SIZE;
  return sizeof(zip_stat_t);
}

/// Moves `at` as the arguments of a seek command in `data` say. -1: to a place that is not there.
zip_int64_t seek(std::size_t& at, std::size_t end, void* data, zip_uint64_t size, zip_error_t* error) {
  const zip_int64_t offset = zip_source_seek_compute_offset(at, end, data, size, error);
  if (offset < 0) return -1;
  at = static_cast<std::size_t>(offset);
  return 0;
}

Result<Source> make(zip_source_callback callback, void* self) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_function_create(callback, self, &error));
  if (!source) return failed("use memory", &error);
  return source;
}

}  // namespace

Target::Target(std::size_t room, std::size_t expected) : room_(room) {
  bytes_.reserve(room + expected);
  bytes_.resize(room);
  zip_error_init(&error_);
}

Result<Source> Target::source() { return make(&Target::call, this); }

zip_int64_t Target::read(void* data, zip_uint64_t size) {
  const std::size_t now = std::min<std::size_t>(size, this->size() - std::min(reading_, this->size()));
  std::memcpy(data, bytes_.data() + room_ + reading_, now);
  reading_ += now;
  return static_cast<zip_int64_t>(now);
}

zip_int64_t Target::write(const void* data, zip_uint64_t size) {
  const std::size_t at = room_ + writing_;
  const std::string_view octets(static_cast<const char*>(data), size);
  bytes_.replace(std::min(at, bytes_.size()), std::min<std::size_t>(size, bytes_.size() - std::min(at, bytes_.size())),
                 octets);
  writing_ += size;
  return static_cast<zip_int64_t>(size);
}

zip_int64_t Target::call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  auto& me = *static_cast<Target*>(self);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                            ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_BEGIN_WRITE_CLONING, ZIP_SOURCE_WRITE,
                                            ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_COMMIT_WRITE,
                                            ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_REMOVE, -1);
    case ZIP_SOURCE_STAT:
      return stat(data, me.size());
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&me.error_, data, size);
    case ZIP_SOURCE_OPEN:
      me.reading_ = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return me.read(data, size);
    case ZIP_SOURCE_SEEK:
      return seek(me.reading_, me.size(), data, size, &me.error_);
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(me.reading_);
    case ZIP_SOURCE_BEGIN_WRITE_CLONING:  // `size` octets stay as they are
    case ZIP_SOURCE_BEGIN_WRITE:
      me.writing_ = command == ZIP_SOURCE_BEGIN_WRITE ? 0 : size;
      me.bytes_.resize(me.room_ + me.writing_);
      return 0;
    case ZIP_SOURCE_WRITE:
      return me.write(data, size);
    case ZIP_SOURCE_SEEK_WRITE:
      return seek(me.writing_, me.size(), data, size, &me.error_);
    case ZIP_SOURCE_TELL_WRITE:
      return static_cast<zip_int64_t>(me.writing_);
    default:
      return 0;  // close, commit, rollback, remove, free: nothing to be done
  }
}

Result<Source> Decrypted::source() {
  zip_error_init(&error_);
  return make(&Decrypted::call, this);
}

zip_int64_t Decrypted::read(void* data, zip_uint64_t size) {
  const std::size_t now = std::min<std::size_t>(size, reader_.size() - std::min(at_, reader_.size()));
  reader_.read(at_, static_cast<char*>(data), now);
  at_ += now;
  return static_cast<zip_int64_t>(now);
}

zip_int64_t Decrypted::call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  auto& me = *static_cast<Decrypted*>(self);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    case ZIP_SOURCE_STAT:
      return stat(data, me.reader_.size());
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&me.error_, data, size);
    case ZIP_SOURCE_OPEN:
      me.at_ = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return me.read(data, size);
    case ZIP_SOURCE_SEEK:
      return seek(me.at_, me.reader_.size(), data, size, &me.error_);
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(me.at_);
    default:
      return 0;  // close, free
  }
}

}  // namespace zegel::seal::libzip
