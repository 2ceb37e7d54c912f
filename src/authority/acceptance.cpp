#include "authority/acceptance.h"

#include <algorithm>
#include <optional>
#include <set>

#include "authority/exchange.h"
#include "proof/possession/given_up_challenge.h"

namespace signet::authority {
namespace {

using cmc::BodyPartID;
using cmc::CMCStatus;
using cmc::ToldStatus;

Error unclear(const cmc::BodyPartList& parts, std::string why) {
  Error error{Fault::malformed, std::move(why)};
  for (const auto part : parts) error.body_parts.push_back(part.value);
  return error;
}

/// None for a path of several steps: it leads into a message inside, of which nothing is said here.
std::optional<BodyPartID> part_named_by(const cmc::BodyPartReference& reference) {
  if (const auto* id = std::get_if<BodyPartID>(&reference)) return *id;
  const auto& path = std::get<cmc::BodyPartPath>(reference);
  return path.size() == 1 ? std::optional(path.front()) : std::nullopt;
}

/// What a status may name.
struct Nameable {
  std::set<BodyPartID> certificates{cmc::kThisPKIData};
  std::set<BodyPartID> parts;
};

Nameable nameable_in(const cmc::PkiRequest& message) {
  Nameable nameable;
  for (const auto& control : cmc::controls_of(message)) nameable.parts.insert(control.body_part_id);
  for (const auto* request : cmc::requests_of(message)) {
    nameable.parts.insert(request->body_part_id());
  }
  for (const auto* control : confirmations_in(message)) {
    nameable.certificates.insert(control->body_part_id);
  }
  return nameable;
}

Result<void> check_says_something(const ToldStatus& told) {
  const auto status = told.info.cmc_status;
  if (status == CMCStatus::success || status == CMCStatus::failed) return {};
  return unclear({told.control}, "status " + std::string(to_text(status)) +
                                     " says neither that a certificate is taken (success) nor "
                                     "that it is not (failed)");
}

/// The parts of which it speaks.
Result<cmc::BodyPartList> parts_named(const ToldStatus& told, const Nameable& nameable) {
  const bool is_success = told.info.cmc_status == CMCStatus::success;
  cmc::BodyPartList parts;
  for (const auto& reference : told.info.body_list) {
    const auto part = part_named_by(reference);
    const bool is_clear = part && (nameable.certificates.contains(*part) ||
                                   (is_success && nameable.parts.contains(*part)));
    if (!is_clear) {
      return unclear({told.control},
                     "the status names another part than confirmCertAcceptance: name that of the "
                     "certificate that it is about, or 0 for all");
    }
    parts.push_back(*part);
  }
  return parts;
}

}  // namespace

std::vector<const cmc::TaggedAttribute*> confirmations_in(const cmc::PkiRequest& message) {
  return cmc::find_controls(cmc::controls_of(message), cmc::oid::kConfirmCertAcceptance);
}

bool rejects_transaction(const cmc::PkiRequest& message) {
  const auto& controls = cmc::controls_of(message);
  if (!cmc::requests_of(message).empty() || !confirmations_in(message).empty()) return false;
  if (!exchange_of(controls).transaction_id || proof::names_challenge(message)) return false;
  const auto statuses = cmc::read_told_statuses(controls);
  return statuses.ok() && std::any_of(statuses->begin(), statuses->end(), [](const auto& told) {
           return told.info.cmc_status == CMCStatus::failed &&
                  !proof::is_about_challenge(told.info);
         });
}

Result<Acceptances> Acceptances::read(const cmc::PkiRequest& message) {
  const auto statuses = TRY(cmc::read_told_statuses(cmc::controls_of(message)));
  const auto nameable = nameable_in(message);
  const bool names_certificates = !confirmations_in(message).empty();
  Acceptances acceptances;
  for (const auto& told : statuses) {
    if (proof::is_about_challenge(told.info)) {
      if (!names_certificates) continue;
      return unclear(
          {told.control},
          "popFailed gives a challenge up: send that in a message of its own, and reject "
          "a certificate by another failInfo, or by none");
    }
    TRY(check_says_something(told));
    for (const auto part : TRY(parts_named(told, nameable))) acceptances.note(told, part);
  }
  return acceptances;
}

void Acceptances::note(const ToldStatus& told, BodyPartID part) {
  auto& said = said_[part];
  const bool is_success = told.info.cmc_status == CMCStatus::success;
  (is_success ? said.taking : said.rejecting).push_back(told.control);
}

Acceptances::Said Acceptances::said_of(BodyPartID part) const {
  const auto found = said_.find(part);
  return found == said_.end() ? Said() : found->second;
}

Result<Acceptance> Acceptances::of(BodyPartID control) const {
  auto said = said_of(control);
  if (control != cmc::kThisPKIData) {
    const auto of_all = said_of(cmc::kThisPKIData);
    said.taking.insert(said.taking.end(), of_all.taking.begin(), of_all.taking.end());
    said.rejecting.insert(said.rejecting.end(), of_all.rejecting.begin(), of_all.rejecting.end());
  }
  if (said.rejecting.empty()) return Acceptance::taken;
  if (said.taking.empty()) return Acceptance::rejected;
  auto parts = said.taking;
  parts.insert(parts.end(), said.rejecting.begin(), said.rejecting.end());
  if (control != cmc::kThisPKIData) parts.insert(parts.begin(), control);
  return unclear(parts, "one status says that the certificate is taken, another that it is not");
}

}  // namespace signet::authority
