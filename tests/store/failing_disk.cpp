#include "store/failing_disk.h"

#include <cstring>

namespace zegel::store {

namespace {

struct File {
  sqlite3_file base;
  FailingDisk* disk;
  sqlite3_file* real;
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }
FailingDisk& disk(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->disk; }

#define ASK(file, what) \
  if (const int code = disk(file).ask(FailingDisk::At::what)) return code

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
    .xRead =
        [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
          ASK(f, read);
          return real(f)->pMethods->xRead(real(f), to, size, at);
        },
    .xWrite =
        [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
          ASK(f, write);
          return real(f)->pMethods->xWrite(real(f), from, size, at);
        },
    .xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); },
    .xSync =
        [](sqlite3_file* f, int flags) {
          ASK(f, sync);
          return real(f)->pMethods->xSync(real(f), flags);
        },
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); },
    .xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); },
    .xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); },
    .xCheckReservedLock = [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
    .xFileControl = [](sqlite3_file* f, int op,
                       void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); },
    .xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend,
                  void volatile** out) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, out); },
    .xShmLock = [](sqlite3_file* f, int offset, int n,
                   int flags) { return real(f)->pMethods->xShmLock(real(f), offset, n, flags); },
    .xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    .xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* own = reinterpret_cast<File*>(file);
  own->base.pMethods = nullptr;
  own->disk = nullptr;
  // Which FailingDisk this is lies behind the VFS's own fields; the real VFS is the one that was the default before.
  struct Data {
    FailingDisk* disk;
    sqlite3_vfs* real;
  };
  const auto* data = static_cast<const Data*>(vfs->pAppData);
  own->disk = data->disk;
  own->real = reinterpret_cast<sqlite3_file*>(own + 1);
  if (const int code = own->disk->ask(FailingDisk::At::open)) return code;
  const int code = data->real->xOpen(data->real, name, own->real, flags, out_flags);
  if (own->real->pMethods != nullptr) own->base.pMethods = &methods;
  return code;
}

struct Data {
  FailingDisk* disk;
  sqlite3_vfs* real;
};

sqlite3_vfs* under(sqlite3_vfs* vfs) { return static_cast<Data*>(vfs->pAppData)->real; }

}  // namespace

FailingDisk::FailingDisk() {
  sqlite3_vfs* real_vfs = sqlite3_vfs_find(nullptr);
  std::memcpy(&vfs_, real_vfs, sizeof vfs_);
  vfs_.pNext = nullptr;
  vfs_.zName = "failing-disk";
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  vfs_.pAppData = new Data{this, real_vfs};
  vfs_.xOpen = open;
  vfs_.xDelete = [](sqlite3_vfs* v, const char* name, int sync) { return under(v)->xDelete(under(v), name, sync); };
  vfs_.xAccess = [](sqlite3_vfs* v, const char* name, int flags, int* out) {
    return under(v)->xAccess(under(v), name, flags, out);
  };
  vfs_.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) {
    return under(v)->xFullPathname(under(v), name, size, out);
  };
  sqlite3_vfs_register(&vfs_, 1);
}

FailingDisk::~FailingDisk() {
  sqlite3_vfs_unregister(&vfs_);
  auto* data = static_cast<Data*>(vfs_.pAppData);
  sqlite3_vfs_register(data->real, 1);
  delete data;
}

void FailingDisk::fail(At what, int code, int after, int times) {
  what_ = At::nothing;
  code_ = code;
  wait_ = after;
  times_ = times;
  failures_ = 0;
  what_ = what;
}

int FailingDisk::ask(At what) {
  if (what_ != what) return SQLITE_OK;
  if (wait_.fetch_sub(1) > 0) return SQLITE_OK;
  if (times_.fetch_sub(1) <= 0) return SQLITE_OK;
  ++failures_;
  return code_;
}

}  // namespace zegel::store
