#include "proof/trust/trust.h"

#include <algorithm>

#include "crypto/recently_used.h"

namespace signet::proof {

struct Trust::Impl {
  /// When all certificates of a path are valid, both ends included.
  struct Window {
    Time from;
    Time until;

    static Window of(const std::vector<pkix::Certificate>& path);
    [[nodiscard]] bool holds(Time at) const { return from <= at && at <= until; }
  };

  Impl(crypto::CertificationPathValidator with, std::vector<pkix::Certificate> trusted,
       std::vector<pkix::Certificate> known, std::size_t remembered)
      : validator(std::move(with)),
        anchors(std::move(trusted)),
        intermediates(std::move(known)),
        valid(remembered) {}

  crypto::CertificationPathValidator validator;
  std::vector<pkix::Certificate> anchors;
  std::vector<pkix::Certificate> intermediates;
  crypto::RecentlyUsed<Window> valid;
};

Trust::Impl::Window Trust::Impl::Window::of(const std::vector<pkix::Certificate>& path) {
  Window window{Time::min(), Time::max()};
  for (const auto& certificate : path) {
    window.from = std::max(window.from, certificate->validity.not_before);
    window.until = std::min(window.until, certificate->validity.not_after);
  }
  return window;
}

Trust::Trust(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trust::~Trust() = default;
Trust::Trust(Trust&&) noexcept = default;
Trust& Trust::operator=(Trust&&) noexcept = default;

Result<Trust> Trust::make(std::vector<pkix::Certificate> anchors,
                          std::vector<pkix::Certificate> intermediates, std::size_t remembered) {
  auto validator = TRY(crypto::CertificationPathValidator::make(anchors));
  return Trust(std::make_unique<Impl>(std::move(validator), std::move(anchors),
                                      std::move(intermediates), remembered));
}

const std::vector<pkix::Certificate>& Trust::anchors() const {
  return impl_->anchors;
}

Result<void> Trust::validate(const pkix::Certificate& certificate,
                             const std::vector<pkix::Certificate>& hints, Time at) const {
  return validate(certificate, crypto::sha256(certificate.der), hints, at);
}

Result<void> Trust::validate(const pkix::Certificate& certificate, ByteView hash,
                             const std::vector<pkix::Certificate>& hints, Time at) const {
  const auto place = crypto::RecentlyUsed<Impl::Window>::key_of_hash(hash);
  const auto known = impl_->valid.find(place);
  if (known && known->holds(at)) return {};

  auto intermediates = impl_->intermediates;
  intermediates.insert(intermediates.end(), hints.begin(), hints.end());
  const auto path = TRY(impl_->validator.validate(certificate, intermediates, at));
  impl_->valid.keep(place, Impl::Window::of(path));
  return {};
}

}  // namespace signet::proof
