#include "proof/possession/possession.h"

#include <algorithm>

#include "base/overloaded.h"
#include "codec/cmc/concerning.h"
#include "codec/pkix/oids.h"
#include "crypto/key_agreement.h"
#include "proof/identity/standing.h"
#include "proof/possession/cert_req_msg_rules.h"
#include "proof/possession/possession_failed.h"
#include "proof/possession/replaced_subject.h"

namespace signet::proof {
namespace {

Error missing(std::string why) {
  return {Fault::possession_missing, std::move(why)};
}

/// A signature that is said to prove possession of `key`.
struct ClaimedSignature {
  const pkix::AlgorithmIdentifier& algorithm;
  ByteView over;
  const asn1::BitString& value;
};

Result<void> verify(const crypto::PublicKey& key, const ClaimedSignature& signature) {
  if (signature.value.unused_bits != 0) {
    return possession_failed("the request's signature is no whole number of octets");
  }
  const auto verified = key.verify(signature.algorithm, signature.over, signature.value.octets);
  if (verified.ok() || verified.error().fault != Fault::bad_signature) return verified;
  return possession_failed(
      "the signature in the request does not verify with the key in it: sign the request, as it is "
      "sent, with the private key that belongs to it");
}

/// What the request itself shows.
enum class Shown {
  signature,      ///< it verified
  nothing,        ///< a challenge must show it
  word_of_an_ra,  ///< raVerified
};

Result<Shown> check(const pkix::CertificationRequest& request, const crypto::PublicKey& key) {
  //= B31 RFC 10002 §C.1: id-alg-noSignature is read
  //= E168 RFC 10002 §C.1: id-alg-noSignature is read, and proves nothing: POP is still owed
  if (request.signature_algorithm.algorithm == pkix::oid::kNoSignature) return Shown::nothing;
  TRY(verify(key, {request.signature_algorithm, request.info.der, request.signature}));
  return Shown::signature;
}

/// The POP of a key that is not for signing (RFC 4211 §4.2, §4.3).
Result<Shown> check(const crmf::PopoPrivKey& method) {
  const auto* later = std::get_if<crmf::SubsequentMessage>(&method);
  if (later == nullptr) {
    return possession_failed(
        "a proof of possession by a key or MAC sent along (thisMessage, dhMAC, agreeMAC or "
        "encryptedKey) is not accepted: sign the request with its own key");
  }
  //= E33 RFC 10002 §3.2.1.2.2: indirect proof, by decrypting the certificate, is not used
  if (*later == crmf::SubsequentMessage::encrCert) {
    return possession_failed("CMC forbids the indirect proof of possession (encrCert)");
  }
  return Shown::nothing;
}

Result<void> verify_popo(const crmf::PopoSigningKey& popo, const crypto::PublicKey& key,
                         const crmf::CertReqMsg& message) {
  //= E34 RFC 10002 §3.2.1.2.2: POPOSigningKeyInput is not used; the signature is over CertRequest
  if (popo.poposk_input) {
    return possession_failed("CMC forbids POPOSigningKeyInput: sign the CertRequest itself");
  }
  return verify(key, {popo.algorithm_identifier, message.cert_req.der, popo.signature});
}

Result<Shown> check(const crmf::CertReqMsg& message, const crypto::PublicKey& key) {
  if (!message.popo) return Shown::nothing;
  return std::visit(
      Overloaded{[](const crmf::RaVerified&) -> Result<Shown> { return Shown::word_of_an_ra; },
                 [&](const crmf::PopoSigningKey& popo) -> Result<Shown> {
                   TRY(verify_popo(popo, key, message));
                   return Shown::signature;
                 },
                 [](const crmf::KeyEncipherment& popo) { return check(popo.method); },
                 [](const crmf::KeyAgreement& popo) { return check(popo.method); }},
      *message.popo);
}

/// The key, if it is a good one, and what the request shows of it.
struct Examined {
  crypto::PublicKey key;
  Shown shown;
};

Result<Examined> examine(const pkix::CertificationRequest& request) {
  auto key = TRY(crypto::PublicKey::from(request.info.value.subject_public_key_info));
  const auto shown = TRY(check(request, key));
  return Examined{std::move(key), shown};
}

Result<Examined> examine(const crmf::CertReqMsg& message) {
  TRY(check_cert_req_msg(message));
  auto key = TRY(crypto::PublicKey::from(*message.cert_req.value.cert_template.public_key));
  const auto shown = TRY(check(message, key));
  return Examined{std::move(key), shown};
}

Result<Examined> examine(const cmc::TaggedRequest& request) {
  return std::visit(
      Overloaded{[](const cmc::TaggedCertificationRequest& tcr) {
                   return examine(tcr.certification_request);
                 },
                 [](const cmc::TaggedCertReqMsg& crm) { return examine(crm.cert_req_msg); },
                 [](const cmc::OtherReqMsg& orm) -> Result<Examined> {
                   return Error{Fault::unsupported_message,
                                "a certification request of type " +
                                    orm.request_message_type.to_text() +
                                    " (orm), which is not known here: send PKCS#10 "
                                    "or CRMF"};
                 }},
      request.choice);
}

bool can_be_encrypted_to(const crypto::PublicKey& key) {
  return key.kind() == crypto::KeyKind::rsa || crypto::can_agree(key.kind());
}

/// One lraPOPWitness.
Result<std::vector<cmc::BodyPartID>> read_one(const cmc::TaggedAttribute& control,
                                              const ProvenIdentity& identity,
                                              const PossessionRules& rules) {
  //= C48 RFC 10004 §5.2: an RA's witness is taken where the rules say so
  //= E115 RFC 10002 §6.8: an RA's word for possession that we do not take is popFailed
  //= E116 RFC 10002 §6.8: and no challenge of our own is started
  if (!rules.ra_witness) {
    return possession_failed(
        "lraPOPWitness is not accepted by this authority; the key itself must prove possession");
  }
  if (identity.role() != Role::agent) {
    return possession_failed(
        "lraPOPWitness is an agent's to send; the key itself must prove possession");
  }
  auto witness = TRY(cmc::read_lra_pop_witness(control.attr_values.front()));
  if (witness.pki_data_bodyid != cmc::kThisPKIData) {
    return possession_failed(
        "lraPOPWitness is about another message than the one that holds requests");
  }
  return std::move(witness.body_ids);
}

Result<void> check_all_there(const std::vector<cmc::BodyPartID>& named,
                             const cmc::PkiRequest& message) {
  const auto requests = cmc::requests_of(message);
  for (const auto id : named) {
    const bool is_there = std::any_of(requests.begin(), requests.end(), [&](const auto* request) {
      return request->body_part_id() == id;
    });
    if (is_there) continue;
    return Error{Fault::malformed, "lraPOPWitness vouches for body part " +
                                       std::to_string(id.value) +
                                       ", and no request of the message has that number"};
  }
  return {};
}

}  // namespace

/// Makes the evidence.
class PossessionProver {
 public:
  PossessionProver(const cmc::TaggedRequest& request, const PossessionContext& context)
      : request_(request), context_(context) {}

  Result<Possession> prove() const {
    auto examined = TRY(examine(request_));
    const auto link = TRY(check_link(request_, context_.identity, context_.link, link_shown()));
    if (examined.shown == Shown::signature) {
      TRY(check_is_own(link));
      return proven(PossessionMethod::signature, std::move(examined.key), link);
    }
    if (is_vouched_for(examined.shown)) {
      return proven(PossessionMethod::ra_witness, std::move(examined.key), link);
    }
    if (examined.shown == Shown::word_of_an_ra) {
      return possession_failed("nobody here may vouch for possession of this key (raVerified)");
    }
    if (context_.answered != nullptr) {
      TRY(context_.answered->check(request_));
      return proven(PossessionMethod::decryption, std::move(examined.key), link);
    }
    TRY(check_challenge_possible(examined.key));
    return Possession{ChallengeDue{std::move(examined.key), &request_, link}};
  }

 private:
  [[nodiscard]] LinkShown link_shown() const {
    const auto* answered = context_.answered;
    return answered != nullptr && answered->is_by_same_secret() ? LinkShown::before_challenge
                                                                : LinkShown::in_message;
  }

  /// A request can be copied into somebody else's message: its own signature proves the key, not
  /// who sends it; nor does a NULL subject.
  [[nodiscard]] Result<void> check_is_own(LinkMethod link) const {
    const auto& identity = context_.identity;
    const auto* subject = request_.subject();
    const bool is_named = subject != nullptr && same_person(*subject, identity.subject());
    if (is_named || link != LinkMethod::none) return {};
    if (context_.signer_request == request_.body_part_id()) return {};
    if (link_shown() == LinkShown::before_challenge) return {};  // then it was shown there
    if (identity.secret() == nullptr) {
      if (context_.subjects == nullptr) return {};
      return check_replaced_subject(request_, identity, *context_.subjects);
    }
    return Error{Fault::link_failed,
                 "nothing ties this request to the shared secret of '" + identity.identification() +
                     "': ask for the subject " + pkix::to_text(identity.subject()) +
                     ", sign the message with the request's own key, or send popLinkRandom, and "
                     "popLinkWitnessV2 in every request"};
  }

  [[nodiscard]] Possession proven(PossessionMethod method, crypto::PublicKey key,
                                  LinkMethod link) const {
    return ProvenPossession{method, std::move(key), link, request_};
  }

  [[nodiscard]] bool is_vouched_for(Shown shown) const {
    const auto& vouched = context_.vouched;
    if (std::find(vouched.begin(), vouched.end(), request_.body_part_id()) != vouched.end()) {
      return true;
    }
    return shown == Shown::word_of_an_ra && context_.rules.ra_witness &&
           context_.identity.role() == Role::agent;
  }

  [[nodiscard]] Result<void> check_challenge_possible(const crypto::PublicKey& key) const {
    if (!context_.rules.challenges) {
      return missing(
          "the request carries no signature by its own key, and no challenge is offered here: sign "
          "it with its own key");
    }
    if (can_be_encrypted_to(key)) return {};
    return missing(
        "the request carries no signature by its own key, and nothing can be encrypted "
        "to a key of this kind (" +
        std::string(to_text(key.kind())) + "): sign it with its own key");
  }

  const cmc::TaggedRequest& request_;
  const PossessionContext& context_;
};

std::optional<cmc::BodyPartID> signer_request(const envelope::OpenedRequest& request) {
  const auto& signers = request.signers();
  if (signers.size() != 1) return std::nullopt;
  const auto* signer = std::get_if<envelope::RequestKeySigner>(&signers.front());
  return signer == nullptr ? std::nullopt : std::optional(signer->request);
}

//= D12 RFC 10004 §10: nothing is issued without this proof: issuing asks for a ProvenPossession
Result<Possession> prove_possession(const cmc::TaggedRequest& request,
                                    const PossessionContext& context) {
  return PossessionProver{request, context}.prove();
}

Result<std::vector<cmc::BodyPartID>> read_ra_witness(const cmc::PkiRequest& message,
                                                     const ProvenIdentity& identity,
                                                     const PossessionRules& rules) {
  std::vector<cmc::BodyPartID> vouched;
  for (const auto& control : cmc::controls_of(message)) {
    if (control.attr_type != cmc::oid::kLraPOPWitness) continue;
    const auto named = TRY(concerning(control.body_part_id, read_one(control, identity, rules)));
    TRY(concerning(control.body_part_id, check_all_there(named, message)));
    vouched.insert(vouched.end(), named.begin(), named.end());
  }
  return vouched;
}

}  // namespace signet::proof
