#pragma once

#include "client/build_request.h"
#include "crypto/digest.h"
#include "proof/witness/mac_computation.h"
#include "support/message_builder.h"

namespace signet::test {

inline constexpr const char* kSecret = "correct horse battery staple";
/// Whom kSecret stands for, where a test says so.
inline constexpr const char* kOwner = "UID=alice,OU=people,O=Test";

/// A message by somebody with a shared secret. As it stands it is right; what is changed here is
/// what comes out. Written without the client's own code.
struct SecretMessage {
  std::string identification = "alice";
  std::string secret = kSecret;
  crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::sha256;
  crypto::MacAlgorithm mac = crypto::MacAlgorithm::hmac_sha256;
  int version = 2;
  std::optional<Bytes> proof_over = {};  ///< another reqSequence

  std::optional<Bytes> link_random = Bytes(64, 7);
  std::string link_secret = kSecret;
  bool link_with_identification = false;
  asn1::Oid link_type = cmc::oid::kPopLinkWitnessV2;
  std::optional<Bytes> witness_of = {};  ///< another random
  std::optional<pkix::AlgorithmIdentifier> link_key = {};
  crypto::MacAlgorithm link_mac = crypto::MacAlgorithm::hmac_sha256;
  proof::MacComputation computation = proof::MacComputation::rfc2104;  ///< of proof and link
  std::optional<proof::MacComputation> link_computation = {};          ///< the link's own

  client::RequestForm form = client::RequestForm::pkcs10;
  std::string subject = "";
  pkix::Extensions extensions = {};
  std::vector<Bytes> more_requests = {};
  std::vector<std::pair<std::uint32_t, Bytes>> messages = {};  ///< cmsSequence: id, ContentInfo
  std::function<void(std::vector<cmc::TaggedAttribute>&)> edit_controls = {};
  Key key = test_key();
  std::uint32_t nonce = 1;
  bool in_authenticated_data = false;
  std::function<void(cms::AuthenticatedData&)> edit_authenticated_data = {};

  [[nodiscard]] Bytes witness() const;
  [[nodiscard]] Bytes request(std::uint32_t id = 20) const;
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] Bytes authenticate(const Bytes& content) const;
};

}  // namespace signet::test
