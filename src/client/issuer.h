#pragma once

#include <vector>

#include "codec/pkix/certificate.h"

namespace signet::client {

/// The one of `authorities` that made this certificate: its name is the issuer's, octet for octet,
/// and the signature is by its key. An authority that was given another key has several of one
/// name. Null: none of them. Lives as long as `authorities`.
const pkix::Certificate* find_issuer(const pkix::Certificate& certificate,
                                     const std::vector<pkix::Certificate>& authorities);

}  // namespace signet::client
