#pragma once

#include "codec/pkix/extension.h"

namespace signet::policy {

/// The usages that a key of this algorithm may be certified for. RSA: RFC 3279 §2.3.1; RSASSA-PSS:
/// RFC 4055 §1.2; EC: RFC 8813 §3 (no encipherment); Edwards and Montgomery: RFC 8410 §5.
/// All of them for another algorithm.
pkix::KeyUsage usable_key_usage(const pkix::AlgorithmIdentifier& key_algorithm);

/// Whether the keyUsage extension, where there is one, asserts only what this key can be used for.
/// Faults: extension_not_allowed.
Result<void> check_key_usage_of_key(const pkix::Extensions& extensions,
                                    const pkix::SubjectPublicKeyInfo& key);

}  // namespace signet::policy
