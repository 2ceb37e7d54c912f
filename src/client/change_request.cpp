#include "client/change_request.h"

#include "client/number_parts.h"
#include "codec/cmc/oids.h"
#include "proof/witness/pop_link.h"

namespace signet::client {
namespace {

struct Witness {
  asn1::Oid type;
  Bytes value;
};

Result<Witness> make_witness(const RequestTie& tie) {
  //= C22 RFC 10004 §5.2: popLinkWitness is made, where a tool is told so
  if (!tie.algorithms) {
    const auto witness = proof::pop_link_v1_witness(tie.known, tie.link_random);
    return Witness{cmc::oid::kPopLinkWitness, cmc::write_octets_value(witness)};
  }
  cmc::PopLinkWitnessV2 made;
  made.key_gen_algorithm = crypto::algorithm_identifier(tie.algorithms->key_gen);
  made.mac_algorithm = crypto::algorithm_identifier(tie.algorithms->mac);
  made.witness = TRY(proof::pop_link_v2_witness(made.key_gen_algorithm, made.mac_algorithm,
                                                tie.known, tie.link_random));
  return Witness{cmc::oid::kPopLinkWitnessV2, cmc::write_pop_link_witness_v2(made)};
}

Result<void> check_key(const pkix::SubjectPublicKeyInfo& requested, const crypto::PrivateKey& key) {
  if (requested == key.public_key_info()) return {};
  return Error{Fault::signing_failed, "the private key is not that of the request"};
}

Result<asn1::BitString> sign(ByteView message, const pkix::AlgorithmIdentifier& algorithm,
                             const crypto::PrivateKey& key) {
  return asn1::BitString{TRY(key.sign(algorithm, message)), 0};
}

Result<Bytes> with_attribute(ByteView der, const Witness& witness, const crypto::PrivateKey& key) {
  auto request = TRY(pkix::read_certification_request(der));
  auto& info = request.info.value;
  TRY(check_key(info.subject_public_key_info, key));
  info.attributes.push_back({witness.type, {witness.value}});
  const auto info_der = pkix::write_certification_request_info(info);
  const auto algorithm = TRY(crypto::default_signature_algorithm(key));
  const auto signature = TRY(sign(info_der, algorithm, key));
  return pkix::write_certification_request(info_der, algorithm, signature);
}

/// The message around a CertRequest that was changed.
Result<Bytes> rewrite(const crmf::CertReqMsg& message, const crypto::PrivateKey* key) {
  const auto cert_request = crmf::write_cert_request(message.cert_req.value);
  auto popo = message.popo;
  auto* signature = popo ? std::get_if<crmf::PopoSigningKey>(&*popo) : nullptr;
  if (signature == nullptr) return crmf::write_cert_req_msg(cert_request, popo);
  if (key == nullptr) {
    return Error{Fault::signing_failed,
                 "the request's proof of possession must be made anew, and its private key is not "
                 "at hand"};
  }
  const auto& public_key = message.cert_req.value.cert_template.public_key;
  if (!public_key) return Error{Fault::malformed, "a CertReqMsg without publicKey"};
  TRY(check_key(*public_key, *key));
  signature->signature = TRY(sign(cert_request, signature->algorithm_identifier, *key));
  return crmf::write_cert_req_msg(cert_request, popo);
}

}  // namespace

Result<Bytes> tie_request(const RequestItem& request, const RequestTie& tie,
                          const crypto::PrivateKey& key) {
  const auto witness = TRY(make_witness(tie));
  if (request.form == RequestForm::pkcs10) return with_attribute(request.der, witness, key);
  auto message = TRY(read_cert_req_msg(request.der));
  message.cert_req.value.controls.push_back({witness.type, witness.value});
  return rewrite(message, &key);
}

Result<Bytes> renumber_request(ByteView cert_req_msg, cmc::BodyPartID id,
                               const crypto::PrivateKey* key) {
  auto message = TRY(read_cert_req_msg(cert_req_msg));
  message.cert_req.value.cert_req_id = asn1::Integer::from(id.value);
  return rewrite(message, key);
}

}  // namespace signet::client
