#include "client/dogtag_challenge.h"

#include "client/not_ours.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "proof/witness/encrypted_pop.h"

namespace signet::client {
namespace {

Result<Bytes> initialization_vector(const pkix::AlgorithmIdentifier& algorithm) {
  if (algorithm.parameters) return cmc::read_octets_value(*algorithm.parameters);
  return Error{Fault::malformed, "thePOPAlgID of the challenge names a cipher without its IV"};
}

Result<cms::EnvelopedData> read_enveloped(const cmc::EncryptedPOP& challenge) {
  if (challenge.cms.content_type == cms::oid::kEnvelopedData) {
    return cms::read_enveloped_data(challenge.cms.content);
  }
  return Error{Fault::malformed, "the challenge is no EnvelopedData"};
}

/// Whom it names as recipient says nothing: the name is a made-up one.
Result<SecretBytes> open(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key) {
  const auto iv = TRY(initialization_vector(challenge.the_pop_alg_id));
  const auto enveloped = TRY(read_enveloped(challenge));
  const auto* recipient =
      enveloped.recipient_infos.size() != 1
          ? nullptr
          : std::get_if<cms::KeyTransRecipientInfo>(&enveloped.recipient_infos.front());
  const auto& content = enveloped.encrypted_content_info.encrypted_content;
  if (recipient == nullptr || !content) {
    return Error{Fault::malformed, "the challenge has no one recipient with a transported key"};
  }
  const auto session = key.decrypt(recipient->key_encryption_algorithm, recipient->encrypted_key);
  if (!session.ok() && session.error().fault != Fault::decryption_failed) return session.error();
  if (!session.ok() || session->size() != 16) return not_ours("it does not open with our key");
  auto value = crypto::aes_cbc_decrypt_blocks(*session, iv, *content);
  if (!value.ok()) return not_ours("it does not open with our key");
  return value;
}

}  // namespace

bool is_dogtag_challenge(const cmc::EncryptedPOP& challenge) {
  return challenge.the_pop_alg_id.algorithm == pkix::oid::kAes128Cbc;
}

Result<cmc::DecryptedPOP> answer_dogtag_challenge(const cmc::EncryptedPOP& challenge,
                                                  const crypto::PrivateKey& key) {
  const auto* requested = challenge.request.public_key();
  if (requested == nullptr || *requested != key.public_key_info()) {
    return not_ours("it is about a request for another key");
  }
  const auto value = TRY(open(challenge, key));
  const auto algorithm = TRY(crypto::digest_algorithm(challenge.witness_alg_id));
  if (!constant_time_equal(proof::pop_proof_value_witness(algorithm, value), challenge.witness)) {
    return not_ours("its witness is not that of its proof value");
  }
  return cmc::DecryptedPOP{
      challenge.request.body_part_id(), challenge.the_pop_alg_id,
      proof::the_pop(crypto::MacAlgorithm::hmac_sha256, value, challenge.request.der)};
}

}  // namespace signet::client
