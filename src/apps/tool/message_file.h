#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::tool {

/// How the octets of a file were wrapped.
enum class Wrapping { binary, pem, base64 };

/// One encoding out of a file.
struct FileObject {
  Wrapping wrapping = Wrapping::binary;
  std::string label;  ///< of PEM: "CERTIFICATE REQUEST"; else empty
  Bytes octets;
};

/// What `file` holds: each PEM block; or the octets that base64 text stands for; or itself.
/// Private keys are never given out: a PEM block whose label ends in "PRIVATE KEY" is refused.
/// Faults: malformed (also when the file is empty or other text), not_allowed for a private key.
Result<std::vector<FileObject>> unwrap(ByteView file);

/// The one message of a file: binary, PEM or base64 (RFC 10003 §4: one message a file, binary; PEM
/// and base64 are taken for convenience). Faults: as unwrap and files::read_file; malformed when
/// the file holds more than one.
Result<Bytes> read_message_file(const std::string& path);

}  // namespace signet::tool
