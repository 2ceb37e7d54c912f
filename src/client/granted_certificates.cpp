#include "client/granted_certificates.h"

#include <algorithm>

namespace signet::client {

SortedCertificates sort_certificates(const std::vector<pkix::Certificate>& certificates,
                                     const std::vector<pkix::SubjectPublicKeyInfo>& keys) {
  SortedCertificates sorted;
  sorted.ours.resize(keys.size());
  for (const auto& certificate : certificates) {
    //= E50 RFC 10002 §4.1: certificates stand in any order; ours is known by its key
    //= E56 RFC 10002 §4.2: likewise in a Full response
    const auto key = std::find(keys.begin(), keys.end(), certificate->subject_public_key_info);
    if (key == keys.end()) {
      sorted.others.push_back(certificate);
      continue;
    }
    auto& found = sorted.ours[static_cast<std::size_t>(key - keys.begin())];
    const bool newer = !found || (*found)->validity.not_before < certificate->validity.not_before;
    if (newer) found = certificate;
  }
  return sorted;
}

}  // namespace signet::client
