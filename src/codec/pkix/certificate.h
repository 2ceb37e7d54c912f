#pragma once

#include "codec/pkix/extension.h"

namespace signet::pkix {

struct Validity {
  Time not_before;
  Time not_after;
  bool operator==(const Validity&) const = default;
};

/// TBSCertificate (RFC 5280 §4.1). `version` as printed by people: 1, 2 or 3.
struct TBSCertificate {
  int version = 3;
  Integer serial_number;
  AlgorithmIdentifier signature;
  Name issuer;
  Validity validity;
  Name subject;
  SubjectPublicKeyInfo subject_public_key_info;
  std::optional<BitString> issuer_unique_id;
  std::optional<BitString> subject_unique_id;
  Extensions extensions;  ///< empty when absent
  bool operator==(const TBSCertificate&) const = default;
};

/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
/// Reading checks form only, and that both signature algorithms are the same (RFC 5280 §4.1.1.2).
/// Does not check that notBefore precedes notAfter, names, keys, or the signature.
struct Certificate {
  Encoded<TBSCertificate> tbs;
  AlgorithmIdentifier signature_algorithm;
  BitString signature_value;
  Bytes der;  ///< the whole certificate as received
  bool operator==(const Certificate& other) const { return der == other.der; }

  [[nodiscard]] const TBSCertificate* operator->() const { return &tbs.value; }
  /// The subjectKeyIdentifier extension's octets; none when absent or malformed.
  [[nodiscard]] std::optional<Bytes> subject_key_identifier() const;
  [[nodiscard]] bool has_extended_key_usage(const Oid& purpose) const;
};

/// CertificateSerialNumber, of any sign and up to 64 octets. Faults: malformed, too_large.
Result<Integer> read_serial_number(asn1::Reader& reader);
Result<Certificate> read_certificate(ByteView der);
/// One certificate at the reader's place.
Result<Certificate> read_certificate(asn1::Reader& reader);
Bytes write_tbs_certificate(const TBSCertificate& tbs);
/// The TBSCertificate in a certificate, as it stands there. Looks no further. Faults: malformed.
Result<ByteView> tbs_tlv_of(ByteView certificate_der);
/// Puts the three parts together; `tbs_der` stands as it is.
Bytes write_certificate(ByteView tbs_der, const AlgorithmIdentifier& algorithm,
                        const BitString& signature);

/// CertificateList (RFC 5280 §5).
struct RevokedCertificate {
  Integer user_certificate;
  Time revocation_date;
  Extensions crl_entry_extensions;
  bool operator==(const RevokedCertificate&) const = default;
};
struct TBSCertList {
  int version = 2;
  AlgorithmIdentifier signature;
  Name issuer;
  Time this_update;
  std::optional<Time> next_update;
  std::vector<RevokedCertificate> revoked_certificates;
  Extensions crl_extensions;
  bool operator==(const TBSCertList&) const = default;
};
struct CertificateList {
  Encoded<TBSCertList> tbs;
  AlgorithmIdentifier signature_algorithm;
  BitString signature_value;
  Bytes der;
};
Result<CertificateList> read_certificate_list(ByteView der);
Bytes write_tbs_cert_list(const TBSCertList& tbs);
Bytes write_certificate_list(ByteView tbs_der, const AlgorithmIdentifier& algorithm,
                             const BitString& signature);

/// PEM, one after another.
std::string to_pem(const std::vector<Certificate>& certificates);

}  // namespace signet::pkix
