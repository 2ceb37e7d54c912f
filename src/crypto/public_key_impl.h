#pragma once

#include "crypto/made_public_key.h"

namespace signet::crypto {

struct PublicKey::Impl {
  explicit Impl(MadePublicKey&& from) : made(std::move(from)) {}

  [[nodiscard]] EVP_PKEY* key() const { return made.key->get(); }

  MadePublicKey made;
};

}  // namespace signet::crypto
