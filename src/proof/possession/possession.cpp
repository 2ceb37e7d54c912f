#include "proof/possession/possession.h"

#include "base/overloaded.h"
#include "codec/pkix/oids.h"
#include "proof/possession/cert_req_msg_rules.h"

namespace signet::proof {
namespace {

Error missing(std::string why) {
  return {Fault::possession_missing, std::move(why)};
}
Error failed(std::string why) {
  return {Fault::possession_failed, std::move(why)};
}

/// A signature that is said to prove possession of `key`.
struct ClaimedSignature {
  const pkix::AlgorithmIdentifier& algorithm;
  ByteView over;
  const asn1::BitString& value;
};

Result<void> verify(const crypto::PublicKey& key, const ClaimedSignature& signature) {
  if (signature.value.unused_bits != 0) {
    return failed("the request's signature is no whole number of octets");
  }
  const auto verified = key.verify(signature.algorithm, signature.over, signature.value.octets);
  if (verified.ok() || verified.error().fault != Fault::bad_signature) return verified;
  return failed(
      "the signature in the request does not verify with the key in it: sign the request, as it is "
      "sent, with the private key that belongs to it");
}

Result<crypto::PublicKey> prove(const pkix::CertificationRequest& request) {
  auto key = TRY(crypto::PublicKey::from(request.info.value.subject_public_key_info));
  //= B31 RFC 10002 §C.1: id-alg-noSignature is read
  //= E168 RFC 10002 §C.1: id-alg-noSignature is read, and proves nothing: POP is still owed
  if (request.signature_algorithm.algorithm == pkix::oid::kNoSignature) {
    return missing(
        "the PKCS#10 request carries no signature (id-alg-noSignature), and no other proof of "
        "possession is offered here: sign it with its own key");
  }
  TRY(verify(key, {request.signature_algorithm, request.info.der, request.signature}));
  return key;
}

/// The POP of a key that is not for signing (RFC 4211 §4.2, §4.3).
Result<void> refuse_without_signature(const crmf::PopoPrivKey& method) {
  const auto* later = std::get_if<crmf::SubsequentMessage>(&method);
  if (later == nullptr) {
    return failed(
        "a proof of possession by a key or MAC sent along (thisMessage, dhMAC, agreeMAC or "
        "encryptedKey) is not accepted: sign the request with its own key");
  }
  //= E33 RFC 10002 §3.2.1.2.2: indirect proof, by decrypting the certificate, is not used
  if (*later == crmf::SubsequentMessage::encrCert) {
    return failed("CMC forbids the indirect proof of possession (encrCert)");
  }
  return missing(
      "the request asks for a challenge to prove possession (challengeResp), which is not offered "
      "here: sign it with its own key");
}

Result<void> verify_popo(const crmf::PopoSigningKey& popo, const crypto::PublicKey& key,
                         const crmf::CertReqMsg& message) {
  //= E34 RFC 10002 §3.2.1.2.2: POPOSigningKeyInput is not used; the signature is over CertRequest
  if (popo.poposk_input) {
    return failed("CMC forbids POPOSigningKeyInput: sign the CertRequest itself");
  }
  return verify(key, {popo.algorithm_identifier, message.cert_req.der, popo.signature});
}

Result<void> check_popo(const crmf::CertReqMsg& message, const crypto::PublicKey& key) {
  if (!message.popo) {
    return missing("the CRMF request carries no proof of possession: sign it with its own key");
  }
  return std::visit(
      Overloaded{
          [](const crmf::RaVerified&) -> Result<void> {
            return failed("nobody here may vouch for possession of a key (raVerified)");
          },
          [&](const crmf::PopoSigningKey& popo) { return verify_popo(popo, key, message); },
          [](const crmf::KeyEncipherment& popo) { return refuse_without_signature(popo.method); },
          [](const crmf::KeyAgreement& popo) { return refuse_without_signature(popo.method); }},
      *message.popo);
}

Result<crypto::PublicKey> prove(const crmf::CertReqMsg& message) {
  TRY(check_cert_req_msg(message));
  auto key = TRY(crypto::PublicKey::from(*message.cert_req.value.cert_template.public_key));
  TRY(check_popo(message, key));
  return key;
}

}  // namespace

//= D12 RFC 10004 §10: nothing is issued without this proof: issuing asks for a ProvenPossession
Result<ProvenPossession> prove_possession(const cmc::TaggedRequest& request,
                                          const ProvenIdentity& identity, const LinkDemand& link) {
  using Proof = Result<crypto::PublicKey>;
  auto key = TRY(std::visit(
      Overloaded{[](const cmc::TaggedCertificationRequest& tcr) -> Proof {
                   return prove(tcr.certification_request);
                 },
                 [](const cmc::TaggedCertReqMsg& crm) -> Proof { return prove(crm.cert_req_msg); },
                 [](const cmc::OtherReqMsg& orm) -> Proof {
                   return Error{Fault::unsupported_message,
                                "a certification request of type " +
                                    orm.request_message_type.to_text() +
                                    " (orm), which is not known here: send PKCS#10 or CRMF"};
                 }},
      request.choice));
  const auto method = TRY(check_link(request, identity, link));
  return ProvenPossession{std::move(key), method, request};
}

}  // namespace signet::proof
