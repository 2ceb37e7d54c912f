#pragma once

#include <memory>
#include <string>

#include "adapters/files/replacement.h"
#include "base/random_source.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::tool {

/// A stream of octets sealed under a passphrase, of any length, a piece at a time:
///
///   "signet-backup 1\n" || salt (16) || piece*
///   piece = length of sealed (4 octets, big-endian) || sealed
///   sealed = AES-256-GCM, as crypto::SealingKey, of up to 1 MiB
///            key = PBKDF2-HMAC-SHA256(passphrase, salt, 600 000)
///            additional = number of the piece (8 octets, big-endian) || 1 for the last, else 0
///
/// so that no piece can be changed, left out, moved, or taken for the end.
class SealedWriter {
 public:
  /// Writes into `replacement`, which takes the place of `path` once finish() was called.
  /// Faults: storage_failed.
  static Result<std::unique_ptr<SealedWriter>> create(files::Replacement replacement,
                                                      const std::string& path,
                                                      const SecretBytes& passphrase,
                                                      RandomSource& random);
  ~SealedWriter();
  /// Faults: storage_failed, internal.
  Result<void> write(ByteView octets);
  /// `line` and a line feed, as read_line gives it back. Faults: too_large over 64 KiB; as write.
  Result<void> write_line(std::string_view line);
  /// The end; once. Faults: as write.
  Result<void> finish();

 private:
  struct Impl;
  explicit SealedWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class SealedReader {
 public:
  /// Faults: storage_failed; malformed (no such stream).
  static Result<std::unique_ptr<SealedReader>> open(const std::string& path,
                                                    const SecretBytes& passphrase);
  ~SealedReader();
  /// Exactly so many octets, all of them authentic. Faults: decryption_failed (the passphrase, or a
  /// changed octet), malformed (the stream ends before), storage_failed.
  Result<Bytes> read(std::size_t octets);
  /// Up to and without the next line feed, at most 64 KiB. Faults: as read.
  Result<std::string> read_line();
  /// Whether all was read. Faults: as read.
  Result<bool> at_end();

 private:
  struct Impl;
  explicit SealedReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::tool
