#include "client/answer_challenge.h"

#include <algorithm>

#include "client/not_ours.h"
#include "codec/pkix/oids.h"
#include "envelope/encrypted_data.h"
#include "proof/witness/encrypted_pop.h"

namespace signet::client {
namespace {

bool is_request_of(const cmc::TaggedRequest& request, const SentRequest& sent) {
  const auto& requests = sent.tagged_requests;
  return std::find(requests.begin(), requests.end(), request.der) != requests.end();
}

/// The recipient is named by the request's subjectKeyIdentifier, or by the NULL name and its id.
envelope::IsRecipient recipient_for(const cmc::TaggedRequest& request) {
  Bytes identifier;
  if (const auto extensions = request.extensions(); extensions.ok()) {
    const auto* found = pkix::find_extension(*extensions, pkix::oid::kSubjectKeyIdentifier);
    auto read = found == nullptr ? Result<Bytes>{Bytes{}}
                                 : pkix::read_subject_key_identifier(found->extn_value);
    if (read.ok()) identifier = std::move(read).value();
  }
  const auto id = request.body_part_id();
  return [identifier = std::move(identifier), id](const cms::RecipientIdentifier& rid) {
    if (const auto* key = std::get_if<cms::SubjectKeyIdentifier>(&rid)) {
      return !identifier.empty() && key->octets == identifier;
    }
    const auto& named = std::get<cms::IssuerAndSerialNumber>(rid);
    return named.issuer.empty() && named.serial_number.to_uint64() == id.value;
  };
}

Result<SecretBytes> open(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key,
                         RandomSource& random) {
  auto opened =
      envelope::open_encrypted(challenge.cms, key, recipient_for(challenge.request), random);
  if (!opened.ok()) {
    if (opened.error().fault != Fault::decryption_failed) return opened.error();
    return not_ours("it does not open with our key");
  }
  if (opened->content_type == cms::oid::kData) return std::move(opened->content);
  return not_ours("it holds content of type " + opened->content_type.to_text());
}

Result<void> check_witness(const cmc::EncryptedPOP& challenge, const SecretBytes& value) {
  const auto algorithm = TRY(crypto::digest_algorithm(challenge.witness_alg_id));
  if (algorithm == crypto::DigestAlgorithm::sha1) {
    return Error{Fault::unsupported_algorithm, "the challenge's witness is a SHA-1"};
  }
  //= E111 RFC 10002 §6.7: the client checks the witness
  if (constant_time_equal(proof::pop_proof_value_witness(algorithm, value), challenge.witness)) {
    return {};
  }
  return not_ours("its witness is not that of its proof value");
}

}  // namespace

//= C41 RFC 10004 §5.2: encryptedPOP is read
//= B30 RFC 10004 §5.1: keys that cannot sign prove themselves by decrypting
Result<cmc::DecryptedPOP> answer_challenge(const cmc::EncryptedPOP& challenge,
                                           const SentRequest& sent, const crypto::PrivateKey& key,
                                           RandomSource& random) {
  const auto& request = challenge.request;
  if (!is_request_of(request, sent)) return not_ours("it is about a request that we did not send");
  const auto value = TRY(open(challenge, key, random));
  TRY(check_witness(challenge, value));
  const auto algorithm = TRY(crypto::mac_algorithm(challenge.the_pop_alg_id));
  //= E112 RFC 10002 §6.7: thePOPAlgID is copied
  return cmc::DecryptedPOP{request.body_part_id(), challenge.the_pop_alg_id,
                           proof::the_pop(algorithm, value, request.der)};
}

}  // namespace signet::client
