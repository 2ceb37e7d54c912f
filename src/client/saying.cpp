#include "client/saying.h"

#include <algorithm>

#include "client/authentic_response.h"
#include "client/one_control.h"
#include "client/verdicts.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

Result<void> take_challenges(Saying& saying, const std::vector<cmc::TaggedAttribute>& controls) {
  for (const auto& control : controls) {
    if (control.attr_type != cmc::oid::kEncryptedPOP) continue;
    if (control.attr_values.size() != 1) {
      return Error{Fault::malformed, "an encryptedPOP of the answer has not one value"};
    }
    saying.challenges.push_back(TRY(cmc::read_encrypted_pop(control.attr_values.front())));
  }
  //= C61 RFC 10004 §5.2: responseInfo is read
  const auto id = TRY(read_control(controls, cmc::oid::kResponseInfo, cmc::read_octets_value));
  const auto nonce = TRY(read_control(controls, cmc::oid::kSenderNonce, cmc::read_octets_value));
  saying.request_id = id.value_or(Bytes{});
  saying.sender_nonce = nonce.value_or(Bytes{});
  return {};
}

Result<void> check_direction(const cmc::PKIResponse& response) {
  //= E141 RFC 10002 §6.20: raIdentityWitness never stands in a PKIResponse
  if (cmc::find_control(response.control_sequence, cmc::oid::kRaIdentityWitness) == nullptr) {
    return {};
  }
  return Error{Fault::misplaced_control,
               "the answer holds raIdentityWitness, by which registration authorities speak to "
               "authorities: whoever made it erred; ask the server's operator"};
}

Result<void> check_unique_ids(const cmc::PKIResponse& response) {
  std::vector<cmc::BodyPartID> ids;
  for (const auto& part : response.control_sequence) ids.push_back(part.body_part_id);
  for (const auto& part : response.cms_sequence) ids.push_back(part.body_part_id);
  for (const auto& part : response.other_msg_sequence) ids.push_back(part.body_part_id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  //= E44 RFC 10002 §3.2.2: body part ids are unique within a PKIResponse
  if (twice == ids.end()) return {};
  return Error{Fault::duplicate_body_part,
               "two elements of the answer have the body part id " + std::to_string(twice->value)};
}

/// Whether whoever said it wants to hear of us again.
bool goes_on(const Saying& saying) {
  return !saying.challenges.empty() || find_pending(saying.verdicts).has_value();
}

}  // namespace

bool Saying::grants_nothing() const {
  return !verdicts.empty() &&
         std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
           return verdict.status == cmc::CMCStatus::failed;
         });
}

Result<Saying> read_saying(const cmc::PKIResponse& response) {
  TRY(check_unique_ids(response));
  TRY(check_direction(response));
  Saying saying;
  saying.verdicts = TRY(read_verdicts(response.control_sequence));
  TRY(take_challenges(saying, response.control_sequence));
  return saying;
}

void add_saying(Saying& saying, Saying inside) {
  if (goes_on(inside) && !goes_on(saying)) {
    saying.request_id = std::move(inside.request_id);
    saying.sender_nonce = std::move(inside.sender_nonce);
  }
  append_all(saying.verdicts, std::move(inside.verdicts));
  append_all(saying.challenges, std::move(inside.challenges));
}

}  // namespace signet::client
