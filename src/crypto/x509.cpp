#include "crypto/x509.h"

namespace signet::crypto {

Result<openssl::X509Pointer> to_x509(const pkix::Certificate& certificate) {
  const auto* at = certificate.der.data();
  openssl::X509Pointer made(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
  if (made && at == certificate.der.data() + certificate.der.size()) return made;
  return Error{Fault::malformed, "OpenSSL cannot read the certificate of \"" +
                                     pkix::to_text(certificate->subject) +
                                     "\": " + openssl::reason()};
}

Result<openssl::X509Stack> to_stack(const std::vector<pkix::Certificate>& certificates) {
  openssl::X509Stack stack(sk_X509_new_null());
  CHECK(stack != nullptr);
  for (const auto& certificate : certificates) {
    auto made = TRY(to_x509(certificate));
    CHECK(sk_X509_push(stack.get(), made.get()) > 0);
    static_cast<void>(made.release());
  }
  return stack;
}

Result<pkix::Certificate> from_x509(const X509* certificate) {
  unsigned char* written = nullptr;
  const int octets = i2d_X509(certificate, &written);
  if (octets <= 0) return Error{Fault::malformed, "a certificate that OpenSSL cannot write"};
  const Bytes der(written, written + octets);
  OPENSSL_free(written);
  return pkix::read_certificate(der);
}

}  // namespace signet::crypto
