#include "codec/pkix/certification_request.h"

#include "client/build_request.h"
#include "codec/crmf/crmf.h"
#include "codec/pkix/oids.h"

namespace signet::client {
namespace {

/// What the request asks for: subjectKeyIdentifier first, then names, then the rest.
Result<pkix::Extensions> wanted_extensions(const WantedCertificate& wanted) {
  pkix::Extensions extensions;
  //= E10 RFC 10002 §3.2: a request whose key may sign the message asks for a subjectKeyIdentifier
  const auto identifier = crypto::key_identifier(wanted.key.public_key_info());
  extensions.push_back(
      {pkix::oid::kSubjectKeyIdentifier, false, pkix::write_subject_key_identifier(identifier)});
  if (!wanted.subject_alt_names.empty()) {
    const bool only_name = wanted.subject.empty();  // RFC 5280 §4.2.1.6: then it is critical
    extensions.push_back({pkix::oid::kSubjectAltName, only_name,
                          pkix::write_alternative_name(wanted.subject_alt_names)});
  }
  for (const auto& extension : wanted.extensions) {
    if (pkix::find_extension(extensions, extension.extn_id) != nullptr) {
      return Error{Fault::malformed, "the extension " + extension.extn_id.to_text() +
                                         " is asked for twice: name it once"};
    }
    extensions.push_back(extension);
  }
  return extensions;
}

asn1::BitString bit_string(Bytes octets) {
  return {std::move(octets), 0};
}

struct Signature {
  pkix::AlgorithmIdentifier algorithm;
  Bytes value;
};

Result<Signature> sign(const crypto::PrivateKey& key, ByteView message) {
  auto algorithm = TRY(crypto::default_signature_algorithm(key));
  auto value = TRY(key.sign(algorithm, message));
  return Signature{std::move(algorithm), std::move(value)};
}

//= E166 RFC 10002 §C.1: id-alg-noSignature, its parameters NULL, its value a SHA-1
Signature without_signature(ByteView message) {
  return {{pkix::oid::kNoSignature, Bytes{0x05, 0x00}},
          cmc::write_no_signature_value(crypto::digest(crypto::DigestAlgorithm::sha1, message))};
}

/// Who decrypts is asked to (RFC 4211 §4.2, §4.3).
crmf::ProofOfPossession challenge_wanted(const crypto::PrivateKey& key) {
  if (key.kind() == crypto::KeyKind::rsa) {
    return crmf::KeyEncipherment{crmf::SubsequentMessage::challengeResp};
  }
  return crmf::KeyAgreement{crmf::SubsequentMessage::challengeResp};
}

}  // namespace

Result<Bytes> make_certification_request(const WantedCertificate& wanted) {
  pkix::CertificationRequestInfo info;
  //= E27 RFC 10002 §3.2.1.2.1: a subject, maybe the NULL name, and the public key are there
  info.subject = wanted.subject;
  info.subject_public_key_info = wanted.key.public_key_info();
  info.attributes.push_back(pkix::extension_request(TRY(wanted_extensions(wanted))));
  if (wanted.link_witness) {
    info.attributes.push_back({cmc::oid::kPopLinkWitnessV2, {*wanted.link_witness}});
  }
  //= E149 RFC 10002 §7.1: new names stand in an attribute, beside the old ones
  if (wanted.new_names) {
    info.attributes.push_back(
        {cmc::oid::kChangeSubjectName, {cmc::write_change_subject_name(*wanted.new_names)}});
  }
  const auto info_der = pkix::write_certification_request_info(info);
  auto signature = wanted.possession == ShowPossession::by_challenge
                       ? without_signature(info_der)
                       : TRY(sign(wanted.key, info_der));
  return pkix::write_certification_request(info_der, signature.algorithm,
                                           bit_string(std::move(signature.value)));
}

Result<Bytes> make_cert_req_msg(const WantedCertificate& wanted, cmc::BodyPartID id) {
  crmf::CertRequest request;
  request.cert_req_id = asn1::Integer::from(id.value);
  //= E29 RFC 10002 §3.2.1.2.2: a subject, maybe the NULL name, and the publicKey are there
  request.cert_template.subject = wanted.subject;
  request.cert_template.public_key = wanted.key.public_key_info();
  request.cert_template.extensions = TRY(wanted_extensions(wanted));
  //= E30 RFC 10002 §3.2.1.2.2: CMC's controls, and none of CRMF's own that say the same
  if (wanted.link_witness) {
    request.controls.push_back({cmc::oid::kPopLinkWitnessV2, *wanted.link_witness});
  }
  if (wanted.new_names) {
    request.controls.push_back(
        {cmc::oid::kChangeSubjectName, cmc::write_change_subject_name(*wanted.new_names)});
  }
  const auto request_der = crmf::write_cert_request(request);
  if (wanted.possession == ShowPossession::by_challenge) {
    return crmf::write_cert_req_msg(request_der, challenge_wanted(wanted.key));
  }
  //= E34 RFC 10002 §3.2.1.2.2: no POPOSigningKeyInput; the signature is over CertRequest (AMB-34)
  auto signature = TRY(sign(wanted.key, request_der));
  const crmf::PopoSigningKey popo{std::nullopt, std::move(signature.algorithm),
                                  bit_string(std::move(signature.value))};
  //= E32 RFC 10002 §3.2.1.2.2: regInfo is left out
  return crmf::write_cert_req_msg(request_der, popo);
}

}  // namespace signet::client
