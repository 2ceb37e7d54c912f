#include "client/verdicts.h"

#include <algorithm>

#include "base/overloaded.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

/// A control has one value; what has another number of them is malformed (AMB-27).
Result<ByteView> value_of(const cmc::TaggedAttribute& control) {
  if (control.attr_values.size() == 1) return ByteView{control.attr_values.front()};
  return Error{Fault::malformed, "the control " + control.attr_type.to_text() + " (body part " +
                                     std::to_string(control.body_part_id.value) + ") has " +
                                     std::to_string(control.attr_values.size()) +
                                     " values instead of one"};
}

template <typename OtherInfo>
std::optional<cmc::CMCFailInfo> fail_info_of(const std::optional<OtherInfo>& other) {
  if (!other) return std::nullopt;
  if (const auto* plain = std::get_if<cmc::CMCFailInfo>(&*other)) return *plain;
  return std::nullopt;
}

template <typename OtherInfo>
std::optional<cmc::PendInfo> pend_info_of(const std::optional<OtherInfo>& other) {
  if (!other) return std::nullopt;
  if (const auto* pending = std::get_if<cmc::PendInfo>(&*other)) return *pending;
  return std::nullopt;
}

Result<Verdict> read_second_version(ByteView value) {
  auto status = TRY(cmc::read_cmc_status_info_v2(value));
  auto fail_info = fail_info_of(status.other_info);
  if (status.other_info && std::holds_alternative<cmc::ExtendedFailInfo>(*status.other_info)) {
    fail_info = cmc::CMCFailInfo::internalCAError;  // what an unknown extendedFailInfo counts as
  }
  return Verdict{status.cmc_status, std::move(status.body_list), fail_info,
                 std::move(status.status_string).value_or(""), pend_info_of(status.other_info)};
}

Result<Verdict> read_first_version(ByteView value) {
  auto status = TRY(cmc::read_cmc_status_info(value));
  return Verdict{status.cmc_status,
                 {status.body_list.begin(), status.body_list.end()},
                 fail_info_of(status.other_info),
                 std::move(status.status_string).value_or(""),
                 pend_info_of(status.other_info)};
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
  std::vector<Verdict> verdicts;
  //= E64 RFC 10002 §6.1: statusInfoV2 is read
  //= E61 RFC 10002 §6.1: however many there are, also for one body part
  for (const auto& control : controls) {
    //= C01 RFC 10004 §5.2: CMCStatusInfoV2 is read
    if (control.attr_type != cmc::oid::kStatusInfoV2) continue;
    const auto value = TRY(value_of(control));
    verdicts.push_back(TRY(read_second_version(value)));
  }
  if (!verdicts.empty()) return verdicts;
  for (const auto& control : controls) {
    //= C04 RFC 10004 §5.2: CMCStatusInfo is read where there is no other
    if (control.attr_type != cmc::oid::kStatusInfo) continue;
    const auto value = TRY(value_of(control));
    verdicts.push_back(TRY(read_first_version(value)));
  }
  return verdicts;
}

std::optional<cmc::PendInfo> find_pending(const std::vector<Verdict>& verdicts) {
  for (const auto& verdict : verdicts) {
    //= E137 RFC 10002 §6.17: the rest of what is partial is asked for, as what is pending
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
