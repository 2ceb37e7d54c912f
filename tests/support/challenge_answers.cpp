#include "support/challenge_answers.h"

#include "envelope/encrypted_data.h"
#include "proof/witness/encrypted_pop.h"
#include "support/unwrap.h"

namespace signet::test {

Bytes octets_in(const Told& told, const asn1::Oid& type) {
  const auto* found = cmc::find_control(told.controls, type);
  return found == nullptr ? Bytes{} : unwrap(cmc::read_octets_value(found->attr_values.front()));
}

std::vector<cmc::EncryptedPOP> challenges_in(const Told& told) {
  std::vector<cmc::EncryptedPOP> found;
  for (const auto& control : told.controls) {
    if (control.attr_type != cmc::oid::kEncryptedPOP) continue;
    found.push_back(unwrap(cmc::read_encrypted_pop(control.attr_values.front())));
  }
  return found;
}

SecretBytes proof_value(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key) {
  return unwrap(envelope::open_encrypted(
                    challenge.cms, key, [](const auto&) { return true; }, crypto::system_random()))
      .content;
}

cmc::DecryptedPOP answer_to(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key) {
  const auto algorithm = unwrap(crypto::mac_algorithm(challenge.the_pop_alg_id));
  return {challenge.request.body_part_id(), challenge.the_pop_alg_id,
          proof::the_pop(algorithm, proof_value(challenge, key), challenge.request.der)};
}

Bytes unsigned_request(std::uint32_t id, const Key& key, client::RequestForm form,
                       const std::string& subject) {
  if (form == client::RequestForm::crmf) {
    return tagged(
        crmf({.id = id, .subject = subject, .key = key, .possession = Possession::no_signature}));
  }
  return tagged(id,
                pkcs10({.subject = subject, .key = key, .possession = Possession::no_signature}));
}

}  // namespace signet::test
