#include "store/log_vfs.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <utility>

#include <sqlite3.h>

namespace zegel::store {

namespace {

constexpr std::size_t most_gathered = std::size_t{1} << 20;
/// SQLite's own layer takes no more than 17 bits of a size at a time.
constexpr std::size_t most_at_once = std::size_t{1} << 16;
/// The log grows in steps of zeros.
constexpr sqlite3_int64 growth = 1 << 20;
/// The header of a log; without it SQLite takes a log for empty (file format, section 4.1).
constexpr std::size_t header_size = 32;
constexpr int most_os_file = 2048;

const std::string& zeros() {
  static const std::string all(most_at_once, '\0');
  return all;
}

/// The write-ahead log as SQLite's writing connection sees it.
class Log {
 public:
  explicit Log(sqlite3_file* real) : real_(real) {
    sqlite3_int64 size = 0;
    if (real->pMethods->xFileSize(real, &size) == SQLITE_OK) size_ = used_ = size;
  }

  int write(const char* bytes, std::size_t count, sqlite3_int64 at) {
    if (at != at_ + static_cast<sqlite3_int64>(gathered_.size()) || gathered_.size() + count > most_gathered) {
      if (const int code = flush()) return code;
      at_ = at;
    }
    gathered_.append(bytes, count);
    return SQLITE_OK;
  }

  int flush() {
    if (gathered_.empty()) return SQLITE_OK;
    const sqlite3_int64 end = at_ + static_cast<sqlite3_int64>(gathered_.size());
    if (end > size_) grow(end + growth);
    used_ = std::max(used_, end);
    size_ = std::max(size_, end);
    const int code = put(gathered_.data(), gathered_.size(), at_);
    // Written or not: SQLite is told, and takes what failed for not written.
    gathered_.clear();
    return code;
  }

  /// In place of cutting it to nothing. First the header, for good: half a log must never be taken for a whole one.
  int blank() {
    gathered_.clear();
    if (used_ == 0) return SQLITE_OK;
    if (const int code = put(zeros().data(), header_size, 0)) return code;
    if (const int code = sync(SQLITE_SYNC_NORMAL)) return code;
    if (const int code = put_zeros(header_size, used_)) return code;
    used_ = 0;
    return sync(SQLITE_SYNC_NORMAL);
  }

  int sync(int flags) { return real_->pMethods->xSync(real_, flags); }
  sqlite3_file* real() { return real_; }

 private:
  int put(const char* bytes, std::size_t count, sqlite3_int64 at) {
    while (count > 0) {
      const std::size_t some = std::min(count, most_at_once);
      if (const int code = real_->pMethods->xWrite(real_, bytes, static_cast<int>(some), at)) return code;
      bytes += some;
      count -= some;
      at += static_cast<sqlite3_int64>(some);
    }
    return SQLITE_OK;
  }

  int put_zeros(sqlite3_int64 from, sqlite3_int64 to) {
    const auto step = static_cast<sqlite3_int64>(zeros().size());
    for (; from < to; from += step) {
      if (const int code = put(zeros().data(), static_cast<std::size_t>(std::min(step, to - from)), from)) return code;
    }
    return SQLITE_OK;
  }

  /// Best effort: when there is no room ahead there may be just enough.
  void grow(sqlite3_int64 to) {
    if (put_zeros(size_, to) == SQLITE_OK) size_ = to;
  }

  sqlite3_file* real_;
  sqlite3_int64 size_ = 0;  // of the file
  sqlite3_int64 used_ = 0;  // up to here there may be something else than zeros
  sqlite3_int64 at_ = 0;    // where what is gathered belongs
  std::string gathered_;
};

/// What SQLite allocates for us; the real file lies behind it.
struct File {
  sqlite3_file base;
  Log* log;
};

Log& log_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->log; }
sqlite3_file* real(sqlite3_file* file) { return log_of(file).real(); }

int close(sqlite3_file* file) {
  const std::unique_ptr<Log> log(&log_of(file));
  const int flushed = log->flush();
  const int closed = log->real()->pMethods->xClose(log->real());
  return flushed != SQLITE_OK ? flushed : closed;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  if (const int code = log_of(file).flush()) return code;
  return real(file)->pMethods->xRead(real(file), to, count, at);
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
  return log_of(file).write(static_cast<const char*>(from), static_cast<std::size_t>(count), at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (size == 0) return log_of(file).blank();
  if (const int code = log_of(file).flush()) return code;
  return real(file)->pMethods->xTruncate(real(file), size);
}

int sync(sqlite3_file* file, int flags) {
  if (const int code = log_of(file).flush()) return code;
  return log_of(file).sync(flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = log_of(file).flush()) return code;
  return real(file)->pMethods->xFileSize(real(file), size);
}

const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); },
    .xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); },
    .xCheckReservedLock = [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
    .xFileControl = [](sqlite3_file* f, int op,
                       void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); },
    .xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs* under() { return sqlite3_vfs_find(nullptr); }

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* vfs = under();
  assert(vfs->szOsFile + static_cast<int>(sizeof(File)) <= most_os_file);
  if ((flags & SQLITE_OPEN_WAL) == 0) return vfs->xOpen(vfs, name, file, flags, out_flags);
  auto* own = reinterpret_cast<File*>(file);
  auto* real_file = reinterpret_cast<sqlite3_file*>(own + 1);
  own->base.pMethods = nullptr;
  const int code = vfs->xOpen(vfs, name, real_file, flags, out_flags);
  if (code != SQLITE_OK) {
    if (real_file->pMethods != nullptr) real_file->pMethods->xClose(real_file);
    return code;
  }
  own->log = new Log(real_file);
  own->base.pMethods = &log_methods;
  return SQLITE_OK;
}

bool register_vfs() {
  // SQLite keeps a list of such layers for the whole process, by address.
  static sqlite3_vfs vfs = *under();
  vfs.pNext = nullptr;
  vfs.zName = "zegel-log";
  vfs.szOsFile = most_os_file;
  vfs.pAppData = nullptr;
  vfs.xOpen = open;
  vfs.xDelete = [](sqlite3_vfs*, const char* name, int how) { return under()->xDelete(under(), name, how); };
  vfs.xAccess = [](sqlite3_vfs*, const char* name, int flags, int* out) {
    return under()->xAccess(under(), name, flags, out);
  };
  vfs.xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
    return under()->xFullPathname(under(), name, size, out);
  };
  return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

}  // namespace

const char* log_vfs() {
  static const bool registered = register_vfs();
  return registered ? "zegel-log" : nullptr;
}

}  // namespace zegel::store
