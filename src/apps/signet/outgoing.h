#pragma once

#include <memory>
#include <optional>

#include "apps/signet/credentials.h"
#include "apps/signet/request_options.h"
#include "base/random_source.h"
#include "client/build_request.h"

namespace signet::tool {

/// The key to be certified: the one that --key-file names, or a new one, which is written (mode
/// 0600) before anything else happens. An existing file is never written over.
/// Faults: storage_failed; as crypto::read_private_key and crypto::generate_private_key.
Result<std::unique_ptr<crypto::PrivateKey>> provide_key(const RequestOptions& options,
                                                        const OutputPaths& paths);

/// A request ready to be sent.
struct Outgoing {
  client::SentRequest sent;                    ///< without nonce and transaction for Form::simple
  std::optional<Bytes> certification_request;  ///< the bare PKCS#10, where there is one
};
/// Builds what the options ask for. `signer` is needed unless the form is simple.
/// Faults: malformed (a name), as client::make_full_request.
Result<Outgoing> build_outgoing(const RequestOptions& options, const crypto::PrivateKey& key,
                                const Signer* signer, RandomSource& random);

/// Keeps the message (binary) and what checks its answer, so that nothing is lost when the
/// connection dies: the very same octets can be sent again.
Result<void> save_outgoing(const Outgoing& outgoing, const OutputPaths& paths);

}  // namespace signet::tool
