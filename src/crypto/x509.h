#pragma once

#include <openssl/x509.h>

#include <memory>

#include "codec/pkix/certificate.h"
#include "crypto/openssl.h"

namespace signet::crypto {

namespace openssl {
using X509Pointer = std::unique_ptr<X509, Release<X509_free>>;

/// A stack that owns its certificates.
struct ReleaseStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using X509Stack = std::unique_ptr<STACK_OF(X509), ReleaseStack>;
}  // namespace openssl

/// Faults: malformed when OpenSSL cannot read what our codec could.
Result<openssl::X509Pointer> to_x509(const pkix::Certificate& certificate);
Result<openssl::X509Stack> to_stack(const std::vector<pkix::Certificate>& certificates);
/// By our codec, from OpenSSL's octets. Faults: malformed.
Result<pkix::Certificate> from_x509(const X509* certificate);

}  // namespace signet::crypto
