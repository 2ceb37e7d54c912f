#include "proof/possession/link_witness.h"

#include <algorithm>

#include "codec/cmc/controls.h"
#include "proof/identity/legacy_algorithms.h"
#include "proof/witness/pop_link.h"

namespace signet::proof {
namespace {

Result<std::optional<ByteView>> only_value(const cmc::TaggedRequest& request, const asn1::Oid& type,
                                           std::string_view name) {
  //= E87 RFC 10002 §6.3.1.1: in PKCS#10 the witness is an attribute
  //= E88 RFC 10002 §6.3.1.1: in CRMF it is a control of the CertRequest
  const auto values = request.attribute_values(type);
  if (values.size() > 1) {
    return Error{Fault::malformed, "the request carries " + std::string(name) + " more than once"};
  }
  return values.empty() ? std::optional<ByteView>{} : std::optional{values.front()};
}

void tolerate(const LinkKnowledge& known, Tolerance tolerance, std::string_view what) {
  known.rules.tolerated.push_back({tolerance, what, known.request});
}

bool agrees(const Result<Bytes>& witness, const Bytes& claimed) {
  return witness.ok() && constant_time_equal(*witness, claimed);
}

/// What the standard does not have in how the witness was made.
void note_method(LinkMethod method, const LinkKnowledge& known) {
  if (is_by_old_mac(method)) tolerate(known, Tolerance::legacy_proofs, kOldMac);
  if (!is_joined(method)) return;
  tolerate(known, Tolerance::link_with_identification,
           "popLinkWitness by a key of secret and identification joined");
}

/// The method by which `claimed` was made: `make` makes the witness of a knowledge by a computation
/// of the MAC. All that the rules allow are made, whichever is right, so that the time tells
/// nothing; of two that are right, the RFC's counts.
template <typename Make>
Result<LinkMethod> compare(const Bytes& claimed, const LinkKnowledge& known, bool may_be_old,
                           const Make& make) {
  const SharedKnowledge alone{known.secret, std::nullopt};
  const SharedKnowledge joined{known.secret, known.identification};
  const bool may_be_joined = known.rules.secrets.link_with_identification;
  const auto is_made = [&](const SharedKnowledge& of, MacComputation computation) {
    return agrees(make(of, computation), claimed);
  };
  const auto by_secret = make(alone, MacComputation::rfc2104);
  if (!by_secret.ok()) return by_secret.error();
  auto method = LinkMethod::none;
  if (may_be_old && may_be_joined && is_made(joined, MacComputation::old_dogtag)) {
    method = LinkMethod::secret_with_identification_by_old_mac;
  }
  if (may_be_old && is_made(alone, MacComputation::old_dogtag)) {
    method = LinkMethod::secret_by_old_mac;
  }
  if (may_be_joined && is_made(joined, MacComputation::rfc2104)) {
    method = LinkMethod::secret_with_identification;
  }
  if (agrees(by_secret, claimed)) method = LinkMethod::secret;
  note_method(method, known);
  if (method != LinkMethod::none) return method;
  return wrong_witness(
      "make witness and request anew, with the key that the standard says (of the secret alone)",
      known.rules.secrets);
}

Result<void> check_strength(const cmc::PopLinkWitnessV2& witness, const LinkKnowledge& knowledge) {
  const auto mac = TRY(crypto::mac_algorithm(witness.mac_algorithm));
  const auto hash = crypto::digest_algorithm(witness.key_gen_algorithm);
  const bool old_hash = hash.ok() && is_legacy(*hash);  // none for PBKDF2
  if (!old_hash && !is_legacy(mac)) return {};
  if (!knowledge.rules.secrets.legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "popLinkWitnessV2 uses SHA-1 or SHA-224: use SHA-256 with HMAC-SHA256"};
  }
  tolerate(knowledge, Tolerance::legacy_proofs, "SHA-1 or SHA-224 in popLinkWitnessV2");
  return {};
}

Result<LinkMethod> check_v2(ByteView value, const LinkKnowledge& knowledge) {
  //= C21 RFC 10004 §5.2: popLinkWitnessV2 is verified
  const auto witness = TRY(cmc::read_pop_link_witness_v2(value));
  TRY(check_strength(witness, knowledge));
  const auto mac = TRY(crypto::mac_algorithm(witness.mac_algorithm));
  const bool may_be_old = knowledge.rules.secrets.legacy_proofs && computations_differ(mac);
  return compare(witness.witness, knowledge, may_be_old,
                 [&](const SharedKnowledge& known, MacComputation computation) {
                   return pop_link_v2_witness(witness.key_gen_algorithm, witness.mac_algorithm,
                                              known, knowledge.random, knowledge.keys, computation);
                 });
}

Result<LinkMethod> check_v1(ByteView value, const LinkKnowledge& knowledge) {
  if (!knowledge.rules.secrets.legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "popLinkWitness (version 1) rests on SHA-1 and is not accepted here: use "
                 "popLinkWitnessV2"};
  }
  tolerate(knowledge, Tolerance::legacy_proofs, "popLinkWitness of version 1");
  //= C24 RFC 10004 §5.2: version 1, where the operator allows it
  const auto claimed = TRY(cmc::read_octets_value(value));
  return compare(claimed, knowledge, false, [&](const SharedKnowledge& known, MacComputation) {
    return Result<Bytes>{pop_link_v1_witness(known, knowledge.random)};
  });
}

}  // namespace

Result<Witnesses> Witnesses::read(const cmc::TaggedRequest& request) {
  const auto v2 = TRY(only_value(request, cmc::oid::kPopLinkWitnessV2, "popLinkWitnessV2"));
  const auto v1 = TRY(only_value(request, cmc::oid::kPopLinkWitness, "popLinkWitness"));
  return Witnesses{v2, v1};
}

//= E86 RFC 10002 §6.3.1.1: with popLinkRandom, every request has a right witness
Result<LinkMethod> check_witnesses(const Witnesses& witnesses, const LinkKnowledge& knowledge) {
  if (witnesses.none()) return no_witness();
  const Result<LinkMethod> not_there = LinkMethod::secret;
  const auto by_v2 = witnesses.v2 ? check_v2(*witnesses.v2, knowledge) : not_there;
  const auto by_v1 = witnesses.v1 ? check_v1(*witnesses.v1, knowledge) : not_there;
  return std::max(TRY(by_v2), TRY(by_v1));
}

Error link_failed(std::string why) {
  return {Fault::link_failed, std::move(why)};
}

Error no_witness() {
  return link_failed(
      "the message has popLinkRandom, this request no popLinkWitnessV2: every request needs one");
}

Error wrong_witness(const std::string& remedy, const SecretRules& rules) {
  return link_failed(
      "the request's popLinkWitness was not made from this message's popLinkRandom and the shared "
      "secret: " +
      remedy +
      (rules.link_with_identification
           ? ""
           : " ([compatibility] link_with_identification would take Dogtag's, of secret and "
             "identification joined)"));
}

}  // namespace signet::proof
