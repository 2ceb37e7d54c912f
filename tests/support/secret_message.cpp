#include "support/secret_message.h"

#include "envelope/authenticated_data.h"
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"
#include "support/unwrap.h"

namespace signet::test {

using client::RequestForm;

Bytes SecretMessage::authenticate(const Bytes& content) const {
  const SecretBytes password{std::string_view(identification + secret)};
  auto sealed = unwrap(envelope::seal_authenticated_data({cmc::oid::kPKIData, content, password},
                                                         crypto::system_random()));
  if (!edit_authenticated_data) return sealed;
  auto data = unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(sealed)).content));
  edit_authenticated_data(data);
  return cms::write_content_info(cms::oid::kAuthenticatedData, cms::write_authenticated_data(data));
}

Bytes SecretMessage::witness() const {
  const SecretBytes shared{std::string_view(link_secret)};
  proof::SharedKnowledge known{shared, std::nullopt};
  if (link_with_identification) known.identification = identification;
  const auto& random = witness_of ? *witness_of : link_random.value_or(Bytes(64, 7));
  if (version == 1) return cmc::write_octets_value(proof::pop_link_v1_witness(known, random));
  auto value = unwrap(proof::make_pop_link_witness_v2(known, random));
  if (link_key) value.key_gen_algorithm = *link_key;
  value.mac_algorithm = crypto::algorithm_identifier(link_mac);
  proof::LinkKeys keys;
  value.witness =
      unwrap(proof::pop_link_v2_witness(value.key_gen_algorithm, value.mac_algorithm, known, random,
                                        keys, link_computation.value_or(computation)));
  return cmc::write_pop_link_witness_v2(value);
}

Bytes SecretMessage::request(std::uint32_t id) const {
  const auto type = version == 1 ? cmc::oid::kPopLinkWitness : link_type;
  if (form == RequestForm::crmf) {
    CrmfInput input{.id = id, .subject = subject, .key = key, .extensions = extensions};
    if (link_random) input.controls.push_back({type, witness()});
    return tagged(crmf(input));
  }
  Pkcs10Input input{.subject = subject, .key = key, .extensions = extensions};
  if (link_random) input.attributes.push_back(attribute(type, witness()));
  return tagged(id, pkcs10(input));
}

Bytes SecretMessage::encode() const {
  std::vector<Bytes> requests{request()};
  requests.insert(requests.end(), more_requests.begin(), more_requests.end());
  const auto sequence = cmc::write_req_sequence(requests);
  const SecretBytes shared{std::string_view(secret)};
  const proof::SharedKnowledge known{shared, identification};
  const auto& over = proof_over ? *proof_over : sequence;
  auto proof = proof::make_identity_proof_v2({hash, mac}, known, over);
  proof.witness = proof::identity_proof_v2_witness({hash, mac}, known, over, computation);

  std::vector<cmc::TaggedAttribute> controls{
      control(1, cmc::oid::kSenderNonce,
              cmc::write_octets_value(Bytes(16, static_cast<std::uint8_t>(nonce)))),
      control(2, cmc::oid::kIdentification, cmc::write_utf8_value(identification)),
      version == 1 ? control(3, cmc::oid::kIdentityProof,
                             cmc::write_octets_value(proof::identity_proof_v1_witness(known, over)))
                   : control(3, cmc::oid::kIdentityProofV2, cmc::write_identity_proof_v2(proof))};
  if (link_random) {
    controls.push_back(control(4, cmc::oid::kPopLinkRandom, cmc::write_octets_value(*link_random)));
  }
  if (edit_controls) edit_controls(controls);
  cmc::PKIDataParts parts;
  parts.control_sequence = std::move(controls);
  parts.tagged_requests = std::move(requests);
  for (const auto& [id, inside] : messages) {
    parts.cms_sequence.push_back({cmc::BodyPartID{id}, unwrap(cms::read_content_info(inside))});
  }
  const auto content = cmc::write_pki_data(parts);
  if (in_authenticated_data) return authenticate(content);
  SignedMessage message{.content = content};
  message.signers = {signed_by_request_key(key, key_identifier_of(*key))};
  return message.encode();
}

}  // namespace signet::test
