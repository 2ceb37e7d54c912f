#pragma once

#include "authority/certificate_authority.h"
#include "authority/response.h"
#include "authority/tolerance.h"
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
  cmc::PkiRequest message;
  Confidentiality confidentiality;
  std::vector<Tolerance> tolerated = {};  ///< what reading it took
};

/// Reads a message, after taking its encryption off where it has some. Faults: as
/// cmc::read_pki_request; as envelope::open_encrypted_message; decryption_failed, too, for what
/// cannot be read in a malleable one.
Result<ReceivedMessage> receive(const CertificateAuthority::Parts& parts, const Inquiry& inquiry);

/// Whether no octet of a malleable message can be altered and the message still pass, but by its
/// sender. The holder of a certificate is the TLS client too; the key of a request must have signed
/// all that there is. A MAC is verified after long work, whose time would tell. Faults:
/// bad_signature.
Result<void> check_bound(const envelope::OpenedRequest& opened);

/// Who signed around an encryption must be who signed inside: nobody wraps for others here.
/// Faults: unsupported_message.
Result<void> check_same_signer(const Confidentiality& confidentiality,
                               const envelope::OpenedRequest& opened);

/// Encrypts a response to an encrypted request: to the certificate that proved who asks, else to
/// the first key that a certificate was asked for; as it is when neither can be encrypted to.
/// Faults: those of sealing.
Result<Bytes> answer_in_kind(const ResponseWriter& writer, const ReceivedMessage& received,
                             Bytes response, RandomSource& random);

}  // namespace signet::authority
