#include "adapters/sqlite/connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "adapters/sqlite/gathered_log.h"

namespace signet::sqlite {
namespace {

// Longer than a checkpoint or another process's batch takes on a slow disk.
constexpr int kBusyMilliseconds = 5000;

std::string_view what_to_do(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "make room on the disk";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "let the server's user write the file and its directory";
    case SQLITE_CANTOPEN:
      return "make its directory, and let the server's user write that, the file, and its -wal and "
             "-shm where they are there";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "find the other process that holds the file";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "keep the file, and restore it from a backup";
    default:
      return "look at the disk and the system's log";
  }
}

Error failure(sqlite3* database, int code, std::string_view words, std::string_view path) {
  if (path.empty() && database != nullptr) {
    const char* const name = sqlite3_db_filename(database, "main");
    path = name == nullptr ? "" : name;
  }
  return {Fault::storage_failed, "the store " + std::string(path) +
                                     " failed: " + std::string(words) + " (SQLite " +
                                     std::to_string(code) + "); " + std::string(what_to_do(code))};
}

Error failure(sqlite3_stmt* statement) {
  auto* const database = sqlite3_db_handle(statement);
  return failure(database, sqlite3_extended_errcode(database), sqlite3_errmsg(database), {});
}

Error out_of_place(const std::string& path) {
  return {Fault::storage_failed,
          path +
              " was deleted or replaced while the store was open: nothing more is kept in it; "
              "stop what uses it, and restore the store from a backup"};
}

/// A store is its owner's alone from its first octet on, whatever the umask: SQLite would make it
/// under that, and gives `-wal` and `-shm` the mode of the file. One that is there is not opened:
/// closing it would drop the locks that this process holds on it.
void make_private(std::filesystem::path path) {
  constexpr int kMostLinks = 8;
  std::error_code ignored;
  for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(path, ignored); ++links) {
    path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
  }
  int made = -1;
  do {
    made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  } while (made == -1 && errno == EINTR);
  if (made >= 0) ::close(made);  // what else is wrong with the path, SQLite says
}

/// Where a write might damage what stands beside it, SQLite pads each commit, and tells of it
/// before the padding is whole.
bool may_gather(sqlite3* database) {
  int safe = -1;
  return sqlite3_file_control(database, "main", SQLITE_FCNTL_POWERSAFE_OVERWRITE, &safe) ==
             SQLITE_OK &&
         safe == 1;
}

/// What SQLite counts of its memory for all connections, under a lock at each allocation, nobody
/// asks for. Refused when SQLite runs already; then it goes on counting.
void count_no_memory() {
  [[maybe_unused]] static const int refused = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// Each commit is synced before anybody is told of it.
const std::string kDurable = "PRAGMA synchronous = FULL";
// Pages go to the log with their commit alone, so that nothing gathered is left when a transaction
// is rolled back.
const std::string kUnspilled = "PRAGMA cache_spill = OFF";

}  // namespace

Error Connection::error() const {
  return failure(database_.get(), sqlite3_extended_errcode(database_.get()),
                 sqlite3_errmsg(database_.get()), {});
}

Result<Connection> Connection::open(const std::string& path, Use use) {
  const int access =
      use == Use::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (use != Use::read) make_private(path);
  count_no_memory();
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                      use == Use::gather ? gathering_vfs() : nullptr);
  Connection connection{Database(opened)};
  if (code != SQLITE_OK) return failure(opened, code, sqlite3_errstr(code), path);
  if (use == Use::gather && !may_gather(opened)) return open(path, Use::write);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  // What stands in the file is data, whoever wrote it: no functions or writes hidden in the schema.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (use != Use::read) TRY(connection.execute(kDurable));
  if (use == Use::gather) TRY(connection.execute(kUnspilled));
  return connection;
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error();
  }
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return error();
  return Statement(made);
}

Result<std::int64_t> Connection::number(const std::string& sql) {
  const auto statement = TRY(prepare(sql));
  Run run(statement);
  if (!TRY(run.next_row())) return std::int64_t{0};
  return run.number(0);
}

Result<void> Connection::check_in_place() {
  const char* const name = sqlite3_db_filename(database_.get(), "main");
  if (name == nullptr || *name == '\0') return {};  // in memory
  int moved = 0;
  if (sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
      moved != 0) {
    return out_of_place(name);
  }
  // SQLite knows the log by its descriptor alone. It stays the same file while a connection lasts.
  const auto log = std::string(name) + "-wal";
  struct stat about {};
  if (::stat(log.c_str(), &about) != 0) return log_inode_ == 0 ? Result<void>() : out_of_place(log);
  if (log_inode_ == 0) log_inode_ = about.st_ino;
  return log_inode_ == about.st_ino ? Result<void>() : out_of_place(log);
}

bool Connection::found_damage() const {
  const int code = sqlite3_errcode(database_.get()) & 0xFF;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/// Of what failed last, if that was a COMMIT.
bool Connection::failed_behind_writing() const {
  const int code = sqlite3_extended_errcode(database_.get());
  switch (code) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_SHMLOCK:
    case SQLITE_IOERR_NOMEM:
      return true;
    default:
      return (code & 0xFF) == SQLITE_NOMEM;
  }
}

void Connection::limit_log(int most_pages) {
  log_ = std::make_unique<Log>(Log{most_pages});
  sqlite3_wal_hook(database_.get(), &note_commit, log_.get());
}

int Connection::note_commit(void* log, sqlite3* database, const char* name, int pages) {
  auto& noted = *static_cast<Log*>(log);
  noted.pages = pages;
  if (pages < noted.most_pages) return SQLITE_OK;
  noted.pages = 0;
  sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;  // the commit stands, whatever became of that
}

void Connection::carry_log_over() {
  if (log_ != nullptr) log_->pages = 0;
  sqlite3_wal_checkpoint_v2(database_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

Run& Run::with(ByteView octets) {
  // A null pointer would bind NULL instead of no octets.
  const void* const data = octets.empty() ? "" : static_cast<const void*>(octets.data());
  note(sqlite3_bind_blob64(statement_, ++parameter_, data, octets.size(), SQLITE_STATIC));
  return *this;
}

Run& Run::with(std::string_view text) {
  const char* const data = text.empty() ? "" : text.data();
  note(
      sqlite3_bind_text64(statement_, ++parameter_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Run& Run::with(std::int64_t number) {
  note(sqlite3_bind_int64(statement_, ++parameter_, number));
  return *this;
}

Run& Run::with_null() {
  note(sqlite3_bind_null(statement_, ++parameter_));
  return *this;
}

Result<bool> Run::next_row() {
  if (failed_binding_) return failure(statement_);
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return failure(statement_);
  }
}

Result<void> Run::finish() {
  while (TRY(next_row())) {
  }
  return {};
}

ByteView Run::octets(int column) const {
  const auto* const data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<Transaction> Transaction::begin(Connection& connection) {
  connection.may_have_written_ = false;
  TRY(connection.execute("BEGIN IMMEDIATE"));
  Transaction begun(connection);
  TRY(connection.check_in_place());
  return begun;
}

Transaction::~Transaction() {
  // Some failures have rolled back already.
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  static_cast<void>(connection_->execute("ROLLBACK"));
}

Result<void> Transaction::commit() {
  auto committed = connection_->execute("COMMIT");
  connection_->may_have_written_ = !committed.ok() && connection_->failed_behind_writing();
  return committed;
}

}  // namespace signet::sqlite
