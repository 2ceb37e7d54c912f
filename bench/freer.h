#pragma once

#include <openssl/evp.h>

#include <memory>

namespace signet::bench {

/// Frees what one of OpenSSL's functions frees.
template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* owned) const {
    Free(owned);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;

}  // namespace signet::bench
