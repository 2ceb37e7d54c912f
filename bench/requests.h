#pragma once

#include <vector>

#include "client/compose_message.h"
#include "fresh_keys.h"
#include "proof/trust/trust.h"
#include "trial.h"

namespace signet::bench {

/// How requester and key prove themselves.
enum class Way {
  signing,    ///< a user's certificate signs the message, each key its request
  secret,     ///< nobody has a certificate; each key signs message and request (identityProofV2)
  challenge,  ///< each key only decrypts, and proves itself in two rounds
  agent,      ///< an agent's certificate signs ten requests in one message, each key its own
  lookup      ///< nobody enrolls: the user asks by getCert for certificates of the store
};

/// What the agent asks for in one message.
constexpr std::size_t kRequestsOfAgent = 10;

/// One message on its way, and the keys that it asks for.
struct Enrollment {
  std::vector<std::unique_ptr<crypto::PrivateKey>> keys;
  client::SentRequest sent;
};

/// Who asks, and whom it trusts.
class Requester {
 public:
  /// `certificates`: so many made-up ones are in the store, to be looked up.
  Requester(const Trial& trial, Way way, std::uint64_t certificates = 0);

  /// For fresh keys; to look up, for one certificate or another by `number`.
  [[nodiscard]] Enrollment ask(FreshKeys& keys, std::uint64_t number) const;
  /// How many keys one message asks for.
  [[nodiscard]] std::size_t keys_of_message() const;
  /// The second message, to the challenge in this answer.
  [[nodiscard]] client::SentRequest answer(const Enrollment& asked, ByteView response) const;
  /// Whether the answer to a look-up brings what was asked for.
  [[nodiscard]] bool is_found_in(ByteView response) const;
  /// A connection with the certificate that signs.
  [[nodiscard]] std::unique_ptr<http::Transport> connect() const;

 private:
  [[nodiscard]] client::RequestItem request_for(const crypto::PrivateKey& key) const;
  [[nodiscard]] client::SentRequest ask_by_secret(const crypto::PrivateKey& key) const;
  [[nodiscard]] client::SentRequest ask_for_certificate(std::uint64_t number) const;
  [[nodiscard]] client::SentRequest sign(std::vector<client::RequestItem> requests,
                                         const client::Continuation* continues,
                                         std::vector<cmc::TaggedAttribute> controls = {}) const;

  const Trial& trial_;
  Way way_;
  std::uint64_t certificates_;
  std::string certificate_file_;
  std::string key_file_;
  pkix::Certificate certificate_;
  std::unique_ptr<crypto::PrivateKey> key_;
  SecretBytes secret_;
  proof::Trust trust_;
};

}  // namespace signet::bench
