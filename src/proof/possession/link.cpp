#include "proof/possession/link.h"

#include <algorithm>

#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "proof/identity/shared_secret.h"
#include "proof/identity/standing.h"
#include "proof/possession/link_witness.h"

namespace signet::proof {
namespace {

constexpr std::size_t kLeastRandomOctets = 16;
constexpr std::size_t kMostRandomOctets = 1024;

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
    if (charged.ok()) continue;
    const auto fault = charged.error().fault;
    if (fault != Fault::too_large && fault != Fault::weak_key) continue;
    return concerning(request.body_part_id(), charged.error());
  }
  return {};
}

Result<LinkMethod> check_one(const cmc::TaggedRequest& request, const LinkKnowledge& knowledge) {
  const auto witnesses = TRY(Witnesses::read(request));
  return check_witnesses(witnesses, knowledge);
}

/// The weakest of what the requests of a message show; an error when one shows nothing. All are
/// looked at, whatever the first is, so that the time does not tell a right secret from a wrong
/// one.
Result<LinkMethod> check_all(const cmc::FullPkiRequest& message, LinkKnowledge knowledge) {
  Result<LinkMethod> weakest = LinkMethod::secret;
  for (const auto& request : message.pki_data.req_sequence) {
    knowledge.request = request.body_part_id();
    auto method = check_one(request, knowledge);
    if (!weakest.ok()) continue;
    weakest = method.ok() ? std::max(*weakest, *method) : std::move(method);
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

/// Also of what is refused: without the setting a signer's link is none, and none is demanded.
void note_signers_link(const LinkRules& rules, cmc::BodyPartID where) {
  rules.tolerated.push_back({Tolerance::link_of_signers,
                             "a link between a signer's requests and a shared secret", where});
}

/// Who signs is known: what a signer's secret fails to show is the link.
Error as_link_failure(Error error, const SecretRules& rules) {
  if (error.fault != Fault::unknown_identity) return error;
  if (error.confidential.empty()) return link_failed(std::move(error.detail));
  auto failure = wrong_witness(
      "check identification, secret (the signer's own) and key, or ask for a new secret", rules);
  failure.confidential = std::move(error.confidential);
  return failure;
}

/// A second proof of who signs. Somebody else's secret proves nothing of it, and is told by the
/// same words as a wrong one: else any signer could find out what others' secrets are.
bool is_signers(const SharedSecret& secret, const std::string& identification,
                const ProvenIdentity& signer) {
  const auto owner = owner_of(secret, identification);
  return owner.ok() && same_person(*owner, signer.subject());
}

/// Nor does one that had ended when the message came.
Result<void> check_had_not_ended(const KnownSecret& known, Time received_at) {
  if (!known.secret->expires_at || received_at <= *known.secret->expires_at) return {};
  return link_failed("the shared secret that the requests are tied to expired at " +
                     to_text(*known.secret->expires_at) +
                     ": ask the authority's operator for a new one");
}

/// The request of a message without popLinkRandom. RFC 10002 §6.7 does not say that the answer to a
/// challenge repeats it, and Dogtag's client does not.
Result<LinkMethod> check_without_random(const cmc::TaggedRequest& request,
                                        const ProvenIdentity& identity, const LinkRules& rules,
                                        LinkShown shown) {
  const auto witnesses = TRY(Witnesses::read(request));
  const bool by_secret = identity.secret() != nullptr;
  const bool may_link = by_secret || may_link_as_signer(identity, rules.secrets);
  const bool is_demanded = rules.secrets.link_required;
  if (!by_secret && may_link && (is_demanded || !witnesses.none())) {
    note_signers_link(rules, request.body_part_id());
  }
  if (witnesses.none()) {
    if (!may_link || !is_demanded) return LinkMethod::none;
    if (!by_secret) return demanded_of_signer();
    return link_failed(
        "this authority demands that the shared secret is tied to the key: send popLinkRandom, and "
        "popLinkWitnessV2 in every request");
  }
  if (!may_link) return no_secret_to_link();
  if (shown == LinkShown::before_challenge) return LinkMethod::none;
  return link_failed("the request has a popLinkWitness, the message no popLinkRandom");
}

/// Whether the message, or a request in it, has what ties to a shared secret.
bool has_link(const cmc::FullPkiRequest& message) {
  const auto& controls = message.pki_data.control_sequence;
  const auto& requests = message.pki_data.req_sequence;
  if (cmc::find_control(controls, cmc::oid::kPopLinkRandom) != nullptr) return true;
  return std::any_of(requests.begin(), requests.end(), [](const auto& request) {
    const auto witnesses = Witnesses::read(request);
    return !witnesses.ok() || !witnesses->none();
  });
}

//= E143 RFC 10002 §6.20: who vouches for an identity has seen to its link with the key
bool is_linked_by_ra(const ProvenIdentity& identity) {
  return identity.method() == IdentityMethod::ra_witness;
}

}  // namespace

Result<LinkDemand> read_link_demand(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                    const LinkRules& rules) {
  LinkDemand demand{rules};
  if (is_linked_by_ra(identity)) return demand;
  //= C18 RFC 10004 §5.2: popLinkRandom is acted on
  const auto* control = cmc::find_control(cmc::controls_of(message), cmc::oid::kPopLinkRandom);
  if (control == nullptr) return demand;
  if (identity.secret() == nullptr && rules.secrets.link_of_signers &&
      identity.role() == Role::agent) {
    // Dogtag's client sends it alone. A witness beside it is refused (check_link).
    rules.tolerated.push_back({Tolerance::link_of_signers,
                               "an agent's popLinkRandom, which no secret stands behind",
                               control->body_part_id});
    TRY(read_random(*control));
    return demand;
  }
  if (identity.secret() == nullptr) return concerning(control->body_part_id, no_secret_to_link());
  auto random = TRY(read_random(*control));
  LinkKeys keys;
  const auto& requests = std::get<cmc::FullPkiRequest>(message).pki_data.req_sequence;
  TRY(charge_all(requests, rules.secrets, keys));
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
  const auto& secrets = context.rules.secrets;
  const LinkRules rules{secrets, context.tolerated};
  const auto& controls = message.pki_data.control_sequence;
  const auto* control = cmc::find_control(controls, cmc::oid::kPopLinkRandom);
  if (control == nullptr) {
    const bool answers = cmc::find_control(controls, cmc::oid::kDecryptedPOP) != nullptr;
    if (answers || !secrets.link_required) return LinkDemand{rules};
    note_signers_link(rules, cmc::kThisPKIData);
    return demanded_of_signer();
  }
  note_signers_link(rules, control->body_part_id);
  const auto random = TRY(read_random(*control));
  if (context.secrets == nullptr) {
    return link_failed(
        "this authority knows no shared secrets that requests could be tied to: leave "
        "popLinkRandom and popLinkWitness out");
  }
  TRY(check_all_there(message));
  LinkKeys keys;
  TRY(charge_all(message.pki_data.req_sequence, secrets, keys));
  if (keys.take_time() && !context.may_take_time) return takes_time();
  Result<LinkMethod> method = LinkMethod::none;
  UsedTolerances shown;  // a wrong witness is told by the same words, whatever it was made with
  const LinkRules of_witnesses{secrets, shown};
  const auto known =
      check_secret_claim(message, context, [&](const SharedSecret& secret, const auto& who) {
        method =
            check_all(message, {secret.octets, who, random, of_witnesses, keys, cmc::kThisPKIData});
        const bool is_own = is_signers(secret, who, identity);
        if (!method.ok()) return std::string_view("wrong secret");
        return std::string_view(is_own ? "" : "the right secret, which is not the signer's");
      });
  if (!known.ok()) return as_link_failure(known.error(), secrets);
  context.tolerated.insert(context.tolerated.end(), shown.begin(), shown.end());
  TRY(check_had_not_ended(*known, received_at));
  LinkDemand demand{rules};
  demand.found_ = TRY(std::move(method));
  return demand;
}

Result<LinkDemand> link_shown_before(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                     const LinkRules& rules,
                                     const store::PendingChallenge& challenge) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  const auto requests = full == nullptr ? Bytes{} : full->pki_data.req_sequence_der;
  if (challenge.requester_hash != identity.requester_hash() || challenge.req_sequence != requests) {
    return link_failed("the challenge is not one to these requests by this requester");
  }
  if (full != nullptr && has_link(*full)) note_signers_link(rules, cmc::kThisPKIData);
  LinkDemand demand{rules};
  demand.found_ = LinkMethod::none;
  return demand;
}

//= E81 RFC 10002 §6.3: identity and possession are linked by witness
Result<LinkMethod> check_link(const cmc::TaggedRequest& request, const ProvenIdentity& identity,
                              const LinkDemand& demand, LinkShown shown) {
  if (demand.found_) return *demand.found_;
  if (is_linked_by_ra(identity)) return LinkMethod::none;
  const auto& by_random = demand.by_random_;
  if (!by_random) return check_without_random(request, identity, demand.rules_, shown);
  const auto witnesses = TRY(Witnesses::read(request));
  if (identity.secret() == nullptr) return no_secret_to_link();
  return check_witnesses(witnesses,
                         {identity.secret()->octets, identity.identification(), by_random->random,
                          demand.rules_, by_random->keys, request.body_part_id()});
}

}  // namespace signet::proof
