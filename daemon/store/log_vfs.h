#pragma once

namespace zegel::store {

/// A layer between SQLite and the disk, for the write-ahead log alone; other files go straight through. It
///   - gathers the many small writes of a transaction into few, made at the sync at the latest;
///   - keeps the log's blocks on the disk: instead of being cut to nothing it is overwritten with zeros, so that old
///   keys
///     are gone, and a sync need not wait for the file system to find new blocks.
/// The name to open a database with; registers it with SQLite at the first call. Thread-safe.
const char* log_vfs();

}  // namespace zegel::store
