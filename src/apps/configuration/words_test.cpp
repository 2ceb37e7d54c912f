// Each setting that is one of a few words is said by its own, and read back from it.
#include "apps/configuration/words.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apps/configuration/configuration_section.h"

namespace signet::server {
namespace {

TEST(Words, SayEachSettingAsTheFileHasIt) {
  EXPECT_EQ(word_of(ContentEncryption::aes_128_cbc), "aes-128-cbc");
  EXPECT_EQ(word_of(ContentEncryption::aes_128_gcm), "aes-128-gcm");
  EXPECT_EQ(word_of(ContentEncryption::aes_256_cbc), "aes-256-cbc");
  EXPECT_EQ(word_of(ContentEncryption::aes_256_gcm), "aes-256-gcm");
  EXPECT_EQ(word_of(KeyTransport::oaep), "oaep");
  EXPECT_EQ(word_of(KeyTransport::pkcs1), "pkcs1");
  EXPECT_EQ(word_of(Log::Level::debug), "debug");
  EXPECT_EQ(word_of(Log::Level::info), "info");
  EXPECT_EQ(word_of(Log::Level::warning), "warning");
  EXPECT_EQ(word_of(Log::Level::error), "error");
  EXPECT_EQ(word_of(LogFormat::json), "json");
  EXPECT_EQ(word_of(LogFormat::text), "text");
  EXPECT_EQ(word_of(ProfilesFrom::folder), "folder");
  EXPECT_EQ(word_of(ProfilesFrom::store), "store");
  EXPECT_EQ(word_of(SecretsFrom::file), "file");
  EXPECT_EQ(word_of(SecretsFrom::ldap), "ldap");
  EXPECT_EQ(word_of(SecretsFrom::none), "none");
  EXPECT_EQ(word_of(SecretsFrom::store), "store");
  EXPECT_EQ(word_of(StoreEngine::memory), "memory");
  EXPECT_EQ(word_of(StoreEngine::postgres), "postgres");
  EXPECT_EQ(word_of(StoreEngine::sqlite), "sqlite");
  EXPECT_EQ(word_of(TlsMatch::certificate), "certificate");
  EXPECT_EQ(word_of(TlsMatch::subject), "subject");
  EXPECT_EQ(word_of(Unconfirmed::hold), "hold");
  EXPECT_EQ(word_of(Unconfirmed::revoke), "revoke");
}

template <typename Setting>
class EachWord : public ::testing::Test {
 protected:
  /// What `setting` is after this line was read.
  Setting read(const std::string& line, Setting setting) {
    const auto table = toml::parse("[section]\n" + line + "\n");
    Section(table, "section", file, faults).word("setting", setting);
    return setting;
  }

  const std::string file = "signetd.toml";
  std::vector<std::string> faults;
};

using Settings = ::testing::Types<ContentEncryption, KeyTransport, Log::Level, LogFormat,
                                  ProfilesFrom, SecretsFrom, StoreEngine, TlsMatch, Unconfirmed>;
TYPED_TEST_SUITE(EachWord, Settings);

TYPED_TEST(EachWord, IsReadAsWhatItSays) {
  for (const auto& [word, said] : words_of(TypeParam{})) {
    for (const auto& [other, before] : words_of(TypeParam{})) {
      EXPECT_EQ(this->read("setting = \"" + std::string(word) + "\"", before), said) << word;
    }
  }
  EXPECT_TRUE(this->faults.empty());
}

TYPED_TEST(EachWord, IsReadAsItIsSpeltOnly) {
  for (const auto& [word, said] : words_of(TypeParam{})) {
    EXPECT_EQ(this->read("setting = \"" + std::string(word) + "s\"", said), said);
  }
  EXPECT_EQ(this->faults.size(), words_of(TypeParam{}).size());
}

TYPED_TEST(EachWord, StaysWhereNothingIsSaid) {
  for (const auto& [word, said] : words_of(TypeParam{})) EXPECT_EQ(this->read("", said), said);
  EXPECT_TRUE(this->faults.empty());
}

}  // namespace
}  // namespace signet::server
