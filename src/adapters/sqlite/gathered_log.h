#pragma once

namespace signet::sqlite {

/// The name of a way to open files (an SQLite VFS) that is the system's own, but for the
/// write-ahead log: what SQLite writes to it piece by piece, two pieces for each page, is gathered
/// and given to the system in large ones, before SQLite syncs it. 100 pages take four system calls
/// in place of 200, and a file system that is given many pages together spends half the time on
/// each.
///
/// Only for connections with synchronous = FULL and cache_spill = OFF (Connection::Use::gather):
/// what those write to the log is synced before anybody is told of it, themselves included, or the
/// write fails; so nothing is gathered while they do not hold the store's write lock. What is
/// gathered and not synced when the process ends was never committed. Null when SQLite has no way
/// of its own to open files.
const char* gathering_vfs();

}  // namespace signet::sqlite
