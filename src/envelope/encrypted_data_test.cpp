#include "envelope/encrypted_data.h"

#include <gtest/gtest.h>

#include <fstream>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"
#include "support/message_builder.h"
#include "support/temporary_folder.h"

namespace signet::envelope {
namespace {

using test::Key;
using test::unwrap;
namespace oid = pkix::oid;

constexpr const char* kKinds[] = {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "x25519", "x448"};
const Bytes kPlaintext = to_bytes("what nobody else shall read, a little longer than two blocks");

bool any_recipient(const cms::RecipientIdentifier&) {
  return true;
}

/// What is sealed and how; as it stands it is right.
struct Sealing {
  Key key = test::test_key("rsa:2048");
  EncryptionStyle style = {};
  asn1::Oid content_type = cms::oid::kData;
  Bytes content = kPlaintext;

  [[nodiscard]] Result<Bytes> try_to_encode() const {
    const auto recipient = unwrap(crypto::PublicKey::from(key->public_key_info()));
    return seal_encrypted({.content_type = content_type,
                           .content = content,
                           .recipient = recipient,
                           .rid = cms::SubjectKeyIdentifier{test::key_identifier_of(*key)},
                           .style = style},
                          crypto::system_random());
  }
  [[nodiscard]] Bytes encode() const { return unwrap(try_to_encode()); }
};

Result<DecryptedContent> open(ByteView message, const crypto::PrivateKey& key,
                              const IsRecipient& is_recipient = any_recipient) {
  return open_encrypted(TRY(cms::read_content_info(message)), key, is_recipient,
                        crypto::system_random());
}

EncryptionStyle style(const asn1::Oid& cipher, std::size_t icv_octets = 16) {
  return {.content_encryption = cipher, .icv_octets = icv_octets};
}

TEST(EncryptedData, OpensWithTheRecipientsKeyWhateverItsKindAndTheCipher) {
  /* matrix: B05, B07, B08, B09, B11, B12 */
  for (const auto* kind : kKinds) {
    const auto key = test::test_key(kind);
    for (const auto& cipher :
         {oid::kAes128Cbc, oid::kAes192Cbc, oid::kAes256Cbc, oid::kAes128Gcm, oid::kAes256Gcm}) {
      for (const std::size_t icv_octets : {12U, 16U}) {
        const auto opened =
            open(Sealing{.key = key, .style = style(cipher, icv_octets)}.encode(), *key);
        ASSERT_TRUE(opened.ok()) << kind << " " << cipher.to_text() << opened.error().detail;
        EXPECT_EQ(to_bytes(opened->content.view()), kPlaintext);
        EXPECT_EQ(opened->content_type, cms::oid::kData);
      }
    }
  }
}

TEST(EncryptedData, TransportsByPkcs1WhereThatIsWanted) {
  /* matrix: B11 */
  auto old = style(oid::kAes128Cbc);
  old.key_transport = EncryptionStyle::KeyTransport::pkcs1;
  const auto key = test::test_key("rsa:2048");
  EXPECT_TRUE(open(Sealing{.key = key, .style = old}.encode(), *key).ok());
}

TEST(EncryptedData, SaysWhatItHoldsWhereThatIsNoData) {
  const auto key = test::test_key("rsa:2048");
  const Sealing sealing{.key = key, .content_type = cms::oid::kSignedData};
  const auto sealed = sealing.encode();
  const auto data =
      unwrap(cms::read_auth_enveloped_data(unwrap(cms::read_content_info(sealed)).content));
  EXPECT_TRUE(data.auth_attrs_der.has_value());
  EXPECT_EQ(unwrap(open(sealed, *key)).content_type, cms::oid::kSignedData);
}

TEST(EncryptedData, WrongKeysAndAlteredOctetsAreOneAnswer) {
  for (const auto* kind : {"rsa:2048", "ec:p256", "x25519"}) {
    for (const auto& cipher : {oid::kAes256Gcm, oid::kAes128Cbc}) {
      const auto key = test::test_key(kind);
      const auto message = Sealing{.key = key, .style = style(cipher)}.encode();
      auto other = open(message, *test::test_key(kind, 1));
      while (other.ok()) {  // of 256 wrong keys one leaves what looks like padding
        ASSERT_EQ(cipher, oid::kAes128Cbc);
        EXPECT_NE(to_bytes(other->content.view()), kPlaintext);
        other =
            open(Sealing{.key = key, .style = style(cipher)}.encode(), *test::test_key(kind, 1));
      }
      EXPECT_EQ(other.error().fault, Fault::decryption_failed);
      for (std::size_t at = 0; at < message.size(); ++at) {
        auto altered = message;
        altered[at] ^= 0x04;
        const auto opened = open(altered, *key);
        if (cipher == oid::kAes256Gcm && opened.ok()) {
          // Outside of what is authenticated: who it was for. The content is the right one.
          EXPECT_EQ(to_bytes(opened->content.view()), kPlaintext) << at;
        }
        if (!opened.ok() && opened.error().fault == Fault::decryption_failed) {
          EXPECT_EQ(opened.error().detail, other.error().detail) << at;
        }
      }
    }
  }
}

TEST(EncryptedData, IsForItsRecipientOnly) {
  const auto key = test::test_key("rsa:2048");
  const auto opened = open(Sealing{.key = key}.encode(), *key, [](const auto&) { return false; });
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::decryption_failed);
}

TEST(EncryptedData, RefusesCiphersAndKeysThatAreNotOffered) {
  EXPECT_EQ(Sealing{.style = style(oid::kAes256Wrap)}.try_to_encode().error().fault,
            Fault::unsupported_algorithm);
  EXPECT_EQ(Sealing{.key = test::test_key("ed25519")}.try_to_encode().error().fault,
            Fault::unsupported_algorithm);
  const auto signed_data =
      test::full_request(test::TestCa().issue(), {test::tagged(1, test::pkcs10())}).encode();
  EXPECT_EQ(open(signed_data, *test::test_key()).error().fault, Fault::unsupported_message);
}

TEST(EncryptedData, KnownAnswersOpen) {
  /* matrix: B07, B08, B09 */
  SIGNET_NEEDS_SHARED("spec/vectors");
  const auto key =
      unwrap(crypto::read_private_key(test::shared_file("spec/vectors/ee-key.pem"), SecretBytes()));
  for (const auto* name :
       {"spec/vectors/authenv-icv12-data.der", "spec/vectors/authenv-icv16-data.der"}) {
    const auto opened = open(test::shared_file(name), *key);
    ASSERT_TRUE(opened.ok()) << name << ": " << opened.error().detail;
    EXPECT_EQ(to_bytes(opened->content.view()),
              test::hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  }
  const auto around =
      unwrap(open(test::shared_file("spec/vectors/fullreq-p10-authenv-icv12.der"), *key));
  EXPECT_EQ(around.content_type, cms::oid::kSignedData);
}

// ------------------------------------------------------------ another implementation

class WithOpenssl : public testing::TestWithParam<const char*> {
 protected:
  bool run(const std::string& arguments) const {
    const auto command = "openssl cms " + arguments + " 2>" + (folder / "err");
    return std::system(command.c_str()) == 0;
  }
  void write(const std::string& name, ByteView octets) const {
    std::ofstream(folder / name, std::ios::binary) << as_text(octets);
  }
  std::string error() const {
    const auto octets = test::file(folder / "err");
    return std::string(as_text(octets));
  }
  const test::TemporaryFolder folder;
};

TEST_P(WithOpenssl, OursIsOpened) {
  const auto key = test::test_key(GetParam());
  write("key.pem", unwrap(crypto::write_private_key(*key, SecretBytes())).view());
  test::TestCa ca;
  const auto certificate = ca.issue({.key = key}).certificate;
  write("cert.pem", as_bytes(to_pem("CERTIFICATE", certificate.der)));
  for (const auto& cipher : {oid::kAes128Cbc, oid::kAes256Gcm}) {
    write("message.der", Sealing{.key = key, .style = style(cipher)}.encode());
    ASSERT_TRUE(run("-decrypt -binary -inform DER -in " + (folder / "message.der") + " -inkey " +
                    (folder / "key.pem") + " -recip " + (folder / "cert.pem") + " -out " +
                    (folder / "plain")))
        << error();
    EXPECT_EQ(test::file(folder / "plain"), kPlaintext);
  }
}

TEST_P(WithOpenssl, ItsIsOpened) {
  const auto key = test::test_key(GetParam());
  test::TestCa ca;
  const auto certificate = ca.issue({.key = key}).certificate;
  write("cert.pem", as_bytes(to_pem("CERTIFICATE", certificate.der)));
  write("plain", kPlaintext);
  for (const std::string cipher : {"-aes-256-cbc", "-aes-128-gcm"}) {
    ASSERT_TRUE(run("-encrypt -binary -outform DER " + cipher + " -in " + (folder / "plain") +
                    " -out " + (folder / "message.der") + " " + (folder / "cert.pem")))
        << error();
    const auto opened = open(test::file(folder / "message.der"), *key);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    EXPECT_EQ(to_bytes(opened->content.view()), kPlaintext);
  }
}

INSTANTIATE_TEST_SUITE_P(Keys, WithOpenssl,
                         testing::Values("rsa:2048", "ec:p256", "ec:p384", "ec:p521"));

}  // namespace
}  // namespace signet::envelope
