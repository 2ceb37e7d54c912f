#include "adapters/pkcs11/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "issuance/authority_certificates.h"
#include "support/private_key_contract.h"
#include "support/token_scene.h"

namespace signet::test {
namespace {

using testing::HasSubstr;
using testing::Not;

template <typename T>
void expect_refused(const Result<T>& result, Fault fault, const std::string& named) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fault, fault) << result.error().detail;
  EXPECT_THAT(result.error().detail, HasSubstr(named));
}

/// A self-signed certificate of the key, valid from `now`.
pkix::Certificate certificate_of(const crypto::PrivateKey& key, const std::string& subject,
                                 Time now = SystemClock().now()) {
  return unwrap(issuance::make_root(
      {.subject = unwrap(pkix::name_from_text(subject)), .key = key, .now = now},
      crypto::system_random()));
}

bool signs(const crypto::PrivateKey& key) {
  const auto algorithm = unwrap(crypto::default_signature_algorithm(key));
  const auto signature = key.sign(algorithm, Bytes{1, 2, 3});
  return signature.ok() && public_key_of(key).verify(algorithm, Bytes{1, 2, 3}, *signature).ok();
}

// --- which module, which token, which PIN

TEST(OpenToken, RefusesAModuleThatIsNotThere) {
  const auto uri = unwrap(pkcs11::read_uri("pkcs11:token=one?module-path=/nowhere/module.so"));
  expect_refused(pkcs11::open_token(uri, SecretBytes()), Fault::bad_configuration,
                 "/nowhere/module.so");
}

TEST(OpenToken, RefusesATokenThatIsNotThereAndNamesThoseThatAre) {
  const SoftHsm hsm;
  expect_refused(SoftHsm::try_open("token=two"), Fault::bad_configuration, "there is one");
  expect_refused(SoftHsm::try_open("token=one;serial=4711"), Fault::bad_configuration, "one");
}

TEST(OpenToken, WantsALabelWhenThereAreTwoTokens) {
  const SoftHsm hsm;
  EXPECT_TRUE(SoftHsm::try_open("").ok());
  hsm.add_token("two");
  expect_refused(SoftHsm::try_open(""), Fault::bad_configuration, "more than one token");
  EXPECT_TRUE(SoftHsm::try_open("token=two").ok());
}

TEST(OpenToken, FindsATokenThatWasMadeWhileItsModuleWasInUse) {
  const SoftHsm hsm;
  const auto key = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  hsm.add_token("two");
  EXPECT_TRUE(SoftHsm::try_open("token=two").ok());
  EXPECT_TRUE(signs(*key));
}

TEST(OpenToken, RefusesAWrongPinOnce) {
  const SoftHsm hsm;
  expect_refused(SoftHsm::try_open("token=one", "4711"), Fault::decryption_failed,
                 "it is not tried again");
  EXPECT_THAT(SoftHsm::try_open("token=one", "4711").error().detail, Not(HasSubstr("4711")));
  expect_refused(SoftHsm::try_open("token=one", ""), Fault::decryption_failed, "PIN");
}

TEST(OpenNssDatabase, RefusesAWrongPasswordOrNone) {
  const NssDatabase database;
  expect_refused(database.try_open("wrong"), Fault::decryption_failed, database.path());
  expect_refused(database.try_open(""), Fault::decryption_failed, "PIN");
  EXPECT_TRUE(database.try_open("secret").ok());
}

TEST(OpenNssDatabase, TakesADatabaseWithoutPassword) {
  const NssDatabase database("");
  EXPECT_TRUE(database.try_open("").ok());
  expect_refused(database.try_open("surplus"), Fault::decryption_failed, "PIN");
}

TEST(OpenNssDatabase, RefusesAFolderWithoutDatabaseAndMakesNone) {
  const TemporaryFolder folder;
  expect_refused(pkcs11::open_nss_database(folder.path(), SecretBytes()), Fault::bad_configuration,
                 "certutil -N");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OpenNssDatabase, TakesAFolderWhoseNameNssWouldMisread) {
  const TemporaryFolder folder;
  const auto path = folder / "o'neill> ]\\ x=\"y\"";
  std::filesystem::create_directory(path);
  write_text(folder / "password", "secret\n");
  run_tool("certutil -N -d \"sql:" + folder.path().string() + "/o'neill> ]\\\\ x=\\\"y\\\"\" -f " +
           (folder / "password"));
  const auto token = pkcs11::open_nss_database(path, SecretBytes(std::string_view("secret")));
  ASSERT_TRUE(token.ok()) << token.error().detail;
  EXPECT_TRUE((*token)->generate_key("ec:p256", "mine").ok());
}

TEST(OpenNssDatabase, OpensSeveralFoldersInOneProcess) {
  const NssDatabase alice;
  const NssDatabase bob("other");
  const auto of_alice = alice.open();
  const auto of_bob = bob.open();
  const auto key = unwrap(of_alice->generate_key("ec:p256", "alice"));
  const auto other = unwrap(of_bob->generate_key("ec:p256", "bob"));
  EXPECT_TRUE(signs(*key) && signs(*other));
  expect_refused(of_alice->find_key({.label = "bob"}), Fault::key_not_found, "alice");
  expect_refused(of_bob->find_key_of(key->public_key_info()), Fault::key_not_found, "bob");
  expect_refused(bob.try_open("secret"), Fault::decryption_failed, bob.path());
}

// --- which key: the same for SoftHSM2 and NSS

struct SoftHsmScene {
  SoftHsm hsm;
  std::shared_ptr<pkcs11::Token> token = SoftHsm::open();
  static std::shared_ptr<pkcs11::Token> reopen() { return SoftHsm::open(); }
};
struct NssScene {
  NssDatabase database;
  std::shared_ptr<pkcs11::Token> token = database.open();
  [[nodiscard]] std::shared_ptr<pkcs11::Token> reopen() const { return database.open(); }
};

template <typename Scene>
class AnyToken : public testing::Test {
 protected:
  Scene scene;
  pkcs11::Token& token = *scene.token;
};
using Scenes = testing::Types<SoftHsmScene, NssScene>;
TYPED_TEST_SUITE(AnyToken, Scenes, );

TYPED_TEST(AnyToken, FindsAKeyAgainByItsLabelItsIdAndItsPublicHalf) {
  for (const auto* kind : {"rsa:2048", "ec:p256"}) {
    const auto made = unwrap(this->token.generate_key(kind, kind));
    const auto again = this->scene.reopen();
    EXPECT_EQ(unwrap(again->find_key({.label = kind}))->public_key_info(), made->public_key_info());
    EXPECT_TRUE(signs(*unwrap(again->find_key_of(made->public_key_info()))));
  }
  const auto ec = unwrap(this->token.find_key({.label = "ec:p256"}));
  const auto id = crypto::digest(crypto::DigestAlgorithm::sha1,
                                 ec->public_key_info().subject_public_key.octets);
  EXPECT_EQ(unwrap(this->token.find_key({.id = id}))->public_key_info(), ec->public_key_info());
  expect_refused(this->token.find_key({.label = "rsa:2048", .id = id}), Fault::key_not_found,
                 "there is: ec:p256, rsa:2048");
}

TYPED_TEST(AnyToken, TakesTheOnlyKeyWhenNoneIsNamedAndRefusesToChoose) {
  expect_refused(this->token.find_key({}), Fault::key_not_found, "there is: none");
  unwrap(this->token.generate_key("ec:p256", "first"));
  EXPECT_TRUE(this->token.find_key({}).ok());
  unwrap(this->token.generate_key("ec:p256", "second"));
  expect_refused(this->token.find_key({}), Fault::key_not_found, "first, second");
}

TYPED_TEST(AnyToken, FindsAKeyByItsCertificatesNickname) {
  const auto key = unwrap(this->token.generate_key("ec:p384", "label"));
  ASSERT_TRUE(this->token.store_certificate(certificate_of(*key, "CN=Alice"), "Alice's").ok());
  EXPECT_EQ(unwrap(this->token.find_key({.label = "Alice's"}))->public_key_info(),
            key->public_key_info());
  expect_refused(this->token.find_key({.label = "Bob's"}), Fault::key_not_found, "Alice's");
}

TYPED_TEST(AnyToken, MeansTheNewestCertificatesKeyByANickname) {
  const auto now = SystemClock().now();
  const auto old_key = unwrap(this->token.generate_key("ec:p256", "old"));
  const auto new_key = unwrap(this->token.generate_key("ec:p256", "new"));
  const auto old_certificate =
      certificate_of(*old_key, "CN=Alice", now - std::chrono::hours{24 * 30});
  const auto new_certificate = certificate_of(*new_key, "CN=Alice", now);
  ASSERT_TRUE(this->token.store_certificate(new_certificate, "Alice").ok());
  ASSERT_TRUE(this->token.store_certificate(old_certificate, "Alice").ok());
  EXPECT_EQ(unwrap(this->token.find_key({.label = "Alice"}))->public_key_info(),
            new_key->public_key_info());
  const auto listed = unwrap(this->token.certificates("Alice"));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.front().certificate, new_certificate);
  EXPECT_EQ(listed.back().certificate, old_certificate);
}

TYPED_TEST(AnyToken, ListsCertificatesAndWhetherTheirKeyIsThere) {
  const auto key = unwrap(this->token.generate_key("rsa:2048", "mine"));
  const auto elsewhere = unwrap(crypto::generate_private_key("ec:p256"));
  const auto mine = certificate_of(*key, "CN=Mine");
  const auto others = certificate_of(*elsewhere, "CN=Other");
  ASSERT_TRUE(this->token.store_certificate(mine, "mine").ok());
  ASSERT_TRUE(this->token.store_certificate(others, "other").ok());
  const auto named = unwrap(this->token.certificates("mine"));
  ASSERT_EQ(named.size(), 1U);
  EXPECT_TRUE(named.front().has_key);
  EXPECT_EQ(named.front().certificate, mine);
  const auto other = unwrap(this->token.certificates("other"));
  ASSERT_EQ(other.size(), 1U);
  EXPECT_FALSE(other.front().has_key);
  EXPECT_EQ(unwrap(this->token.certificates("")).size(), 2U);
  EXPECT_TRUE(unwrap(this->token.certificates("nobody")).empty());
}

TYPED_TEST(AnyToken, RefusesToMakeASecondKeyWithALabelAndKindsThatItDoesNotKnow) {
  unwrap(this->token.generate_key("ec:p256", "ca"));
  expect_refused(this->token.generate_key("ec:p256", "ca"), Fault::already_exists, "\"ca\"");
  expect_refused(this->token.generate_key("rsa:1024", "weak"), Fault::unsupported_algorithm,
                 "rsa:2048");
  expect_refused(this->token.generate_key("ed448", "x"), Fault::unsupported_algorithm, "ed25519");
}

TYPED_TEST(AnyToken, LetsNoKeyOutOfIt) {
  const auto key = unwrap(this->token.generate_key("ec:p256", "ca"));
  expect_refused(crypto::write_private_key(*key, SecretBytes()), Fault::unsupported_algorithm,
                 "cannot leave it");
}

// --- what NSS's own tools and others made, and what they see

TEST(NssDatabaseKeys, AreSeenByCertutilWithTheirCertificates) {
  const NssDatabase database;
  {
    const auto token = database.open();
    const auto rsa = unwrap(token->generate_key("rsa:2048", "alice"));
    const auto ec = unwrap(token->generate_key("ec:p256", "bob"));
    ASSERT_TRUE(token->store_certificate(certificate_of(*rsa, "CN=Alice"), "alice").ok());
    ASSERT_TRUE(token->store_certificate(certificate_of(*ec, "CN=Bob"), "bob").ok());
  }
  const auto keys = database.output_of("certutil -K");
  EXPECT_THAT(keys, testing::ContainsRegex("rsa +[0-9a-f]{40} +alice"));
  EXPECT_THAT(keys, testing::ContainsRegex("ec +[0-9a-f]{40} +bob"));
  const auto certificates = database.output_of("certutil -L");
  EXPECT_THAT(certificates, testing::ContainsRegex("alice +u,u,u"));
  EXPECT_THAT(certificates, testing::ContainsRegex("bob +u,u,u"));
}

TEST(NssDatabaseKeys, MadeByCertutilSign) {
  const NssDatabase database;
  write_text(database / "noise", std::string(4096, 'x'));
  const auto noise = " -z '" + (database / "noise") + "'";
  database.tool("certutil -S -x -n rsa -s CN=Rsa -t u,u,u -k rsa -g 2048" + noise);
  database.tool("certutil -S -x -n ec -s CN=Ec -t u,u,u -k ec -q nistp384" + noise);
  const auto token = database.open();
  for (const auto* nickname : {"rsa", "ec"}) {
    const auto key = token->find_key({.label = nickname});
    ASSERT_TRUE(key.ok()) << key.error().detail;
    EXPECT_TRUE(signs(**key)) << nickname;
    const auto certificates = unwrap(token->certificates(nickname));
    ASSERT_EQ(certificates.size(), 1U);
    EXPECT_TRUE(certificates.front().has_key);
    EXPECT_EQ(certificates.front().certificate->subject_public_key_info, (*key)->public_key_info());
  }
}

TEST(NssDatabaseKeys, ImportedByPk12utilSignAndAgree) {
  const NssDatabase database;
  const auto key = unwrap(crypto::generate_private_key("ec:p256"));
  const auto pkcs12 = unwrap(crypto::write_pkcs12(*key, {certificate_of(*key, "CN=Alice")}, "alice",
                                                  SecretBytes(std::string_view("import"))));
  write_text(database / "alice.p12", as_text(pkcs12.view()));
  database.tool("pk12util -W import -i '" + (database / "alice.p12") + "'");
  const auto found = database.open()->find_key({.label = "alice"});
  ASSERT_TRUE(found.ok()) << found.error().detail;
  EXPECT_EQ((*found)->public_key_info(), key->public_key_info());
  EXPECT_TRUE(signs(**found));
  const auto peer = unwrap(crypto::generate_private_key("ec:p256"));
  EXPECT_TRUE(equal(unwrap((*found)->agree(public_key_of(*peer))).view(),
                    unwrap(key->agree(public_key_of(*peer))).view()));
}

TEST(SoftHsmKeys, ThatAreWeakOrOfOtherTypesAreRefused) {
  const SoftHsm hsm;
  const auto make = [](const std::string& kind) {
    run_tool("pkcs11-tool --module " + kSoftHsmModule +
             " --token-label one --login --pin 1234 --keypairgen --id 01 --label '" + kind +
             "' --key-type '" + kind + "'");
  };
  make("rsa:1024");
  make("EC:secp256k1");
  const auto token = SoftHsm::open();
  expect_fault(token->find_key({.label = "rsa:1024"}), Fault::weak_key);
  expect_fault(token->find_key({.label = "EC:secp256k1"}), Fault::unsupported_algorithm);
}

TEST(SoftHsmKeys, RefuseOaepWithParametersThatTheTokenDoesNotOffer) {
  const SoftHsm hsm;
  const auto token = SoftHsm::open();
  const auto key = unwrap(token->generate_key("rsa:2048", "encryption"));
  const auto oaep = crypto::rsaes_oaep(crypto::DigestAlgorithm::sha256);
  expect_refused(key->decrypt(oaep, Bytes(256, 0x42)), Fault::unsupported_algorithm,
                 "RSAES-OAEP with these parameters");
}

}  // namespace
}  // namespace signet::test
