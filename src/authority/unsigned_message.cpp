#include "authority/unsigned_message.h"

#include <algorithm>

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

}  // namespace signet::authority
