#include "issuance/crl.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/test_authority.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::issuance {
namespace {

using test::kTestTime;
using test::unwrap;

/// keyIdentifier of a CRL by an issuer with this certificate.
std::optional<Bytes> key_identifier_in_crl(const pkix::Certificate& certificate, test::Key key) {
  const auto issuer = unwrap(Issuer::make({certificate}, std::move(key)));
  CrlBuilder builder(issuer, {.this_update = kTestTime,
                              .next_update = kTestTime + std::chrono::days{1},
                              .signature_algorithm = certificate->signature});
  const auto list = unwrap(pkix::read_certificate_list(unwrap(builder.sign(0)).der));
  const auto* extension =
      pkix::find_extension(list.tbs.value.crl_extensions, pkix::oid::kAuthorityKeyIdentifier);
  EXPECT_NE(extension, nullptr);
  return unwrap(pkix::read_authority_key_identifier(extension->extn_value)).key_identifier;
}

TEST(CrlBuilder, NamesItsIssuersKeyByTheSubjectKeyIdentifierOfItsCertificate) {
  const auto key = test::test_key("ec:p256", 7);
  auto tbs = test::TestCa("CN=Test CA,O=Test", key).certificate().tbs.value;
  for (auto& extension : tbs.extensions) {
    if (extension.extn_id != pkix::oid::kSubjectKeyIdentifier) continue;
    extension.extn_value = pkix::write_subject_key_identifier(Bytes{1, 2, 3});
  }
  EXPECT_EQ(key_identifier_in_crl(test::TestAuthority::sign(tbs, *key), key), (Bytes{1, 2, 3}));
}

/// Shows one key and signs with another.
class LyingKey final : public crypto::PrivateKey {
 public:
  LyingKey(test::Key shown, test::Key signer)
      : shown_(std::move(shown)), signer_(std::move(signer)) {}
  const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return shown_->public_key_info();
  }
  crypto::KeyKind kind() const override { return shown_->kind(); }
  Result<Bytes> sign(const crypto::AlgorithmIdentifier& algorithm,
                     ByteView message) const override {
    return signer_->sign(algorithm, message);
  }
  Result<SecretBytes> decrypt(const crypto::AlgorithmIdentifier& algorithm,
                              ByteView ciphertext) const override {
    return signer_->decrypt(algorithm, ciphertext);
  }
  Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return signer_->agree(peer);
  }

 private:
  test::Key shown_;
  test::Key signer_;
};

TEST(CrlBuilder, RefusesASignatureByAnotherKeyThanTheCertificates) {
  const auto key = test::test_key("ec:p256", 7);
  const auto certificate = test::TestCa("CN=Test CA,O=Test", key).certificate();
  const auto sign_with = [&](const test::Key& signer) {
    const auto issuer =
        unwrap(Issuer::make({certificate}, std::make_shared<LyingKey>(key, signer)));
    CrlBuilder builder(issuer, {.this_update = kTestTime,
                                .next_update = kTestTime + std::chrono::days{1},
                                .signature_algorithm = certificate->signature});
    return builder.sign(0);
  };
  EXPECT_TRUE(sign_with(key).ok());
  const auto refused = sign_with(test::test_key("ec:p256", 5));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::signing_failed);
}

TEST(CrlBuilder, NamesTheKeyOfAnIssuerWithoutSubjectKeyIdentifier) {
  const auto key = test::test_key("ec:p256", 7);
  auto tbs = test::TestCa("CN=Test CA,O=Test", key).certificate().tbs.value;
  std::erase_if(tbs.extensions, [](const pkix::Extension& extension) {
    return extension.extn_id == pkix::oid::kSubjectKeyIdentifier;
  });
  EXPECT_EQ(key_identifier_in_crl(test::TestAuthority::sign(tbs, *key), key),
            crypto::key_identifier(key->public_key_info()));
}

}  // namespace
}  // namespace signet::issuance
