#include "client/issuer.h"

#include <algorithm>

#include "crypto/certification_path.h"

namespace signet::client {

const pkix::Certificate* find_issuer(const pkix::Certificate& certificate,
                                     const std::vector<pkix::Certificate>& authorities) {
  const auto found =
      std::find_if(authorities.begin(), authorities.end(), [&](const pkix::Certificate& each) {
        return each->subject == certificate->issuer &&
               crypto::verify_certificate_signature(certificate, each->subject_public_key_info)
                   .ok();
      });
  return found == authorities.end() ? nullptr : &*found;
}

}  // namespace signet::client
