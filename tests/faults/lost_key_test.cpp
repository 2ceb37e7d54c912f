// The authority's key goes away (a token pulled, a module that hangs up) and comes back.
#include <gtest/gtest.h>

#include <atomic>

#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

/// A key that can be taken away.
class LosableKey final : public crypto::PrivateKey {
 public:
  std::atomic<bool> lost{false};

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return key_->public_key_info();
  }
  [[nodiscard]] crypto::KeyKind kind() const override { return key_->kind(); }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override {
    if (lost) return Error{Fault::signing_failed, "the token is gone"};
    return key_->sign(algorithm, message);
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override {
    return key_->decrypt(algorithm, ciphertext);
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return key_->agree(peer);
  }

 private:
  std::unique_ptr<crypto::PrivateKey> key_ = unwrap(crypto::generate_private_key("ec:p256"));
};

TEST(LostKey, IsAnsweredWithoutContentAndSignersAndNothingIsIssued) {
  /* matrix: E43 */
  const auto key = std::make_shared<LosableKey>();
  TestAuthority ca{{.own_key = key}};
  const auto before = ca.certificates_on_record();
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  authority::Inquiry inquiry;
  inquiry.octets = sent.octets;
  inquiry.peer.tls_client_certificate = ca.alice.certificate.der;

  key->lost = true;
  const auto answer = ca.deliver_octets(inquiry);
  EXPECT_EQ(answer.kind, authority::ResponseKind::unable);
  EXPECT_EQ(answer.issued, 0U);
  const auto told =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer.octets)).content));
  EXPECT_FALSE(told.encap_content_info.e_content.has_value());
  EXPECT_TRUE(told.signer_infos.empty());
  EXPECT_TRUE(told.certificates.empty());
  EXPECT_EQ(ca.certificates_on_record(), before);

  key->lost = false;
  EXPECT_TRUE(ca.send(sent.octets, &ca.alice).issued()) << "the same message, later";
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

}  // namespace
}  // namespace signet::test
