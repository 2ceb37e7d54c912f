#pragma once

#include <optional>

#include "codec/cms/cms.h"
#include "crypto/digest.h"

namespace signet::envelope {

/// What the signed attributes of one signer say of the content beside them.
struct AttributeCheck {
  crypto::DigestAlgorithm digest_algorithm;
  bool digest_agrees;  ///< messageDigest is the digest of eContent
};

/// Reads contentType and messageDigest (RFC 5652 §11) and holds them against the content.
///
/// A digest that does not agree is told, not refused, so that the caller does the same work and
/// gives the same answer as for a wrong signature.
/// Faults: malformed (an attribute missing, doubled or without exactly one value; no content);
/// bad_signature (no signedAttrs at all, another contentType); unsupported_algorithm.
Result<AttributeCheck> check_signed_attributes(const cms::SignedData& signed_data,
                                               const cms::SignerInfo& signer);

/// The same for the authAttrs of an AuthenticatedData that has them, digestAlgorithm and content
/// (RFC 5652 §9.2): whether messageDigest is the digest of the content.
Result<bool> check_authenticated_attributes(const cms::AuthenticatedData& authenticated);

/// Whether the authAttrs of an AuthEnvelopedData say what its content is (RFC 5083 §2.1).
/// Faults: malformed, bad_signature (another type).
Result<void> check_content_type_attribute(const std::vector<pkix::Attribute>& attributes,
                                          const asn1::Oid& content_type);
/// authAttrs with contentType alone, as a DER SET OF: what is authenticated beside the content.
Bytes write_content_type_attribute(const asn1::Oid& content_type);

/// The signingTime attribute (RFC 5652 §11.3); none when the signer sent none. Faults: malformed.
Result<std::optional<Time>> signing_time(const cms::SignerInfo& signer);
/// The same among the authAttrs of an AuthenticatedData.
Result<std::optional<Time>> signing_time(const cms::AuthenticatedData& authenticated);

/// The signed attributes of a new signature, as a DER SET OF: what is signed.
Bytes write_signed_attributes(const asn1::Oid& content_type, ByteView message_digest,
                              std::optional<Time> signing_time);

}  // namespace signet::envelope
