#include "apps/tool/crl_reasons.h"

namespace signet::tool {

const std::map<std::string, cmc::CRLReason>& crl_reasons() {
  using cmc::CRLReason;
  static const std::map<std::string, CRLReason> names{
      {"unspecified", CRLReason::unspecified},
      {"keyCompromise", CRLReason::keyCompromise},
      {"cACompromise", CRLReason::cACompromise},
      {"affiliationChanged", CRLReason::affiliationChanged},
      {"superseded", CRLReason::superseded},
      {"cessationOfOperation", CRLReason::cessationOfOperation},
      {"certificateHold", CRLReason::certificateHold},
      {"removeFromCRL", CRLReason::removeFromCRL},
      {"privilegeWithdrawn", CRLReason::privilegeWithdrawn},
      {"aACompromise", CRLReason::aACompromise}};
  return names;
}

std::string reason_name(int reason) {
  for (const auto& [name, each] : crl_reasons()) {
    if (static_cast<int>(each) == reason) return name;
  }
  return std::to_string(reason);
}

}  // namespace signet::tool
