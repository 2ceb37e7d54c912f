#include <gtest/gtest.h>

#include "proof/identity/store_secret_source.h"
#include "proof/identity/token_rules.h"
#include "store/memory_engine.h"
#include "support/fakes.h"
#include "support/store_records.h"

namespace signet::proof {
namespace {

using test::kNoon2026;

TokenVault vault(std::uint8_t filler = 7) {
  return TokenVault{
      std::move(crypto::SealingKey::with_octets(SecretBytes(Bytes(32, filler)))).value()};
}

/// A token of alice whose sealed secret is `secret`.
store::SharedToken sealed(std::string_view secret) {
  test::CountingRandom random;
  store::SharedToken token{.id = Bytes(16, 1),
                           .identification = "alice",
                           .sealed_secret = {},
                           .subject = "CN=Alice,O=Example",
                           .created_at = kNoon2026,
                           .expires_at = kNoon2026 + std::chrono::hours{1},
                           .uses_allowed = 2};
  token.sealed_secret = vault().seal(token, SecretBytes(secret), random).value();
  return token;
}

TEST(TokenVault, OpensWhatItSealed) {
  for (const std::string& secret : {std::string("Sup3rS3cretSharedToken"), std::string(5000, 'x'),
                                    std::string("\xC3\xBC\xE2\x82\xAC"), std::string()}) {
    const auto opened = vault().open(sealed(secret));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->text(), secret);
  }
}

TEST(TokenVault, SealsUnderANewNonceEachTimeAndShowsNothing) {
  test::CountingRandom random;
  const auto token = sealed("Sup3rS3cretSharedToken");
  const auto again =
      vault().seal(token, SecretBytes(std::string_view("Sup3rS3cretSharedToken")), random).value();
  const auto later =
      vault().seal(token, SecretBytes(std::string_view("Sup3rS3cretSharedToken")), random).value();
  EXPECT_NE(again, later);
  EXPECT_EQ(as_text(token.sealed_secret).find("Sup3r"), std::string_view::npos);
}

TEST(TokenVault, RefusesASecretInAnotherRow) {
  for (const auto move : {+[](store::SharedToken& token) { token.id.back() ^= 1; },
                          +[](store::SharedToken& token) { token.identification = "alicf"; },
                          +[](store::SharedToken& token) { token.subject = "CN=Bob,O=Example"; },
                          +[](store::SharedToken& token) {
                            token.identification += token.subject;
                            token.subject.clear();
                          }}) {
    auto token = sealed("Sup3rS3cretSharedToken");
    move(token);
    const auto opened = vault().open(token);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().fault, Fault::decryption_failed);
  }
}

TEST(TokenVault, RefusesASecretOfWhichOneOctetChangedOrIsMissing) {
  const auto whole = sealed("Sup3rS3cretSharedToken");
  for (std::size_t at = 0; at < whole.sealed_secret.size(); ++at) {
    auto changed = whole;
    changed.sealed_secret[at] ^= 1;
    EXPECT_EQ(vault().open(changed).error().fault, Fault::decryption_failed) << at;
    auto shorter = whole;
    shorter.sealed_secret.resize(at);
    EXPECT_EQ(vault().open(shorter).error().fault, Fault::decryption_failed) << at;
  }
}

TEST(TokenVault, RefusesAnotherKeyAndKeysOfAnotherLength) {
  EXPECT_EQ(vault(8).open(sealed("Sup3rS3cretSharedToken")).error().fault,
            Fault::decryption_failed);
  for (const std::size_t octets : {0U, 16U, 31U, 33U}) {
    EXPECT_EQ(crypto::SealingKey::with_octets(SecretBytes(Bytes(octets))).error().fault,
              Fault::bad_configuration);
  }
}

TEST(StoreSecretSource, FindsASecretWithAllThatWasSaidOfIt) {
  store::MemoryEngine store;
  ASSERT_TRUE(store.add_token(sealed("Sup3rS3cretSharedToken")).ok());
  const auto found = StoreSecretSource(store, vault()).find("alice");
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->octets.text(), "Sup3rS3cretSharedToken");
  EXPECT_EQ((*found)->token_id, Bytes(16, 1));
  EXPECT_EQ((*found)->subject, "CN=Alice,O=Example");
  EXPECT_EQ((*found)->expires_at, kNoon2026 + std::chrono::hours{1});
  EXPECT_EQ((*found)->uses_allowed, 2U);
}

TEST(StoreSecretSource, FindsNobodyElseAndNoRevokedOne) {
  store::MemoryEngine store;
  ASSERT_TRUE(store.add_token(sealed("Sup3rS3cretSharedToken")).ok());
  const StoreSecretSource source(store, vault());
  EXPECT_FALSE(source.find("bob").value().has_value());
  EXPECT_FALSE(source.find("").value().has_value());
  ASSERT_TRUE(store.revoke_token(Bytes(16, 1)).ok());
  EXPECT_FALSE(source.find("alice").value().has_value());
}

TEST(StoreSecretSource, KnowsNobodyWhoseSecretDoesNotOpen) {
  store::MemoryEngine store;
  ASSERT_TRUE(store.add_token(sealed("Sup3rS3cretSharedToken")).ok());
  const auto found = StoreSecretSource(store, vault(8)).find("alice");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault, Fault::unknown_identity);
}

TEST(GenerateSecret, MakesSevenGroupsOfFour) {
  /* matrix: E163 */
  test::CountingRandom random;
  const auto secret = generate_secret(random);
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(secret->text(), "0123-4567-89ab-cdef-ghjk-mnpq-rstv");  // of 0, 1, 2, …
  const auto next = generate_secret(random);
  EXPECT_NE(next->text(), secret->text());
  EXPECT_EQ(next->size(), 34U);
}

TEST(GenerateSecret, IsKnownByItsForm) {
  for (const auto* secret :
       {"k7f2-m3qd-9xv1-tz8w-c4hn-p6rj-b0gs", "K7F2-M3QD-9XV1-TZ8W-C4HN-P6RJ-B0GS"}) {
    EXPECT_TRUE(is_as_generated(SecretBytes(std::string_view(secret)))) << secret;
  }
  for (const auto* secret :
       {"", "k7f2-m3qd-9xv1-tz8w-c4hn-p6rj", "k7f2-m3qd-9xv1-tz8w-c4hn-p6rj-b0gs-aaaa",
        "k7f2-m3qd-9xv1-tz8w-c4hn-p6rj-b0g", "k7f2-m3qd-9xv1-tz8w-c4hn-p6rj-b0gu",
        "k7f2m-3qd-9xv1-tz8w-c4hn-p6rj-b0gs", "k7f2--3qd-9xv1-tz8w-c4hn-p6rj-b0gs",
        "correct horse battery staple again"}) {
    EXPECT_FALSE(is_as_generated(SecretBytes(std::string_view(secret)))) << secret;
  }
}

bool accepts(std::string_view secret, std::string_view identification = "alice") {
  return check_chosen_secret(SecretBytes(secret), identification).ok();
}

TEST(ChosenSecret, AcceptsWhatIsLongAndVaried) {
  EXPECT_TRUE(accepts("Sup3rS3cretSharedToken", "testUser"));
  EXPECT_TRUE(accepts("gq8!kz0#vu4%wt1$"));
  EXPECT_TRUE(accepts("seven blue whales hum at dusk"));
  EXPECT_TRUE(accepts("k7f2-9xw0-3hde-q8zv", "k7"));
}

TEST(ChosenSecret, CountsCharactersNotOctets) {
  const std::string fifteen = "\xC3\xBC\xC3\xA4q8kz0vu4wt1mx";
  EXPECT_FALSE(accepts(fifteen));
  EXPECT_TRUE(accepts(fifteen + "\xE2\x82\xAC"));
}

TEST(ChosenSecret, RefusesWhatIsShortOrNoText) {
  for (const std::string_view secret : {"", "gq8!kz0#vu4%wt1", "gq8!kz0#vu4%wt1\xFF\xFE"}) {
    const auto checked = check_chosen_secret(SecretBytes(secret), "alice");
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().fault, Fault::not_allowed);
  }
}

TEST(ChosenSecret, RefusesRepetitionsAndSequences) {
  for (const std::string_view secret :
       {"aaaaaaaaaaaaaaaaaaaa", "abababababababababab", "abcdefghijklmnopqrst",
        "01234567890123456789", "zyxwvutsrqponmlkjihg", "aabbccddeeffgghhiijj",
        "axkqxakqaxqkkxaqaxkq"}) {
    EXPECT_FALSE(accepts(secret)) << secret;
  }
}

TEST(ChosenSecret, RefusesTheIdentificationAndWordsTriedFirst) {
  EXPECT_FALSE(accepts("gq8!kz0#Alice#vu4%wt1$"));
  EXPECT_FALSE(accepts("Password-Password-2026"));
  EXPECT_FALSE(accepts("qwertyuiopasdfghjkl!"));
  EXPECT_TRUE(accepts("password gq8!kz0#vu4%wt1$"));
}

}  // namespace
}  // namespace signet::proof
