#pragma once

#include "codec/cms/cms.h"
#include "crypto/private_key.h"

namespace signet::envelope {

/// What goes into a SignedData with one signer. References live for the call only.
struct SigningInput {
  asn1::Oid content_type;
  ByteView content;  ///< becomes eContent
  const crypto::PrivateKey& key;
  pkix::AlgorithmIdentifier signature_algorithm;
  cms::SignerIdentifier sid;
  std::vector<Bytes> certificates;   ///< DER, carried along
  std::optional<Time> signing_time;  ///< a signingTime attribute when given
  std::vector<Bytes> crls = {};      ///< DER, carried along
  std::vector<pkix::Attribute> unsigned_attributes = {};
};

/// A ContentInfo with a SignedData: signedAttrs always present (contentType, messageDigest).
/// Faults: unsupported_algorithm, signing_failed.
Result<Bytes> seal_signed_data(const SigningInput& input);

/// A ContentInfo with certificates, and CRLs where there are any: no eContent, no signers
/// (RFC 10002 §4.1).
Bytes seal_certificates_only(const std::vector<Bytes>& certificates,
                             const std::vector<Bytes>& crls = {});

/// A PKIData "signed" by id-alg-noSignature (RFC 10002 §C.1): the value is DER OCTET STRING of
/// SHA-1(signedAttrs) (AMB-12).
Bytes seal_without_signature(ByteView pki_data, const cms::SubjectKeyIdentifier& sid);

/// Verifies one SignerInfo over the SignedData's eContent with this key (RFC 5652 §5.4, §5.6).
/// Faults: as open_request.
Result<void> verify_signer(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                           const crypto::PublicKey& key);

/// The certificate of the SignedData that this sid names; null when it is not there.
const pkix::Certificate* find_signer_certificate(const cms::SignedData& signed_data,
                                                 const cms::SignerIdentifier& sid);

}  // namespace signet::envelope
