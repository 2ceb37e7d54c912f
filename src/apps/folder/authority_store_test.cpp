#include "apps/folder/authority_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/sqlite/connection.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

struct Folder {
  /// With [store] last.
  void configure(const std::string& store) {
    const auto text =
        "[authority]\ncertificate = \"ca.pem\"\nkey = \"ca.key\"\nprofiles = \"profiles\"\n"
        "[audit]\njournal = \"audit.jsonl\"\n[http]\ncertificate = \"tls.pem\"\nkey = "
        "\"tls.key\"\n" +
        store;
    ASSERT_TRUE(files::write_file(folder / "signetd.toml", as_bytes(text)).ok());
  }
  [[nodiscard]] Result<std::unique_ptr<store::Engine>> open() const {
    return open_authority_store(folder.path().string());
  }
  test::TemporaryFolder folder;
};

TEST(OpenAuthorityStore, OpensTheFileThatTheConfigurationNames) {
  Folder authority;
  EXPECT_TRUE(make_authority_store(authority.folder.path().string(), "").ok());
  EXPECT_TRUE(authority.open().ok()) << "without a configuration: store.db";
  authority.configure("[store]\nengine = \"sqlite\"\npath = \"other.db\"\n");
  const auto absent = authority.open();
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().fault, Fault::storage_failed);
  EXPECT_THAT(absent.error().detail, testing::HasSubstr("other.db is not there"));
}

TEST(LookIntoAuthorityStore, AsksAndMakesNothing) {
  Folder authority;
  const auto directory = authority.folder.path().string();
  const auto absent = look_into_authority_store(directory);
  ASSERT_FALSE(absent.ok());
  EXPECT_THAT(absent.error().detail, testing::HasSubstr("store.db is not there"));
  EXPECT_FALSE(std::filesystem::exists(authority.folder / "store.db"));
  EXPECT_TRUE(make_authority_store(directory, "").ok());
  const auto looking = look_into_authority_store(directory);
  ASSERT_TRUE(looking.ok());
  EXPECT_EQ(test::unwrap((*looking)->crl_shards()), 0U);
}

TEST(LookIntoAuthorityStore, LeavesAnOlderSchemaToTheServer) {
  Folder authority;
  const auto directory = authority.folder.path().string();
  EXPECT_TRUE(make_authority_store(directory, "").ok());
  auto older = test::unwrap(
      sqlite::Connection::open(authority.folder / "store.db", sqlite::Connection::Use::write));
  ASSERT_TRUE(older.execute("PRAGMA user_version = 9").ok());
  const auto looking = look_into_authority_store(directory);
  ASSERT_FALSE(looking.ok());
  EXPECT_EQ(looking.error().fault, Fault::bad_configuration);
  EXPECT_EQ(test::unwrap(older.number("PRAGMA user_version")), 9);
}

TEST(OpenAuthorityStore, SaysThatItIsNotForWhoRunsThis) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root takes another account";
  constexpr uid_t kOther = 65534;
  Folder authority;
  EXPECT_TRUE(make_authority_store(authority.folder.path().string(), "").ok());
  ASSERT_EQ(::chmod(authority.folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(kOther), 0);
  const auto opened = authority.open();
  const auto looking = look_into_authority_store(authority.folder.path().string());
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("store.db: Permission denied"));
  ASSERT_FALSE(looking.ok());
  EXPECT_THAT(looking.error().detail, testing::HasSubstr("store.db: Permission denied"));
}

TEST(OpenAuthorityStore, DoesNotTakeAFileInPlaceOfADatabase) {
  Folder authority;
  EXPECT_TRUE(make_authority_store(authority.folder.path().string(), "").ok());
  authority.configure("[store]\nengine = \"postgres\"\nuri = \"postgresql:///x?host=" +
                      authority.folder.path().string() + "\"\n");
  EXPECT_EQ(authority.open().error().fault, Fault::storage_failed);
}

TEST(OpenAuthorityStore, TellsWhereTheConfigurationIsNoToml) {
  Folder authority;
  authority.configure("[store]\nengine = \n");
  const auto opened = authority.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::bad_configuration);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("signetd.toml:11: "));
}

TEST(OpenAuthorityStore, RefusesWhatTheServerWouldRefuse) {
  Folder authority;
  EXPECT_TRUE(make_authority_store(authority.folder.path().string(), "").ok());
  for (const auto& [store, words] : std::vector<std::pair<const char*, const char*>>{
           {"[store]\npaht = \"store.db\"\n",
            "signetd.toml:11: unknown setting \"paht\" in [store]"},
           {"[store]\npath = 1\n", "signetd.toml:11: path must be a string"},
           {"[store]\n", "signetd.toml: [store] path is missing"},
           {"[stroe]\npath = \"store.db\"\n", "unknown section or setting \"stroe\""},
           {"[store]\nengine = \"memory\"\n", "the server's own memory"}}) {
    authority.configure(store);
    const auto opened = authority.open();
    ASSERT_FALSE(opened.ok()) << store;
    EXPECT_EQ(opened.error().fault, Fault::bad_configuration);
    EXPECT_THAT(opened.error().detail, testing::HasSubstr(words));
  }
  authority.configure("[store]\npath = \"store.db\"\n");
  EXPECT_TRUE(authority.open().ok());
}

TEST(MakeAuthorityStore, RefusesAUriThatIsNone) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(make_authority_store(folder.path().string(), "mysql://db/x").error().fault,
            Fault::bad_configuration);
}

}  // namespace
}  // namespace signet::tool
