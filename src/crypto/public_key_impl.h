#pragma once

#include "crypto/made_public_key.h"
#include "crypto/prepared_contexts.h"

namespace signet::crypto {

struct PublicKey::Impl {
  explicit Impl(MadePublicKey&& from) : made(std::move(from)) {}

  MadePublicKey made;
  mutable PreparedContexts verifiers{made.key.get(), PreparedContexts::Use::verify};
};

}  // namespace signet::crypto
