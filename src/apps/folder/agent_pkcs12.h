#pragma once

#include <string>

#include "crypto/private_key.h"

namespace signet::tool {

/// For browsers and NSS databases: the agent's key and certificates in `agent.p12`, its passphrase
/// beside it in `agent.p12.passphrase`. Faults: storage_failed.
Result<void> write_agent_pkcs12(const std::string& directory, const crypto::PrivateKey& key,
                                const pkix::Certificate& certificate,
                                const std::vector<pkix::Certificate>& chain);

}  // namespace signet::tool
