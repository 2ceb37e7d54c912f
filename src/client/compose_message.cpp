#include "client/compose_message.h"

#include "client/number_parts.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

/// A PKIData under construction.
struct PKIDataDraft {
  BodyPartIds ids;
  cmc::PKIDataParts parts;

  void add(const WantedControl& control) {
    parts.control_sequence.push_back({ids.next(), control.type, {control.value}});
  }
};

Result<cmc::BodyPartID> id_of(ByteView tagged_request) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{tagged_request, budget};
  const auto request = TRY(cmc::read_tagged_request(reader));
  TRY(reader.finish());
  return request.body_part_id();
}

/// What bears its id already, so that nothing else gets it. The PKCS#10 stay empty.
Result<void> add_numbered(PKIDataDraft& draft, const MessageParts& parts) {
  for (const auto& request : parts.requests) {
    draft.parts.tagged_requests.push_back(request.form == RequestForm::crmf
                                              ? TRY(tag_cert_req_msg(request.der, draft.ids)).der
                                              : Bytes{});
  }
  for (const auto& tagged : parts.tagged_requests) {
    const auto id = TRY(id_of(tagged));
    TRY(draft.ids.take(id));
    draft.parts.tagged_requests.push_back(tagged);
  }
  return {};
}

Result<void> number_certification_requests(PKIDataDraft& draft, const MessageParts& parts) {
  for (std::size_t at = 0; at < parts.requests.size(); ++at) {
    if (parts.requests[at].form == RequestForm::crmf) continue;
    draft.parts.tagged_requests[at] =
        TRY(tag_certification_request(parts.requests[at].der, draft.ids)).der;
  }
  return {};
}

WantedControl identity_control(const WantedIdentityProof& wanted, ByteView req_sequence) {
  //= C10 RFC 10004 §5.2: identityProof is sent, where a tool is told so
  if (!wanted.algorithms) {
    const auto witness = proof::identity_proof_v1_witness(wanted.known, req_sequence);
    return {cmc::oid::kIdentityProof, cmc::write_octets_value(witness)};
  }
  const auto proof = proof::make_identity_proof_v2(*wanted.algorithms, wanted.known, req_sequence);
  return {cmc::oid::kIdentityProofV2, cmc::write_identity_proof_v2(proof)};
}

}  // namespace

Result<ComposedMessage> compose_message(const MessageParts& parts) {
  PKIDataDraft draft;
  TRY(add_numbered(draft, parts));
  for (const auto& control : parts.controls) draft.add(control);
  TRY(number_certification_requests(draft, parts));
  for (const auto& control : parts.more_controls) draft.add(control);
  if (parts.identity_proof) {
    draft.add(identity_control(*parts.identity_proof,
                               cmc::write_req_sequence(draft.parts.tagged_requests)));
  }
  auto pki_data = cmc::write_pki_data(draft.parts);
  return ComposedMessage{std::move(pki_data), std::move(draft.parts.tagged_requests)};
}

}  // namespace signet::client
