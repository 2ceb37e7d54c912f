#pragma once

#include <memory>
#include <vector>

#include "crypto/certification_path.h"

namespace signet::proof {

/// Whether a certificate lies on a valid path to one of our anchors. Answers are remembered by the
/// certificate's octets until the first certificate of the path expires; revocation is asked
/// elsewhere (proof/identity, from the store), every time.
class Trust {
 public:
  /// `anchors`: certificates trusted as they are. `intermediates`: known ones, not trusted by
  /// themselves. Faults: malformed.
  static Result<Trust> make(std::vector<pkix::Certificate> anchors,
                            std::vector<pkix::Certificate> intermediates,
                            std::size_t remembered = 4096);
  ~Trust();
  Trust(Trust&&) noexcept;
  Trust& operator=(Trust&&) noexcept;

  /// Safe for many threads. Faults: untrusted_signer; its detail says why, with dates or names.
  Result<void> validate(const pkix::Certificate& certificate,
                        const std::vector<pkix::Certificate>& hints, Time at) const;
  /// The same, where the SHA-256 of the certificate is known already.
  Result<void> validate(const pkix::Certificate& certificate, ByteView hash,
                        const std::vector<pkix::Certificate>& hints, Time at) const;
  /// As they were given: what is asked of a path by itself starts from them.
  [[nodiscard]] const std::vector<pkix::Certificate>& anchors() const;

 private:
  struct Impl;
  explicit Trust(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::proof
