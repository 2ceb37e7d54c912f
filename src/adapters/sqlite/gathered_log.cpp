#include "adapters/sqlite/gathered_log.h"

#include <sqlite3.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace signet::sqlite {
namespace {

// The most that SQLite's own way to write a file on Unix takes at a time.
constexpr std::size_t kMostGathered = 128 * 1024 - 1;

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

/// The log as SQLite sees it. The system's own file stands behind it in the same memory, which
/// SQLite gives and takes.
struct LogFile {
  sqlite3_file base;  // first: SQLite knows a file by this
  std::unique_ptr<std::uint8_t[]> gathered;
  std::size_t octets = 0;
  sqlite3_int64 offset = 0;  ///< where in the file the gathered octets go

  [[nodiscard]] sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  [[nodiscard]] const sqlite3_io_methods& methods() { return *file()->pMethods; }

  /// Whether a piece goes right behind what was gathered.
  [[nodiscard]] bool continues(sqlite3_int64 at, std::size_t more) const {
    return at == offset + static_cast<sqlite3_int64>(octets) && octets + more <= kMostGathered;
  }

  /// Gives the system what was gathered. When that fails it is gone, as after any write that
  /// failed: SQLite takes the transaction back.
  int flush() {
    if (octets == 0) return SQLITE_OK;
    const auto count = static_cast<int>(octets);
    octets = 0;
    return methods().xWrite(file(), gathered.get(), count, offset);
  }

  int write(const void* piece, std::size_t count, sqlite3_int64 at) {
    if (!continues(at, count)) {
      if (const int failed = flush(); failed != SQLITE_OK) return failed;
      offset = at;
    }
    if (gathered == nullptr) gathered.reset(new (std::nothrow) std::uint8_t[kMostGathered]);
    if (gathered == nullptr || count > kMostGathered) {  // a page has 64 KiB at most
      return methods().xWrite(file(), piece, static_cast<int>(count), at);
    }
    std::memcpy(gathered.get() + octets, piece, count);
    octets += count;
    return SQLITE_OK;
  }
};

LogFile& log_of(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file);
}

// Each as SQLite's "sqlite3_io_methods" says; all but writes find the file as if it were written.

int close(sqlite3_file* file) {
  auto& log = log_of(file);
  const int closed = log.methods().xClose(log.file());
  log.~LogFile();  // what was not synced was not committed
  return closed;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  auto& log = log_of(file);
  if (const int failed = log.flush(); failed != SQLITE_OK) return failed;
  return log.methods().xRead(log.file(), to, count, at);
}

int write(sqlite3_file* file, const void* piece, int count, sqlite3_int64 at) {
  return log_of(file).write(piece, static_cast<std::size_t>(count), at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& log = log_of(file);
  if (const int failed = log.flush(); failed != SQLITE_OK) return failed;
  return log.methods().xTruncate(log.file(), size);
}

int sync(sqlite3_file* file, int flags) {
  auto& log = log_of(file);
  if (const int failed = log.flush(); failed != SQLITE_OK) return failed;
  return log.methods().xSync(log.file(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  auto& log = log_of(file);
  if (const int failed = log.flush(); failed != SQLITE_OK) return failed;
  return log.methods().xFileSize(log.file(), size);
}

int lock(sqlite3_file* file, int level) {
  auto& log = log_of(file);
  return log.methods().xLock(log.file(), level);
}

int unlock(sqlite3_file* file, int level) {
  auto& log = log_of(file);
  return log.methods().xUnlock(log.file(), level);
}

int check_reserved_lock(sqlite3_file* file, int* reserved) {
  auto& log = log_of(file);
  return log.methods().xCheckReservedLock(log.file(), reserved);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
  auto& log = log_of(file);
  return log.methods().xFileControl(log.file(), operation, argument);
}

int sector_size(sqlite3_file* file) {
  auto& log = log_of(file);
  return log.methods().xSectorSize(log.file());
}

int device_characteristics(sqlite3_file* file) {
  auto& log = log_of(file);
  return log.methods().xDeviceCharacteristics(log.file());
}

/// Version 1: a log is neither shared memory nor mapped.
constexpr sqlite3_io_methods kMethods{1,
                                      close,
                                      read,
                                      write,
                                      truncate,
                                      sync,
                                      file_size,
                                      lock,
                                      unlock,
                                      check_reserved_lock,
                                      file_control,
                                      sector_size,
                                      device_characteristics,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened_with) {
  auto* const vfs = system_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return vfs->xOpen(vfs, name, file, flags, opened_with);
  auto* const log = new (file) LogFile{};
  const int code = vfs->xOpen(vfs, name, log->file(), flags, opened_with);
  // SQLite closes what has methods, also when it could not be opened.
  if (log->file()->pMethods != nullptr) {
    log->base.pMethods = &kMethods;
  } else {
    log->~LogFile();
    file->pMethods = nullptr;
  }
  return code;
}

}  // namespace

const char* gathering_vfs() {
  static const char* const name = []() -> const char* {
    if (system_vfs() == nullptr) return nullptr;
    static sqlite3_vfs vfs = *system_vfs();  // all else is the system's
    vfs.zName = "signet-gathering";
    vfs.szOsFile += static_cast<int>(sizeof(LogFile));
    vfs.xOpen = open;
    vfs.pNext = nullptr;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : nullptr;
  }();
  return name;
}

}  // namespace signet::sqlite
