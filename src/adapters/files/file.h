#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::files {

/// Whole file. Faults: storage_failed with the path and the system's words; too_large over `most`.
Result<Bytes> read_file(const std::string& path, std::size_t most = 16 * 1024 * 1024);
/// That nobody but its owner may read or write the file; where root owns it, its group may read it.
/// Faults: bad_configuration, with its mode and what to do; storage_failed.
Result<void> check_is_private(const std::string& path);
/// Whole file of a private key or the like, which must be private. Faults: also as read_file.
Result<SecretBytes> read_private_file(const std::string& path);
/// Writes beside, syncs, renames over: never half a file. Mode 0644. A device or a pipe, and what
/// this process holds open (/dev/stdout, /dev/fd/3), is written to and stays, the latter from where
/// its descriptor stands; a link is replaced; other things are refused. Faults: storage_failed.
Result<void> write_file(const std::string& path, ByteView octets);
/// The same with mode 0600; of what is no file, it takes a character device, and a pipe that this
/// process holds open.
Result<void> write_secret_file(const std::string& path, ByteView octets);
/// Whether what stands there is none of the files that writing replaces: a device, a pipe, a
/// folder, what this process holds open.
bool is_left_in_place(const std::string& path);
/// Whether what is written there comes out of this process's standard output: /dev/stdout.
bool is_standard_output(const std::string& path);
/// A passphrase kept in a file: its first line without the line end.
Result<SecretBytes> read_passphrase_file(const std::string& path);

}  // namespace signet::files
