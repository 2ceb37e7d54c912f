#include "crypto/prepared_contexts.h"

#include <openssl/rsa.h>

#include <algorithm>

#include "crypto/fetched_digest.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;

/// As many as threads are likely to hold at once.
constexpr std::size_t kMaximumIdle = 16;

bool set_rsa_scheme(EVP_PKEY_CTX* context, const SignatureScheme& scheme) {
  const bool pss = scheme.family == Family::rsa_pss;
  const int padding = pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
  if (EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1) return false;
  if (EVP_PKEY_CTX_set_signature_md(context, fetched(scheme.digest)) != 1) return false;
  return !pss ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(scheme.salt_octets)) == 1;
}

}  // namespace

openssl::KeyContext PreparedContexts::take(const SignatureScheme& scheme) {
  auto idle = take_idle(scheme);
  return idle ? std::move(idle) : prepare(scheme);
}

void PreparedContexts::give_back(const SignatureScheme& scheme, openssl::KeyContext context) {
  // Another provider's would hold a copy of the key, and go on by that when the key is used anew.
  if (EVP_PKEY_CTX_get0_provider(context.get()) != EVP_PKEY_get0_provider(key_)) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaximumIdle) idle_.push_back({scheme, std::move(context)});
}

openssl::KeyContext PreparedContexts::take_idle(const SignatureScheme& scheme) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                  [&](const Idle& idle) { return idle.scheme == scheme; });
  if (found == idle_.rend()) return nullptr;
  auto context = std::move(found->context);
  idle_.erase(std::next(found).base());
  return context;
}

openssl::KeyContext PreparedContexts::prepare(const SignatureScheme& scheme) const {
  openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr));
  if (!context) return nullptr;
  const auto init = use_ == Use::sign ? EVP_PKEY_sign_init : EVP_PKEY_verify_init;
  if (init(context.get()) != 1) return nullptr;
  if (scheme.family != Family::ecdsa && !set_rsa_scheme(context.get(), scheme)) return nullptr;
  return context;
}

}  // namespace signet::crypto
