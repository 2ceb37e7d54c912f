#include "authority/statuses.h"

#include <algorithm>

#include "authority/in_force.h"
#include "authority/refusal.h"
#include "base/overloaded.h"

namespace signet::authority {
namespace {

/// The parts that a refusal concerns.
std::vector<cmc::BodyPartReference> parts_concerned(const cmc::PkiRequest* request,
                                                    const Error& error) {
  if (request == nullptr) return {cmc::kThisPKIData};
  std::vector<cmc::BodyPartReference> parts;
  for (const auto part : error.body_parts) parts.emplace_back(cmc::BodyPartID{part});
  const bool simple = std::holds_alternative<cmc::SimplePkiRequest>(*request);
  //= E02 RFC 10002 §6.1.1: the Full response to a Simple request names body part 1
  if (simple) return {cmc::BodyPartID{1}};
  if (parts.empty()) return {cmc::kThisPKIData};
  return parts;
}

/// The requests that are not among these parts; none where the whole message is.
std::vector<cmc::BodyPartReference> other_requests(
    const cmc::PkiRequest* request, const std::vector<cmc::BodyPartReference>& parts) {
  std::vector<cmc::BodyPartReference> others;
  const cmc::BodyPartReference all = cmc::kThisPKIData;
  if (request == nullptr || parts.front() == all) return others;
  for (const auto* wanted : cmc::requests_of(*request)) {
    const cmc::BodyPartReference reference = wanted->body_part_id();
    if (std::find(parts.begin(), parts.end(), reference) == parts.end()) {
      others.push_back(reference);
    }
  }
  return others;
}

/// What a refusal names: the parts it concerns, then every request, since none was granted and a
/// request without status would count as granted (RFC 10002 §6.1.2).
std::vector<cmc::BodyPartReference> refused_parts(const cmc::PkiRequest* request,
                                                  const Error& error) {
  auto parts = parts_concerned(request, error);
  const auto others = other_requests(request, parts);
  parts.insert(parts.end(), others.begin(), others.end());
  return parts;
}

/// Of a message that is not to be told from others, too.
bool may_hold_others(const cmc::PkiRequest* request) {
  if (request == nullptr) return true;
  const auto* full = std::get_if<cmc::FullPkiRequest>(request);
  return full != nullptr && !full->pki_data.cms_sequence.empty();
}

/// The part of the request that an outcome answers.
cmc::BodyPartID part_of(const Outcome& outcome) {
  return std::visit(Overloaded{[](const Issued& issued) { return issued.request; },
                               [](const Withdrawn& withdrawn) { return withdrawn.part; },
                               [](const Pending& pending) { return pending.request; },
                               [](const Challenged& challenged) { return challenged.request; },
                               [](const auto& other) { return other.control; }},
                    outcome);
}

bool awaits_confirmation(const Outcome& outcome) {
  const auto* issued = std::get_if<Issued>(&outcome);
  return issued != nullptr && issued->awaits_confirmation;
}

}  // namespace

std::vector<cmc::CMCStatusInfoV2> granted_statuses(const std::vector<Outcome>& outcomes) {
  cmc::CMCStatusInfoV2 to_confirm;
  to_confirm.cmc_status = cmc::CMCStatus::confirmRequired;
  cmc::CMCStatusInfoV2 success;
  for (const auto& outcome : outcomes) {
    if (std::holds_alternative<Withdrawn>(outcome)) continue;
    auto& status = awaits_confirmation(outcome) ? to_confirm : success;
    status.body_list.emplace_back(part_of(outcome));
  }
  if (to_confirm.body_list.empty() && success.body_list.empty()) {
    success.body_list.emplace_back(cmc::kThisPKIData);
  }
  std::vector<cmc::CMCStatusInfoV2> statuses;
  for (auto* status : {&to_confirm, &success}) {
    if (!status->body_list.empty()) statuses.push_back(std::move(*status));
  }
  return statuses;
}

cmc::CMCStatusInfoV2 pending_status(const std::vector<Outcome>& outcomes,
                                    const cmc::PendInfo& pend_info) {
  cmc::CMCStatusInfoV2 status;
  for (const auto& outcome : outcomes) status.body_list.emplace_back(part_of(outcome));
  //= E69 RFC 10002 §6.1.3: pending is for certification requests alone, which these outcomes are
  status.cmc_status = cmc::CMCStatus::pending;
  //= E66 RFC 10002 §6.1.2: what is pending has pendInfo
  status.other_info = pend_info;
  return status;
}

cmc::CMCStatusInfoV2 refusal_of(std::vector<cmc::BodyPartReference> parts, const Error& why) {
  const auto told = refusal_status(why.fault);
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = told.status;
  status.body_list = std::move(parts);
  status.status_string = refusal_text(why);
  //= E65 RFC 10002 §6.1.1: failInfo stands only beside status failed
  if (told.fail_info) status.other_info = *told.fail_info;
  return status;
}

std::vector<cmc::CMCStatusInfoV2> refusal_statuses(const cmc::PkiRequest* request,
                                                   const Error& error) {
  if (error.fault != Fault::unsupported_request_type) {
    auto status = refusal_of(refused_parts(request, error), error);
    if (may_hold_others(request)) status.status_string = refusal_text_around_others(error);
    return {std::move(status)};
  }
  //= E19 RFC 10002 §6.1.3: noSupport is said of what is not supported, not of what stands beside it
  auto parts = parts_concerned(request, error);
  auto others = other_requests(request, parts);
  std::vector<cmc::CMCStatusInfoV2> statuses{refusal_of(std::move(parts), error)};
  if (!others.empty()) {
    statuses.push_back(
        refusal_of(std::move(others),
                   {Fault::malformed, "not processed: a request beside it is not supported"}));
  }
  return statuses;
}

std::optional<cmc::CMCStatusInfoV2> withdrawn_status(const std::vector<Outcome>& outcomes) {
  const auto withdrawn = why_withdrawn(outcomes);
  if (!withdrawn) return std::nullopt;
  const auto why = in_short(*withdrawn);
  std::vector<cmc::BodyPartReference> parts;
  for (const auto part : why.body_parts) parts.emplace_back(cmc::BodyPartID{part});
  return refusal_of(std::move(parts), why);
}

cmc::CMCStatusInfoV2 challenge_status(const cmc::PkiRequest& request,
                                      const std::vector<Outcome>& outcomes, bool as_dogtag) {
  Error due{Fault::possession_missing, ""};
  for (const auto& outcome : outcomes) {
    due.body_parts.push_back(std::get<Challenged>(outcome).request.value);
  }
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = as_dogtag ? cmc::CMCStatus::popRequired : cmc::CMCStatus::failed;
  status.body_list = refused_parts(&request, due);
  if (!as_dogtag) {
    status.status_string =
        "the key must prove itself: decrypt encryptedPOP with it, and send the same requests again "
        "with decryptedPOP and, in regInfo, the request id of responseInfo";
  }
  status.other_info = cmc::CMCFailInfo::popRequired;
  return status;
}

}  // namespace signet::authority
