#include "apps/tool/crl_reasons.h"

namespace signet::tool {

const std::map<std::string, pkix::CRLReason>& crl_reasons() {
  static const auto names = [] {
    std::map<std::string, pkix::CRLReason> all;
    for (std::int64_t number = 0; number < std::int64_t{pkix::kCRLReasons}; ++number) {
      const auto reason = pkix::to_crl_reason(number);
      if (reason.ok()) all.emplace(pkix::to_text(*reason), *reason);
    }
    return all;
  }();
  return names;
}

}  // namespace signet::tool
