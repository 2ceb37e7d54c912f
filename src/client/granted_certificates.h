#pragma once

#include "client/read_response.h"

namespace signet::client {

/// Sorts the certificates of an answer: for each key sent its certificate, the others aside.
struct SortedCertificates {
  std::vector<std::optional<pkix::Certificate>> ours;  ///< by key, in the order of the keys
  std::vector<pkix::Certificate> others;
};

/// Finds each certificate by its public key, wherever it stands; of several with one key, the one
/// that begins to be valid last.
SortedCertificates sort_certificates(const std::vector<pkix::Certificate>& certificates,
                                     const std::vector<pkix::SubjectPublicKeyInfo>& keys);

}  // namespace signet::client
