#include "proof/possession/link.h"

#include <algorithm>

#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "proof/identity/legacy_algorithms.h"
#include "proof/identity/shared_secret.h"
#include "proof/identity/standing.h"
#include "proof/witness/pop_link.h"

namespace signet::proof {
namespace {

constexpr std::size_t kLeastRandomOctets = 16;
constexpr std::size_t kMostRandomOctets = 1024;

Error link_failed(std::string why) {
  return {Fault::link_failed, std::move(why)};
}

Error no_secret_to_link() {
  return link_failed(
      "popLinkRandom and popLinkWitness tie a shared secret to a request, but an existing "
      "certificate proved who asks: leave both out");
}

Error demanded_of_signer() {
  return link_failed(
      "this authority demands that requests are tied to a shared secret, those signed by an "
      "existing certificate too: send identification, popLinkRandom, and popLinkWitnessV2 in "
      "every request");
}

Error no_witness() {
  return link_failed(
      "the message has popLinkRandom, this request no popLinkWitnessV2: every request needs one");
}

/// What is said of a witness that is not the expected one.
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

bool agrees(const Result<Bytes>& witness, const Bytes& claimed) {
  return witness.ok() && constant_time_equal(*witness, claimed);
}

/// What a witness is to be made of.
struct LinkKnowledge {
  const SecretBytes& secret;
  const std::string& identification;
  ByteView random;
  const SecretRules& rules;
  LinkKeys& keys;
};

/// The method by which `claimed` was made: `make` makes the witness of a knowledge by a computation
/// of the MAC. All that the rules allow are made, whichever is right, so that the time tells
/// nothing; of two that are right, the RFC's counts.
template <typename Make>
Result<LinkMethod> compare(const Bytes& claimed, const LinkKnowledge& known, bool may_be_old,
                           const Make& make) {
  const SharedKnowledge alone{known.secret, std::nullopt};
  const SharedKnowledge joined{known.secret, known.identification};
  const bool may_be_joined = known.rules.link_with_identification;
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
  if (method != LinkMethod::none) return method;
  return wrong_witness(
      "make witness and request anew, with the key that the standard says (of the secret alone)",
      known.rules);
}

Result<void> check_strength(const cmc::PopLinkWitnessV2& witness, const SecretRules& rules) {
  if (rules.legacy_proofs) return {};
  const auto mac = TRY(crypto::mac_algorithm(witness.mac_algorithm));
  const auto hash = crypto::digest_algorithm(witness.key_gen_algorithm);
  const bool old_hash = hash.ok() && is_legacy(*hash);  // none for PBKDF2
  if (!old_hash && !is_legacy(mac)) return {};
  return Error{Fault::unsupported_algorithm,
               "popLinkWitnessV2 uses SHA-1 or SHA-224: use SHA-256 with HMAC-SHA256"};
}

Result<LinkMethod> check_v2(ByteView value, const LinkKnowledge& knowledge) {
  //= C21 RFC 10004 §5.2: popLinkWitnessV2 is verified
  const auto witness = TRY(cmc::read_pop_link_witness_v2(value));
  TRY(check_strength(witness, knowledge.rules));
  const auto mac = TRY(crypto::mac_algorithm(witness.mac_algorithm));
  const bool may_be_old = knowledge.rules.legacy_proofs && computations_differ(mac);
  return compare(witness.witness, knowledge, may_be_old,
                 [&](const SharedKnowledge& known, MacComputation computation) {
                   return pop_link_v2_witness(witness.key_gen_algorithm, witness.mac_algorithm,
                                              known, knowledge.random, knowledge.keys, computation);
                 });
}

Result<LinkMethod> check_v1(ByteView value, const LinkKnowledge& knowledge) {
  if (!knowledge.rules.legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "popLinkWitness (version 1) rests on SHA-1 and is not accepted here: use "
                 "popLinkWitnessV2"};
  }
  //= C24 RFC 10004 §5.2: version 1, where the operator allows it
  const auto claimed = TRY(cmc::read_octets_value(value));
  return compare(claimed, knowledge, false, [&](const SharedKnowledge& known, MacComputation) {
    return Result<Bytes>{pop_link_v1_witness(known, knowledge.random)};
  });
}

/// The witness or witnesses of a request, whole TLVs.
struct Witnesses {
  std::optional<ByteView> v2;
  std::optional<ByteView> v1;

  static Result<Witnesses> read(const cmc::TaggedRequest& request) {
    const auto v2 = TRY(only_value(request, cmc::oid::kPopLinkWitnessV2, "popLinkWitnessV2"));
    const auto v1 = TRY(only_value(request, cmc::oid::kPopLinkWitness, "popLinkWitness"));
    return Witnesses{v2, v1};
  }
  [[nodiscard]] bool none() const { return !v2 && !v1; }
};

//= E86 RFC 10002 §6.3.1.1: with popLinkRandom, every request has a right witness
Result<LinkMethod> check_witnesses(const Witnesses& witnesses, const LinkKnowledge& knowledge) {
  if (witnesses.none()) return no_witness();
  auto weakest = LinkMethod::secret;
  if (witnesses.v2) weakest = TRY(check_v2(*witnesses.v2, knowledge));
  if (witnesses.v1) weakest = std::max(weakest, TRY(check_v1(*witnesses.v1, knowledge)));
  return weakest;
}

Result<void> charge(const cmc::TaggedRequest& request, const SecretRules& rules, LinkKeys& keys) {
  const auto witnesses = TRY(Witnesses::read(request));
  if (!witnesses.v2) return {};
  const auto witness = TRY(cmc::read_pop_link_witness_v2(*witnesses.v2));
  const auto mac = TRY(crypto::mac_algorithm(witness.mac_algorithm));
  TRY(keys.charge(witness.key_gen_algorithm, mac, LinkKeyOf::secret));
  if (!rules.link_with_identification) return {};
  return keys.charge(witness.key_gen_algorithm, mac, LinkKeyOf::secret_with_identification);
}

/// Before the first key is derived. What else is wrong with a request is told in its turn.
Result<void> charge_all(const std::vector<cmc::TaggedRequest>& requests, const SecretRules& rules,
                        LinkKeys& keys) {
  for (const auto& request : requests) {
    const auto charged = charge(request, rules, keys);
    if (charged.ok() || charged.error().fault != Fault::too_large) continue;
    return concerning(request.body_part_id(), charged.error());
  }
  return {};
}

/// The weakest of what the requests of a message show; an error when one shows nothing.
Result<LinkMethod> check_all(const cmc::FullPkiRequest& message, const LinkKnowledge& knowledge) {
  auto weakest = LinkMethod::secret;
  for (const auto& request : message.pki_data.req_sequence) {
    const auto witnesses = TRY(Witnesses::read(request));
    const auto method = TRY(check_witnesses(witnesses, knowledge));
    weakest = std::max(weakest, method);
  }
  return weakest;
}

Result<Bytes> read_random(const cmc::TaggedAttribute& control) {
  const auto refuse = [&](Error error) {
    return concerning(control.body_part_id, std::move(error));
  };
  if (control.attr_values.size() != 1) {
    return refuse({Fault::malformed, "popLinkRandom must have one value"});
  }
  auto random = cmc::read_octets_value(control.attr_values.front());
  if (!random.ok()) return refuse(random.error());
  if (random->size() < kLeastRandomOctets) {
    return refuse(link_failed("popLinkRandom has " + std::to_string(random->size()) +
                              " octets; at least 16, better 64, make it hard to foretell"));
  }
  if (random->size() > kMostRandomOctets) {
    return refuse({Fault::too_large, "popLinkRandom has more than 1024 octets"});
  }
  return random;
}

/// Before a secret is looked up, so that nobody's is locked by what is no witness at all.
Result<void> check_all_there(const cmc::FullPkiRequest& message) {
  for (const auto& request : message.pki_data.req_sequence) {
    const auto witnesses = Witnesses::read(request);
    if (witnesses.ok() && !witnesses->none()) continue;
    return concerning(request.body_part_id(), witnesses.ok() ? no_witness() : witnesses.error());
  }
  if (cmc::find_control(message.pki_data.control_sequence, cmc::oid::kIdentification) != nullptr) {
    return {};
  }
  return link_failed(
      "the message has popLinkRandom and no identification, so nobody is named whose shared secret "
      "the requests are tied to: add identification");
}

/// Who signs is known: what a signer's secret fails to show is the link.
Error as_link_failure(Error error, const SecretRules& rules) {
  if (error.fault != Fault::unknown_identity) return error;
  if (error.confidential.empty()) return link_failed(std::move(error.detail));
  auto failure =
      wrong_witness("check identification, secret and key, or ask for a new secret", rules);
  failure.confidential = std::move(error.confidential);
  return failure;
}

/// A second proof of who signs: somebody else's secret, or one that had ended when the message
/// came, proves nothing of it.
Result<void> check_is_signers(const KnownSecret& known, const ProvenIdentity& identity,
                              Time received_at) {
  if (!same_person(TRY(owner_of(known)), identity.subject())) {
    return link_failed("the shared secret that the requests are tied to is not the signer's");
  }
  if (!known.secret->expires_at || received_at <= *known.secret->expires_at) return {};
  return link_failed("the shared secret that the requests are tied to expired at " +
                     to_text(*known.secret->expires_at) +
                     ": ask the authority's operator for a new one");
}

/// The request of a message without popLinkRandom. RFC 10002 §6.7 does not say that the answer to a
/// challenge repeats it, and Dogtag's client does not.
Result<LinkMethod> check_without_random(const Witnesses& witnesses, const ProvenIdentity& identity,
                                        const SecretRules& rules, LinkShown shown) {
  const bool by_secret = identity.secret() != nullptr;
  const bool may_link = by_secret || may_link_as_signer(identity, rules);
  if (witnesses.none()) {
    if (!may_link || !rules.link_required) return LinkMethod::none;
    if (!by_secret) return demanded_of_signer();
    return link_failed(
        "this authority demands that the shared secret is tied to the key: send popLinkRandom, and "
        "popLinkWitnessV2 in every request");
  }
  if (!may_link) return no_secret_to_link();
  if (shown == LinkShown::before_challenge) return LinkMethod::none;
  return link_failed("the request has a popLinkWitness, the message no popLinkRandom");
}

//= E143 RFC 10002 §6.20: who vouches for an identity has seen to its link with the key
bool is_linked_by_ra(const ProvenIdentity& identity) {
  return identity.method() == IdentityMethod::ra_witness;
}

}  // namespace

Result<LinkDemand> read_link_demand(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                    const SecretRules& rules) {
  LinkDemand demand{rules};
  if (is_linked_by_ra(identity)) return demand;
  //= C18 RFC 10004 §5.2: popLinkRandom is acted on
  const auto* control = cmc::find_control(cmc::controls_of(message), cmc::oid::kPopLinkRandom);
  if (control == nullptr) return demand;
  if (identity.secret() == nullptr && rules.link_of_signers && identity.role() == Role::agent) {
    // Dogtag's client sends it alone. A witness beside it is refused (check_link).
    TRY(read_random(*control));
    demand.passed_over_ = control->body_part_id;
    return demand;
  }
  if (identity.secret() == nullptr) return concerning(control->body_part_id, no_secret_to_link());
  auto random = TRY(read_random(*control));
  LinkKeys keys;
  const auto& requests = std::get<cmc::FullPkiRequest>(message).pki_data.req_sequence;
  TRY(charge_all(requests, rules, keys));
  demand.by_random_ = LinkDemand::ByRandom{std::move(random), std::move(keys)};
  return demand;
}

bool may_link_as_signer(const ProvenIdentity& identity, const SecretRules& rules) {
  return rules.link_of_signers && identity.role() == Role::user &&
         identity.method() == IdentityMethod::signing_certificate;
}

Result<LinkDemand> check_signer_link(const cmc::FullPkiRequest& message,
                                     const ProvenIdentity& identity, const IdentityContext& context,
                                     Time received_at) {
  const auto& rules = context.rules.secrets;
  const auto& controls = message.pki_data.control_sequence;
  const auto* control = cmc::find_control(controls, cmc::oid::kPopLinkRandom);
  if (control == nullptr) {
    const bool answers = cmc::find_control(controls, cmc::oid::kDecryptedPOP) != nullptr;
    if (answers || !rules.link_required) return LinkDemand{rules};
    return demanded_of_signer();
  }
  const auto random = TRY(read_random(*control));
  if (context.secrets == nullptr) {
    return link_failed(
        "this authority knows no shared secrets that requests could be tied to: leave "
        "popLinkRandom and popLinkWitness out");
  }
  TRY(check_all_there(message));
  LinkKeys keys;
  TRY(charge_all(message.pki_data.req_sequence, rules, keys));
  if (keys.take_time() && !context.may_take_time) return takes_time();
  Result<LinkMethod> method = LinkMethod::none;
  const auto known =
      check_secret_claim(message, context, [&](const SecretBytes& secret, const auto& who) {
        method = check_all(message, {secret, who, random, rules, keys});
        return method.ok();
      });
  if (!known.ok()) return as_link_failure(known.error(), rules);
  TRY(check_is_signers(*known, identity, received_at));
  LinkDemand demand{rules};
  demand.found_ = TRY(std::move(method));
  return demand;
}

Result<LinkDemand> link_shown_before(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                     const SecretRules& rules,
                                     const store::PendingChallenge& challenge) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  const auto requests = full == nullptr ? Bytes{} : full->pki_data.req_sequence_der;
  if (challenge.requester_hash != identity.requester_hash() || challenge.req_sequence != requests) {
    return link_failed("the challenge is not one to these requests by this requester");
  }
  LinkDemand demand{rules};
  demand.found_ = LinkMethod::none;
  return demand;
}

//= E81 RFC 10002 §6.3: identity and possession are linked by witness
Result<LinkMethod> check_link(const cmc::TaggedRequest& request, const ProvenIdentity& identity,
                              const LinkDemand& demand, LinkShown shown) {
  if (demand.found_) return *demand.found_;
  if (is_linked_by_ra(identity)) return LinkMethod::none;
  const auto witnesses = TRY(Witnesses::read(request));
  const auto& by_random = demand.by_random_;
  if (!by_random) return check_without_random(witnesses, identity, *demand.rules_, shown);
  if (identity.secret() == nullptr) return no_secret_to_link();
  return check_witnesses(witnesses, {identity.secret()->octets, identity.identification(),
                                     by_random->random, *demand.rules_, by_random->keys});
}

}  // namespace signet::proof
