#pragma once

#include <memory>

#include "codec/cmc/pki_request.h"
#include "envelope/open_request.h"
#include "support/unwrap.h"

namespace signet::test {

/// A source that knows the certificates given to it, and no others.
class KnownCertificates final : public envelope::CertificateSource {
 public:
  explicit KnownCertificates(std::vector<pkix::Certificate> known = {})
      : known_(std::move(known)) {}

  std::optional<pkix::Certificate> find(const cms::IssuerAndSerialNumber& id) const override {
    for (const auto& certificate : known_) {
      if (certificate->issuer == id.issuer && certificate->serial_number == id.serial_number) {
        return certificate;
      }
    }
    return std::nullopt;
  }
  std::optional<pkix::Certificate> find(const cms::SubjectKeyIdentifier& id) const override {
    for (const auto& certificate : known_) {
      if (certificate.subject_key_identifier() == id.octets) return certificate;
    }
    return std::nullopt;
  }

 private:
  std::vector<pkix::Certificate> known_;
};

/// A message together with what opening it gave, which points into it.
struct Opened {
  std::unique_ptr<const cmc::PkiRequest> message;
  Result<envelope::OpenedRequest> result;

  [[nodiscard]] const envelope::OpenedRequest& request() const { return result.value(); }
};

/// Reads and opens a message. Stops the test program when it cannot be read.
inline Opened open(ByteView octets, const KnownCertificates& certificates = KnownCertificates{}) {
  auto message = std::make_unique<const cmc::PkiRequest>(unwrap(cmc::read_pki_request(octets)));
  crypto::PublicKeyCache keys;
  auto result = envelope::open_request(*message, certificates, keys);
  return {std::move(message), std::move(result)};
}

}  // namespace signet::test
