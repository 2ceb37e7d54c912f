#pragma once

#include "proof/identity/secret_source.h"
#include "proof/identity/token_vault.h"
#include "store/certificate_store.h"

namespace signet::proof {

/// The shared secrets that the authority keeps itself. The store outlives it.
class StoreSecretSource final : public SecretSource {
 public:
  StoreSecretSource(const store::TokenStore& tokens, TokenVault vault)
      : tokens_(tokens), vault_(std::move(vault)) {}

  Result<std::optional<SharedSecret>> find(std::string_view identification) const override;

 private:
  const store::TokenStore& tokens_;
  TokenVault vault_;
};

}  // namespace signet::proof
