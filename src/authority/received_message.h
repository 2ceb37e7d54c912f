#pragma once

#include "authority/certificate_authority.h"
#include "envelope/encrypted_message.h"

namespace signet::authority {

/// What stood around a message (RFC 10002 §5), so that its answer goes back in kind.
struct Confidentiality {
  envelope::EncryptionShape shape = envelope::EncryptionShape::none;
  envelope::EncryptionStyle style = {};
  std::optional<pkix::Certificate> outer_signer = {};

  /// Whether others could alter what it holds without its key (EnvelopedData): what was decrypted
  /// may then tell nothing until a signature or MAC shows that its sender knew it, or the answers
  /// would be an oracle.
  [[nodiscard]] bool is_malleable() const;
};

/// A message as it came, or what was encrypted in it.
struct ReceivedMessage {
  Inquiry inquiry;  ///< its octets those of the message inside
  Time now;         ///< when it was received: the one time of what is decided on it
  cmc::PkiRequest message;
  Confidentiality confidentiality;
};

/// Reads a message, after taking its encryption off where it has some. Faults: as
/// cmc::read_pki_request; as envelope::open_encrypted_message; decryption_failed, too, for what
/// cannot be read in a malleable one. `tolerated`: where is noted what reading it took, the
/// transport's part too.
Result<ReceivedMessage> receive(const CertificateAuthority::Parts& parts, const Inquiry& inquiry,
                                proof::UsedTolerances& tolerated);

}  // namespace signet::authority
