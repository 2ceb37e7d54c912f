#pragma once

#include <variant>

#include "codec/pkix/certificate.h"

/// Cryptographic Message Syntax, RFC 5652 and RFC 5083. Values only: nothing is verified,
/// decrypted or trusted here. Reading takes BER (RFC 5652 §2: the shell may be BER); writing is
/// DER.
namespace signet::cms {

using asn1::Encoded;
using pkix::AlgorithmIdentifier;
using pkix::Attribute;
using pkix::Integer;
using pkix::Oid;

namespace oid {
inline constexpr Oid kData{"1.2.840.113549.1.7.1"};
inline constexpr Oid kSignedData{"1.2.840.113549.1.7.2"};
inline constexpr Oid kEnvelopedData{"1.2.840.113549.1.7.3"};
inline constexpr Oid kAuthenticatedData{"1.2.840.113549.1.9.16.1.2"};
inline constexpr Oid kAuthEnvelopedData{"1.2.840.113549.1.9.16.1.23"};
}  // namespace oid

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
struct ContentInfo {
  Oid content_type;
  Bytes content;  ///< the TLV inside [0], as received
  Bytes der;      ///< the whole ContentInfo as received; what read_ gives, write_ ignores
};
Result<ContentInfo> read_content_info(ByteView octets, asn1::Limits limits = asn1::Limits::ber());
Result<ContentInfo> read_content_info(asn1::Reader& reader);
Bytes write_content_info(const Oid& content_type, ByteView content);

/// EncapsulatedContentInfo. `e_content`: the OCTET STRING's contents (pieces joined), which is
/// what digests and MACs are over; none when absent (certs-only).
struct EncapsulatedContentInfo {
  Oid e_content_type;
  std::optional<Bytes> e_content;
  bool operator==(const EncapsulatedContentInfo&) const = default;
};

struct IssuerAndSerialNumber {
  pkix::Name issuer;
  Integer serial_number;
  bool operator==(const IssuerAndSerialNumber&) const = default;
};
Result<IssuerAndSerialNumber> read_issuer_and_serial_number(asn1::Reader& reader);
void write_issuer_and_serial_number(asn1::Writer& writer, const IssuerAndSerialNumber& id);

struct SubjectKeyIdentifier {
  Bytes octets;
  bool operator==(const SubjectKeyIdentifier&) const = default;
};

/// SignerIdentifier ::= CHOICE { issuerAndSerialNumber, subjectKeyIdentifier [0] }
using SignerIdentifier = std::variant<IssuerAndSerialNumber, SubjectKeyIdentifier>;

/// SignerInfo (RFC 5652 §5.3). Two attributes of one type are malformed.
struct SignerInfo {
  int version = 3;
  SignerIdentifier sid;
  AlgorithmIdentifier digest_algorithm;
  std::vector<Attribute> signed_attrs;    ///< empty when absent
  std::optional<Bytes> signed_attrs_der;  ///< as received, but with the SET tag (31) that is signed
  AlgorithmIdentifier signature_algorithm;
  Bytes signature;
  std::vector<Attribute> unsigned_attrs;
};

/// SignedData (RFC 5652 §5.1). Certificates that are not plain X.509 ([0]..[3]) are passed over and
/// counted; an empty certificates [0], as some tools send, is accepted and noted.
struct SignedData {
  int version = 3;
  std::vector<AlgorithmIdentifier> digest_algorithms;
  EncapsulatedContentInfo encap_content_info;
  std::vector<pkix::Certificate> certificates;
  std::vector<pkix::CertificateList> crls;
  std::vector<SignerInfo> signer_infos;
  bool has_empty_certificates = false;
  std::size_t other_certificates = 0;
};
Result<SignedData> read_signed_data(ByteView octets, asn1::Limits limits = asn1::Limits::ber());
Bytes write_signed_data(const SignedData& signed_data);  ///< version by RFC 5652 §5.1, SETs sorted

// ---------------------------------------------------------------- recipients (RFC 5652 §6.2)
using RecipientIdentifier = SignerIdentifier;

struct KeyTransRecipientInfo {
  int version = 0;
  RecipientIdentifier rid;
  AlgorithmIdentifier key_encryption_algorithm;
  Bytes encrypted_key;
};
/// OriginatorIdentifierOrKey; the ephemeral key's form is [1] originatorKey.
struct OriginatorPublicKey {
  AlgorithmIdentifier algorithm;
  asn1::BitString public_key;
};
using OriginatorIdentifierOrKey =
    std::variant<IssuerAndSerialNumber, SubjectKeyIdentifier, OriginatorPublicKey>;
struct RecipientEncryptedKey {
  RecipientIdentifier rid;  ///< rKeyId's date and other are dropped
  Bytes encrypted_key;
};
struct KeyAgreeRecipientInfo {
  int version = 3;
  OriginatorIdentifierOrKey originator;
  std::optional<Bytes> ukm;
  AlgorithmIdentifier key_encryption_algorithm;
  std::vector<RecipientEncryptedKey> recipient_encrypted_keys;
};
struct KekRecipientInfo {
  int version = 4;
  Bytes key_identifier;
  AlgorithmIdentifier key_encryption_algorithm;
  Bytes encrypted_key;
};
struct PasswordRecipientInfo {
  int version = 0;
  std::optional<AlgorithmIdentifier> key_derivation_algorithm;
  AlgorithmIdentifier key_encryption_algorithm;
  Bytes encrypted_key;
};
struct OtherRecipientInfo {
  Oid ori_type;
  Bytes ori_value;  ///< whole TLV
};
using RecipientInfo = std::variant<KeyTransRecipientInfo, KeyAgreeRecipientInfo, KekRecipientInfo,
                                   PasswordRecipientInfo, OtherRecipientInfo>;

struct OriginatorInfo {
  std::vector<pkix::Certificate> certificates;
  std::vector<pkix::CertificateList> crls;
};

struct EncryptedContentInfo {
  Oid content_type;
  AlgorithmIdentifier content_encryption_algorithm;
  std::optional<Bytes> encrypted_content;  ///< pieces joined
};

struct EnvelopedData {
  int version = 0;
  std::optional<OriginatorInfo> originator_info;
  std::vector<RecipientInfo> recipient_infos;
  EncryptedContentInfo encrypted_content_info;
  std::vector<Attribute> unprotected_attrs;
};
Result<EnvelopedData> read_enveloped_data(ByteView octets,
                                          asn1::Limits limits = asn1::Limits::ber());
/// The same under an IMPLICIT tag (CRMF encryptedKey [4]).
Result<EnvelopedData> read_enveloped_data(asn1::Reader& reader, asn1::Tag tag);
Bytes write_enveloped_data(const EnvelopedData& enveloped);

/// AuthEnvelopedData (RFC 5083 §2.1). `auth_attrs_der` carries the SET tag that is authenticated.
struct AuthEnvelopedData {
  int version = 0;
  std::optional<OriginatorInfo> originator_info;
  std::vector<RecipientInfo> recipient_infos;
  EncryptedContentInfo auth_encrypted_content_info;
  std::vector<Attribute> auth_attrs;
  std::optional<Bytes> auth_attrs_der;
  Bytes mac;
  std::vector<Attribute> unauth_attrs;
};
Result<AuthEnvelopedData> read_auth_enveloped_data(ByteView octets,
                                                   asn1::Limits limits = asn1::Limits::ber());
Bytes write_auth_enveloped_data(const AuthEnvelopedData& enveloped);

/// AuthenticatedData (RFC 5652 §9.1). `auth_attrs_der` carries the SET tag that is MACed.
struct AuthenticatedData {
  int version = 0;
  std::optional<OriginatorInfo> originator_info;
  std::vector<RecipientInfo> recipient_infos;
  AlgorithmIdentifier mac_algorithm;
  std::optional<AlgorithmIdentifier> digest_algorithm;
  EncapsulatedContentInfo encap_content_info;
  std::vector<Attribute> auth_attrs;
  std::optional<Bytes> auth_attrs_der;
  Bytes mac;
  std::vector<Attribute> unauth_attrs;
};
Result<AuthenticatedData> read_authenticated_data(ByteView octets,
                                                  asn1::Limits limits = asn1::Limits::ber());
Bytes write_authenticated_data(const AuthenticatedData& authenticated);

/// GCMParameters (RFC 5084 §3.2): the contents of AES-GCM AlgorithmIdentifier parameters.
/// aes-ICVlen 12 is the DEFAULT and left out when written; both encodings of 12 are read.
struct GcmParameters {
  Bytes nonce;
  std::size_t icv_octets = 12;
  bool operator==(const GcmParameters&) const = default;
};
Result<GcmParameters> read_gcm_parameters(ByteView parameters_der);
Bytes write_gcm_parameters(const GcmParameters& parameters);

/// The parameters of an AES-CBC AlgorithmIdentifier (RFC 3565 §4.1): an IV of 16 octets.
Result<Bytes> read_cbc_iv(const AlgorithmIdentifier& algorithm);

/// ECC-CMS-SharedInfo (RFC 5753 §7.2), in DER: what an agreed secret is made into a key with.
/// `key_info_der`: the AlgorithmIdentifier of the key wrap, as it stands in keyEncryptionAlgorithm.
/// `octets`: length of the wrapping key.
Bytes write_ecc_cms_shared_info(ByteView key_info_der, const std::optional<Bytes>& ukm,
                                std::size_t octets);

/// PBKDF2-params (RFC 8018 §A.2); salt as specified OCTET STRING only.
struct Pbkdf2Parameters {
  Bytes salt;
  std::int64_t iteration_count = 0;
  std::optional<std::int64_t> key_length;  ///< octets
  AlgorithmIdentifier prf;                 ///< the default, hmacWithSHA1, filled in
  bool operator==(const Pbkdf2Parameters&) const = default;
};
/// Counts below one are malformed.
Result<Pbkdf2Parameters> read_pbkdf2_parameters(ByteView parameters_der);
/// Whether deriving a key by these is bearable for a message: at most so many iterations, 1024
/// octets of salt, 64 of key. What it costs: crypto::pbkdf2_cost. Faults: too_large.
Result<void> check_pbkdf2_cost(const Pbkdf2Parameters& parameters, std::int64_t most_iterations);
Bytes write_pbkdf2_parameters(const Pbkdf2Parameters& parameters);

}  // namespace signet::cms
