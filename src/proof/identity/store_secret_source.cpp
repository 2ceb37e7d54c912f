#include "proof/identity/store_secret_source.h"

namespace signet::proof {

Result<std::optional<SharedSecret>> StoreSecretSource::find(std::string_view identification) const {
  const auto token = TRY(tokens_.find_token(identification));
  if (!token) return std::optional<SharedSecret>();
  auto octets = vault_.open(*token);
  if (!octets) {
    return Error{Fault::unknown_identity,
                 "the shared secret of '" + token->identification +
                     "' does not open under the store's key: " + octets.error().detail};
  }
  return std::optional(SharedSecret{.octets = std::move(octets).value(),
                                    .token_id = token->id,
                                    .subject = token->subject,
                                    .expires_at = token->expires_at,
                                    .uses_allowed = token->uses_allowed});
}

}  // namespace signet::proof
