#pragma once

#include "envelope/open_request.h"
#include "store/certificate_store.h"

namespace signet::authority {

/// Finds a signer that the message names but does not carry among the certificates we issued.
class StoreCertificates final : public envelope::CertificateSource {
 public:
  StoreCertificates(const store::CertificateStore& store, const pkix::Certificate& authority)
      : store_(store), authority_(authority) {}

  [[nodiscard]] std::optional<pkix::Certificate> find(
      const cms::IssuerAndSerialNumber& id) const override {
    if (id.issuer != authority_->subject) return std::nullopt;
    const auto record = store_.find_certificate(id.serial_number);
    if (!record.ok() || !record->has_value()) return std::nullopt;
    auto certificate = pkix::read_certificate((*record)->certificate_der);
    if (!certificate.ok()) return std::nullopt;
    return std::move(certificate).value();
  }

  /// A key identifier names no certificate of ours for certain: it must travel in the message.
  [[nodiscard]] std::optional<pkix::Certificate> find(
      const cms::SubjectKeyIdentifier&) const override {
    return std::nullopt;
  }

 private:
  const store::CertificateStore& store_;
  const pkix::Certificate& authority_;
};

}  // namespace signet::authority
