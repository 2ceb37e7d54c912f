#include "authority/forwarding.h"

#include "authority/confirmation.h"
#include "codec/cmc/controls.h"
#include "proof/possession/given_up_challenge.h"

namespace signet::authority {
namespace {

using cmc::BodyPartID;

constexpr std::size_t kMostForwarded = 100;
constexpr std::size_t kMostDepth = 3;

bool is_agents_control(const asn1::Oid& type) {
  return type == cmc::oid::kBatchRequests || is_assertion(type);
}

cmc::BodyPartPath place_inside(cmc::BodyPartPath place, BodyPartID item) {
  place.push_back(item);
  return place;
}

/// What may stand beside messages that are forwarded.
bool goes_with_forwarding(const asn1::Oid& type) {
  using namespace cmc::oid;
  return is_agents_control(type) || type == kTransactionId || type == kSenderNonce ||
         type == kRecipientNonce || type == kDataReturn || type == kRegInfo ||
         type == kStatusInfo || type == kStatusInfoV2;
}

Error about(const cmc::TaggedAttribute& control, Fault fault, std::string detail) {
  return {fault, std::move(detail), {control.body_part_id.value}};
}

//= D09 RFC 10004 §10: this authority works with RAs
//= C77 RFC 10004 §5.2: batchRequests is acted on
Result<std::set<BodyPartID>> batched(const cmc::PKIData& data) {
  std::set<BodyPartID> items;
  const auto* control = cmc::find_control(data.control_sequence, cmc::oid::kBatchRequests);
  if (control == nullptr) return items;
  auto listed = cmc::read_body_part_list_value(control->attr_values.front());
  if (!listed.ok()) return about(*control, listed.error().fault, listed.error().detail);
  for (const auto id : *listed) {
    const auto number = std::to_string(id.value);
    if (cmc::find_message(data.cms_sequence, id) == nullptr) {
      return about(*control, Fault::malformed,
                   "batchRequests lists " + number +
                       ", but cmsSequence holds no message of that "
                       "bodyPartID");
    }
    if (!items.insert(id).second) {
      return about(*control, Fault::malformed, "batchRequests lists " + number + " twice");
    }
  }
  return items;
}

Result<void> check_nothing_beside(const cmc::PKIData& data) {
  if (!data.req_sequence.empty()) {
    return Error{Fault::unsupported_message,
                 "certification requests beside messages that are forwarded: send two messages",
                 {data.req_sequence.front().body_part_id().value}};
  }
  for (const auto& control : data.control_sequence) {
    if (goes_with_forwarding(control.attr_type)) continue;
    const auto* kind = cmc::find_control_kind(control.attr_type);
    const std::string name{kind != nullptr ? kind->name : "an unknown control"};
    return about(control, Fault::unsupported_message,
                 name + " beside messages that are forwarded: send two messages");
  }
  return {};
}

/// Nor would it be forwarded again for who is no agent any more: a rejection may be told of again
/// to a certificate that is revoked (SignerMustBe::on_record).
Result<void> check_rejects_nothing(const cmc::PkiRequest& message) {
  if (!asks_to_confirm(message) && !proof::gives_up_challenge(message)) return {};
  return Error{Fault::unsupported_message,
               "a failed status that rejects certificates, or gives up a challenge, stands beside "
               "messages that are forwarded: send two messages"};
}

Result<void> check_bearable(std::size_t items, std::size_t messages_around) {
  if (items > kMostForwarded) {
    return Error{Fault::too_large, "the message forwards " + std::to_string(items) +
                                       " messages; at most " + std::to_string(kMostForwarded) +
                                       " are taken: send several"};
  }
  if (messages_around < kMostDepth) return {};
  return Error{Fault::too_deep, "messages in messages are taken " + std::to_string(kMostDepth) +
                                    " deep: take one layer off"};
}

}  // namespace

Result<cmc::BodyPartList> vouched_for(const cmc::PkiRequest& message,
                                      const proof::ProvenIdentity& identity,
                                      const Asserted& asserted,
                                      const proof::PossessionRules& rules) {
  auto requests = TRY(proof::read_ra_witness(message, identity, rules));
  if (!asserted.possession.empty() && !rules.ra_witness) {
    return Error{Fault::possession_failed,
                 "lraPOPWitness of the agent who forwarded the message is not accepted by this "
                 "authority; the key itself must prove possession"};
  }
  requests.insert(requests.end(), asserted.possession.begin(), asserted.possession.end());
  return requests;
}

//= E161 RFC 10002 §10: what an RA asserts or changes is taken from an identified, authorised one
//= E162 RFC 10002 §10: else the request is refused
Result<void> check_may_assert(const proof::ProvenIdentity& identity,
                              const cmc::PkiRequest& message) {
  if (identity.role() == proof::Role::agent) return {};
  for (const auto& control : cmc::controls_of(message)) {
    const auto& type = control.attr_type;
    // Who may vouch for possession is asked where that is proven (popFailed, §6.8).
    if (!is_agents_control(type) || type == cmc::oid::kLraPOPWitness) continue;
    const auto* kind = cmc::find_control_kind(type);
    return about(control, Fault::misplaced_control,
                 "control " + std::string(kind->name) + " is a registration authority's, and " +
                     identity.name() + " is none: an agent of this authority must sign it");
  }
  return {};
}

Result<std::vector<Forwarded>> find_forwarded(const cmc::PkiRequest& message,
                                              const Assertions& assertions, const Inquiry& inquiry,
                                              const proof::ProvenIdentity& identity) {
  std::vector<Forwarded> forwarded;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr) return forwarded;
  const auto& data = full->pki_data;
  auto items = TRY(batched(data));
  for (const auto& assertion : assertions) {
    if (assertion.about.empty()) continue;
    if (cmc::find_message(data.cms_sequence, assertion.about.front()) != nullptr)
      items.insert(assertion.about.front());
  }
  if (items.empty()) return forwarded;
  if (identity.role() != proof::Role::agent) {
    return Error{Fault::misplaced_control, identity.name() +
                                               " is no agent, who may forward what "
                                               "others ask"};
  }
  TRY(check_nothing_beside(data));
  TRY(check_rejects_nothing(message));
  const auto& forwarding = inquiry.forwarding;
  const auto place = forwarding == nullptr ? cmc::BodyPartPath{} : forwarding->place;
  TRY(check_bearable(items.size(), place.size()));
  const auto account =
      forwarding == nullptr ? std::make_shared<ForwardingAccount>() : forwarding->account;
  TRY(account->forward(place, items));
  const auto agent = std::make_shared<const proof::ProvenIdentity>(identity);
  for (const auto& item : data.cms_sequence) {
    //= E22 RFC 10002 §3.2.1: a message in the message that no control names is passed over
    if (items.count(item.body_part_id) == 0) continue;
    Inquiry inside{.octets = item.content_info.der,
                   .peer = inquiry.peer,
                   .profile_id = inquiry.profile_id,
                   .over_dogtag_path = inquiry.over_dogtag_path};
    inside.forwarding = std::make_shared<const Forwarding>(
        Forwarding{agent, assertions_inside(assertions, item.body_part_id, agent),
                   place_inside(place, item.body_part_id), account});
    forwarded.push_back({item.body_part_id, std::move(inside)});
  }
  return forwarded;
}

}  // namespace signet::authority
