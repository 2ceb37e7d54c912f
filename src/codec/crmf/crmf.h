#pragma once

#include <variant>

#include "codec/pkix/certificate.h"

/// Certificate Request Message Format, RFC 4211, as CMC uses it. Values only: no proof is checked.
namespace signet::crmf {

using asn1::BitString;
using asn1::Encoded;
using pkix::AlgorithmIdentifier;
using pkix::Integer;
using pkix::Oid;

namespace oid {
inline constexpr Oid kRegToken{"1.3.6.1.5.5.7.5.1.1"};
inline constexpr Oid kAuthenticator{"1.3.6.1.5.5.7.5.1.2"};
inline constexpr Oid kPkiPublicationInfo{"1.3.6.1.5.5.7.5.1.3"};
inline constexpr Oid kPkiArchiveOptions{"1.3.6.1.5.5.7.5.1.4"};
inline constexpr Oid kOldCertId{"1.3.6.1.5.5.7.5.1.5"};
inline constexpr Oid kProtocolEncrKey{"1.3.6.1.5.5.7.5.1.6"};
}  // namespace oid

struct OptionalValidity {
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  bool operator==(const OptionalValidity&) const = default;
};

/// CertTemplate. publicKey's `der` carries the SEQUENCE tag (it stood under [6]).
struct CertTemplate {
  std::optional<std::int64_t> version;
  std::optional<Integer> serial_number;
  std::optional<AlgorithmIdentifier> signing_alg;
  std::optional<pkix::Name> issuer;
  std::optional<OptionalValidity> validity;
  std::optional<pkix::Name> subject;
  std::optional<pkix::SubjectPublicKeyInfo> public_key;
  std::optional<BitString> issuer_uid;
  std::optional<BitString> subject_uid;
  pkix::Extensions extensions;
  bool operator==(const CertTemplate&) const = default;
};
Result<CertTemplate> read_cert_template(asn1::Reader& reader);
void write_cert_template(asn1::Writer& writer, const CertTemplate& cert_template);

/// AttributeTypeAndValue ::= SEQUENCE { type, value ANY }: a CRMF control or regInfo item.
struct AttributeTypeAndValue {
  Oid type;
  Bytes value;  ///< whole TLV
  bool operator==(const AttributeTypeAndValue&) const = default;
};

/// CertRequest. `cert_req_id` is a plain INTEGER in CRMF; CMC narrows it (see cmc::TaggedRequest).
struct CertRequest {
  Integer cert_req_id;
  CertTemplate cert_template;
  std::vector<AttributeTypeAndValue> controls;  ///< empty when absent
  bool operator==(const CertRequest&) const = default;
};
Bytes write_cert_request(const CertRequest& request);

// ------------------------------------------------------------ ProofOfPossession (RFC 4211 §4)
struct RaVerified {
  bool operator==(const RaVerified&) const = default;
};

struct PkMacValue {
  AlgorithmIdentifier alg_id;
  BitString value;
  bool operator==(const PkMacValue&) const = default;
};
/// POPOSigningKey: signature over DER CertRequest. RFC 10002 §3.2.1.2.2 forbids poposkInput;
/// it is kept unread (whole TLV) so that the refusal can name it.
struct PopoSigningKey {
  std::optional<Bytes> poposk_input;
  AlgorithmIdentifier algorithm_identifier;
  BitString signature;
  bool operator==(const PopoSigningKey&) const = default;
};
/// SubsequentMessage ::= INTEGER { encrCert(0), challengeResp(1) }
enum class SubsequentMessage : std::uint8_t { encrCert = 0, challengeResp = 1 };
struct ThisMessage {
  BitString value;
  bool operator==(const ThisMessage&) const = default;
};
struct DhMac {
  BitString value;
  bool operator==(const DhMac&) const = default;
};
struct EncryptedKey {
  Bytes tlv;
  bool operator==(const EncryptedKey&) const = default;
};  ///< [4], unread
using PopoPrivKey = std::variant<ThisMessage, SubsequentMessage, DhMac, PkMacValue, EncryptedKey>;
struct KeyEncipherment {
  PopoPrivKey method;
  bool operator==(const KeyEncipherment&) const = default;
};
struct KeyAgreement {
  PopoPrivKey method;
  bool operator==(const KeyAgreement&) const = default;
};

using ProofOfPossession = std::variant<RaVerified, PopoSigningKey, KeyEncipherment, KeyAgreement>;

/// CertReqMsg. `cert_req.der` is what popo.signature is over.
struct CertReqMsg {
  Encoded<CertRequest> cert_req;
  std::optional<ProofOfPossession> popo;
  std::vector<AttributeTypeAndValue> reg_info;  ///< must be empty in CMC; kept for the refusal
  Bytes der;                                    ///< with the SEQUENCE tag
};
/// At the reader's place; `tag` is [1] constructed inside a TaggedRequest.
Result<CertReqMsg> read_cert_req_msg(asn1::Reader& reader, asn1::Tag tag = asn1::kSequence);
/// `cert_request_der` stands as it is.
Bytes write_cert_req_msg(ByteView cert_request_der, const std::optional<ProofOfPossession>& popo,
                         asn1::Tag tag = asn1::kSequence);
/// CertReqMessages ::= SEQUENCE OF CertReqMsg: not used in CMC, what CRMFPopClient writes to files.
Result<std::vector<CertReqMsg>> read_cert_req_messages(ByteView octets);

// ------------------------------------------------------------ controls
struct SinglePubInfo {
  std::int64_t pub_method = 0;  ///< dontCare 0, x500 1, web 2, ldap 3
  std::optional<pkix::GeneralName> pub_location;
  bool operator==(const SinglePubInfo&) const = default;
};
struct PKIPublicationInfo {
  std::int64_t action = 0;  ///< dontPublish 0, pleasePublish 1
  std::vector<SinglePubInfo> pub_infos;
  bool operator==(const PKIPublicationInfo&) const = default;
};
Result<PKIPublicationInfo> read_pki_publication_info(asn1::Reader& reader);
void write_pki_publication_info(asn1::Writer& writer, const PKIPublicationInfo& info);

}  // namespace signet::crmf
