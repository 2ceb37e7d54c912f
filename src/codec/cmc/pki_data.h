#pragma once

#include <variant>

#include "codec/cmc/body_part.h"
#include "codec/cmc/oids.h"
#include "codec/cms/cms.h"
#include "codec/crmf/crmf.h"
#include "codec/pkix/certification_request.h"

/// The messages of CMC, RFC 10002 §3.2.1 and §4.2.1. Reading checks form only; that ids are unique,
/// controls known, in direction and single is authority/check_message.
namespace signet::cmc {

/// TaggedAttribute: a control. Exactly one value is legal for every control of RFC 10002 (AMB-27);
/// what came is kept so that the refusal can name the control.
struct TaggedAttribute {
  BodyPartID body_part_id;
  asn1::Oid attr_type;
  std::vector<Bytes> attr_values;  ///< whole TLVs
  bool operator==(const TaggedAttribute&) const = default;
};

struct TaggedCertificationRequest {
  BodyPartID body_part_id;
  pkix::CertificationRequest certification_request;
};
/// crm [1]: the body part id is certReq.certReqId; outside 0..4294967295 it is malformed.
struct TaggedCertReqMsg {
  BodyPartID body_part_id;
  crmf::CertReqMsg cert_req_msg;
};
/// orm [2]
struct OtherReqMsg {
  BodyPartID body_part_id;
  asn1::Oid request_message_type;
  Bytes request_message_value;  ///< whole TLV
};

/// TaggedRequest ::= CHOICE { tcr [0], crm [1], orm [2] }. `der` is what EncryptedPOP.request
/// echoes and what thePOP is MACed over (AMB-4): the outer tag included, as received.
struct TaggedRequest {
  std::variant<TaggedCertificationRequest, TaggedCertReqMsg, OtherReqMsg> choice;
  Bytes der;

  [[nodiscard]] BodyPartID body_part_id() const;
  /// What is asked for, whichever form it came in; null or empty for orm.
  [[nodiscard]] const pkix::SubjectPublicKeyInfo* public_key() const;
  [[nodiscard]] const pkix::Name* subject() const;
  [[nodiscard]] Result<pkix::Extensions> extensions() const;
  /// The values (whole TLVs) of every attribute of this type in a PKCS#10, of every such control in
  /// a CertRequest; none for orm. They live as long as the request.
  [[nodiscard]] std::vector<ByteView> attribute_values(const asn1::Oid& type) const;
};
Result<TaggedRequest> read_tagged_request(asn1::Reader& reader);
Bytes write_tagged_request(BodyPartID id, ByteView certification_request_der);  ///< tcr
/// crm: `cert_req_msg_der` carries the SEQUENCE tag; its certReqId is the id.
Bytes write_tagged_request(ByteView cert_req_msg_der);

struct TaggedContentInfo {
  BodyPartID body_part_id;
  cms::ContentInfo content_info;
};
struct OtherMsg {
  BodyPartID body_part_id;
  asn1::Oid other_msg_type;
  Bytes other_msg_value;  ///< whole TLV
};

/// PKIData (content type id-cct-PKIData). `req_sequence_der` is reqSequence exactly as received,
/// SEQUENCE tag and length included: what identityProof is MACed over (RFC 10002 §6.2.1).
struct PKIData {
  std::vector<TaggedAttribute> control_sequence;
  std::vector<TaggedRequest> req_sequence;
  std::vector<TaggedContentInfo> cms_sequence;
  std::vector<OtherMsg> other_msg_sequence;
  Bytes req_sequence_der;
};
Result<PKIData> read_pki_data(ByteView octets, asn1::Limits limits = asn1::Limits::ber());
/// Of a PKIData that cannot be read as a whole: those of its controls that can.
std::vector<TaggedAttribute> legible_controls(ByteView pki_data);

/// What is written: requests and nested messages stand as their octets.
struct PKIDataParts {
  std::vector<TaggedAttribute> control_sequence;
  std::vector<Bytes> tagged_requests;
  std::vector<TaggedContentInfo> cms_sequence;
  std::vector<OtherMsg> other_msg_sequence;
};
Bytes write_pki_data(const PKIDataParts& parts);
/// reqSequence alone, as write_pki_data puts it: what the client MACs.
Bytes write_req_sequence(const std::vector<Bytes>& tagged_requests);

/// PKIResponse (content type id-cct-PKIResponse).
struct PKIResponse {
  std::vector<TaggedAttribute> control_sequence;
  std::vector<TaggedContentInfo> cms_sequence;
  std::vector<OtherMsg> other_msg_sequence;
};
Result<PKIResponse> read_pki_response(ByteView octets, asn1::Limits limits = asn1::Limits::ber());
Bytes write_pki_response(const PKIResponse& response);

/// The first control of this type, or null.
const TaggedAttribute* find_control(const std::vector<TaggedAttribute>& controls,
                                    const asn1::Oid& type);
/// All controls of this type, in their order. They live as long as `controls`.
std::vector<const TaggedAttribute*> find_controls(const std::vector<TaggedAttribute>& controls,
                                                  const asn1::Oid& type);
/// The first message of a cmsSequence with this id, or null.
const TaggedContentInfo* find_message(const std::vector<TaggedContentInfo>& cms_sequence,
                                      BodyPartID id);

/// CMCUnsignedData (RFC 10002 §3.2.3): value of the unsigned attribute kCMCUnsignedData.
struct CMCUnsignedData {
  BodyPartPath body_part_path;
  asn1::Oid identifier;
  Bytes content;  ///< whole TLV
  bool operator==(const CMCUnsignedData&) const = default;
};
Result<CMCUnsignedData> read_cmc_unsigned_data(ByteView der);
Bytes write_cmc_unsigned_data(const CMCUnsignedData& data);

}  // namespace signet::cmc
