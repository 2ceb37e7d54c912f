#include "adapters/pkcs11/slots.h"

namespace signet::pkcs11 {
namespace {

std::vector<CK_SLOT_ID> slots_with_tokens(CK_FUNCTION_LIST* module) {
  CK_ULONG count = 0;
  if (module->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) return {};
  std::vector<CK_SLOT_ID> ids(count);
  if (module->C_GetSlotList(CK_TRUE, ids.data(), &count) != CKR_OK) return {};
  ids.resize(count);
  return ids;
}

}  // namespace

std::vector<PresentToken> present_tokens(CK_FUNCTION_LIST* module) {
  std::vector<PresentToken> present;
  for (const auto id : slots_with_tokens(module)) {
    CK_TOKEN_INFO info{};
    if (module->C_GetTokenInfo(id, &info) != CKR_OK) continue;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
    present.push_back({{module, id}, info});
  }
  return present;
}

}  // namespace signet::pkcs11
