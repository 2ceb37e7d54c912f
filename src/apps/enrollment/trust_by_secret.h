#pragma once

#include "apps/enrollment/enroll_command.h"

// Who has a shared secret and no certificate of the authority: the answer's trust anchors are taken
// by the MAC under that secret (RFC 10002 §6.15, §6.16).
namespace signet::tool {

/// The file in --output.
inline constexpr const char* kLearnedAnchors = "ca.pem";

/// --trust-by-secret; --ca is not demanded of the command any more.
void add_trust_by_secret_option(CLI::App& command, EnrollOptions& options);
/// Whether the options go together: one of --ca and --trust-by-secret; with this, --identity and
/// --output, and nobody named in --url to a server that is not verified. Faults: bad_configuration.
Result<void> check_trust_by_secret(const EnrollOptions& options);

/// Whoever stands between may read the message, and try secrets on it for as long as he likes.
/// Faults: not_allowed.
Result<void> check_secret_is_strong(const SecretProof& proof);
/// ca.pem in --output. Faults: as check_is_new.
Result<std::string> place_of_anchors(const RequestOptions& options);

/// The answer to a message that asked what to trust. References live for the call only.
struct LearnInput {
  ByteView octets;
  const std::string& kept_in;  ///< the file with them
  const client::SentRequest& sent;
  client::SecretHolder holder;
  const ServerOptions& server;
  /// TLS certificates of whoever answered; null where --tls-ca vouched for it.
  const std::vector<pkix::Certificate>* met;
  const std::string& anchors_file;
  Time now;
};
/// What was learned, and the answer by it.
struct Learned {
  proof::Trust trust;
  client::CheckedResponse checked;
};
/// Takes the anchors into their file, and tells of them, once all of this holds: whoever answered
/// knows the secret and speaks of our message, now, and the whole answer is in order by those
/// anchors (client::read_response_by_secret); the TLS server that was met is of them too, for the
/// host of --url. Faults: those of client::read_response_by_secret; tls_mismatch; those of files.
Result<Learned> learn_trust(const LearnInput& input, Context& context);

}  // namespace signet::tool
