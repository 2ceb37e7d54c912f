#include "client/verdicts.h"

#include <algorithm>
#include <iterator>

#include "base/overloaded.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/told_status.h"

namespace signet::client {
namespace {

/// The controls of this type.
std::vector<cmc::TaggedAttribute> controls_of(const std::vector<cmc::TaggedAttribute>& controls,
                                              const asn1::Oid& type) {
  std::vector<cmc::TaggedAttribute> found;
  std::copy_if(controls.begin(), controls.end(), std::back_inserter(found),
               [&](const auto& control) { return control.attr_type == type; });
  return found;
}

Verdict verdict_of(cmc::CMCStatusInfoV2 status) {
  Verdict verdict{status.cmc_status,
                  std::move(status.body_list),
                  std::nullopt,
                  std::move(status.status_string).value_or(""),
                  {}};
  if (!status.other_info) return verdict;
  std::visit(Overloaded{[&](const cmc::CMCFailInfo& plain) { verdict.fail_info = plain; },
                        [&](cmc::PendInfo& pending) { verdict.pend_info = std::move(pending); },
                        [&](const cmc::ExtendedFailInfo&) {  // what an unknown one counts as
                          verdict.fail_info = cmc::CMCFailInfo::internalCAError;
                        }},
             *status.other_info);
  return verdict;
}

bool names(const Verdict& verdict, cmc::BodyPartID id) {
  return std::any_of(
      verdict.body_list.begin(), verdict.body_list.end(), [&](const auto& reference) {
        return outermost_id(reference) == id || outermost_id(reference) == cmc::kThisPKIData;
      });
}

bool names_other_than(const Verdict& verdict, const std::vector<cmc::BodyPartID>& ids) {
  return std::any_of(
      verdict.body_list.begin(), verdict.body_list.end(), [&](const auto& reference) {
        return std::find(ids.begin(), ids.end(), outermost_id(reference)) == ids.end();
      });
}

bool withholds(cmc::CMCStatus status) {
  switch (status) {
    case cmc::CMCStatus::failed:
    case cmc::CMCStatus::pending:
    case cmc::CMCStatus::noSupport:
    case cmc::CMCStatus::popRequired:
      return true;
    case cmc::CMCStatus::success:
    case cmc::CMCStatus::confirmRequired:
    case cmc::CMCStatus::partial:
      return false;
  }
  return true;
}

}  // namespace

cmc::BodyPartID outermost_id(const cmc::BodyPartReference& reference) {
  return std::visit(Overloaded{[](cmc::BodyPartID id) { return id; },
                               [](const cmc::BodyPartPath& path) { return path.front(); }},
                    reference);
}

Result<std::vector<Verdict>> read_verdicts(const std::vector<cmc::TaggedAttribute>& controls) {
  //= E64 RFC 10002 §6.1: statusInfoV2 is read
  //= C01 RFC 10004 §5.2: CMCStatusInfoV2 is read
  auto statuses = controls_of(controls, cmc::oid::kStatusInfoV2);
  //= C04 RFC 10004 §5.2: CMCStatusInfo is read where there is no other
  if (statuses.empty()) statuses = controls_of(controls, cmc::oid::kStatusInfo);
  std::vector<Verdict> verdicts;
  //= E61 RFC 10002 §6.1: however many there are, also for one body part
  for (auto& told : TRY(cmc::read_told_statuses(statuses))) {
    verdicts.push_back(verdict_of(std::move(told.info)));
  }
  return verdicts;
}

std::optional<cmc::PendInfo> find_pending(const std::vector<Verdict>& verdicts) {
  for (const auto& verdict : verdicts) {
    // The rest of what is partial is asked for, as what is pending (RFC 10002 §6.1.3).
    const bool comes_later =
        verdict.status == cmc::CMCStatus::pending || verdict.status == cmc::CMCStatus::partial;
    if (comes_later && verdict.pend_info) return verdict.pend_info;
  }
  return std::nullopt;
}

Grant grant_of(cmc::BodyPartID id, const std::vector<cmc::BodyPartID>& request_ids,
               const std::vector<Verdict>& verdicts) {
  //= E68 RFC 10002 §6.1.2: a request that no status names was granted
  auto grant = Grant::granted;
  for (const auto& verdict : verdicts) {
    const bool withheld = withholds(verdict.status);
    if (withheld && names(verdict, id)) return Grant::withheld;
    const bool partial = verdict.status == cmc::CMCStatus::partial;
    if (partial || (withheld && names_other_than(verdict, request_ids))) grant = Grant::partly;
  }
  return grant;
}

}  // namespace signet::client
