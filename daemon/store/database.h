#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

/// The one place that knows SQLite. A Database and all that comes from it belongs to one thread at a time.
namespace zegel::store {

/// An accident of the disk or the database file; `what()` is one sentence for the administrator.
class Fault : public std::runtime_error {
 public:
  enum class Kind { full, failing, damaged, other };
  Fault(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// Octets to be bound as a blob.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement in use, from the binding of its values to its reset when this goes. Throws Fault.
class Rows {
 public:
  Rows(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  Rows(Rows&& other) noexcept : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)), at_(other.at_) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  /// The next row; false after the last.
  bool next();
  [[nodiscard]] std::int64_t integer(int column) const;
  /// Text or blob, copied.
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  /// Valid until next() or the end of this object.
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] bool null(int column) const;

  // Values are bound in the order in which they are given. Strings are not copied: they must outlive this object.
  void bind(std::string_view);
  void bind(Blob);
  void bind(std::nullopt_t);
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void bind(T value) {
    bind_integer(static_cast<std::int64_t>(value));
  }
  template <class T>
  void bind(const std::optional<T>& value) {
    if (value) {
      bind(*value);
    } else {
      bind(std::nullopt);
    }
  }

 private:
  void bind_integer(std::int64_t);

  sqlite3* db_;
  sqlite3_stmt* statement_;
  int at_ = 0;
};

/// A connection. Statements are prepared once and kept; their text must be a literal.
class Database {
 public:
  enum class Use { write, read };
  Database(const std::string& path, Use);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Runs a statement to its end; how many rows it changed.
  template <class... Values>
  std::size_t run(std::string_view sql, const Values&... values) {
    Rows rows = query(sql, values...);
    while (rows.next()) {}
    return changes();
  }

  /// The same statement text cannot be in use twice at a time.
  template <class... Values>
  [[nodiscard]] Rows query(std::string_view sql, const Values&... values) {
    Rows rows = start(sql);
    (rows.bind(values), ...);
    return rows;
  }

  /// The first column of the first row, or nothing.
  template <class... Values>
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view sql, const Values&... values) {
    Rows rows = query(sql, values...);
    if (!rows.next() || rows.null(0)) return std::nullopt;
    return rows.integer(0);
  }

  /// Several statements at once, without values: the schema.
  void script(const std::string& sql);

  /// Takes an index out of the schema without reading it: for one that is damaged. Its pages are lost until VACUUM.
  void forget_index(const std::string& name);

  /// Fills `room` with the blob of row `row`; false when the row is missing or not of that size.
  bool read_blob(const char* table, const char* column, std::int64_t row, char* room, std::size_t size);

  [[nodiscard]] bool in_transaction() const;
  /// Pages in the write-ahead log after the last commit of this connection.
  [[nodiscard]] int log_pages() const { return log_pages_; }
  enum class Checkpoint { pass, empty };
  /// Moves the write-ahead log into the database; `empty` also overwrites it with zeros. False: a reader was in the
  /// way.
  bool checkpoint(Checkpoint);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt*) const;
  };
  Rows start(std::string_view sql);
  [[nodiscard]] std::size_t changes() const;
  void configure(Use);

  sqlite3* db_ = nullptr;
  int log_pages_ = 0;
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// BEGIN IMMEDIATE now, ROLLBACK when it goes uncommitted.
class Transaction {
 public:
  explicit Transaction(Database& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit() { db_.run("COMMIT"); }

 private:
  Database& db_;
};

}  // namespace zegel::store
