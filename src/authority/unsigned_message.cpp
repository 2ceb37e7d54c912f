#include "authority/unsigned_message.h"

#include <algorithm>

#include "crypto/key_hash.h"

namespace signet::authority {

bool is_covered(const Asker& asker) {
  const auto& signers = asker.request.signers();
  const bool is_unsigned = std::any_of(signers.begin(), signers.end(), [](const auto& signer) {
    return std::holds_alternative<envelope::NoSignatureSigner>(signer);
  });
  return !is_unsigned || asker.identity.secret() == nullptr;
}

Result<void> check_end_is_covered(const Asker& asker, cmc::BodyPartID part) {
  if (is_covered(asker)) return {};
  return Error{Fault::unknown_identity,
               "nothing vouches for what a message that nobody signed (id-alg-noSignature) says of "
               "certificates and challenges, as its identity proof covers the requests alone: sign "
               "it, or send it in an AuthenticatedData",
               {part.value}};
}

Result<std::vector<store::KeyCondition>> check_keys_are_new(
    const Asker& asker, const std::vector<policy::ApprovedCertificate>& approved) {
  std::vector<store::KeyCondition> conditions;
  if (is_covered(asker)) return conditions;
  for (const auto& each : approved) {
    auto hash = crypto::key_hash(each.public_key_info());
    if (!TRY(asker.parts.store.find_by_key(hash)).empty()) {
      return Error{Fault::key_reuse,
                   "this key has a certificate already, and anybody may have sent a message again "
                   "that nobody signed (id-alg-noSignature): use a new key, sign the message, or "
                   "send it in an AuthenticatedData",
                   {each.request_id().value}};
    }
    conditions.push_back({std::move(hash), 0});
  }
  return conditions;
}

}  // namespace signet::authority
