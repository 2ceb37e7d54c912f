#include "apps/upkeep/named_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/backup_scene.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What belongs to an authority, and its backup.
class BackupOfNamed : public BackupScene {
 protected:
  void expect_none_made(const std::string& words) {
    const auto refused = save();
    ASSERT_FALSE(refused.ok()) << words;
    EXPECT_EQ(refused.error().fault, Fault::bad_configuration) << refused.error().detail;
    EXPECT_THAT(refused.error().detail, HasSubstr(words));
    EXPECT_FALSE(fs::exists(saved));
  }
};

TEST_F(BackupOfNamed, IsNotMadeWhereOneIsALink) {
  for (const auto* name :
       {"/signetd.toml", "/audit.jsonl", "/store.db", "/ca.pem", "/ca.key", "/tls.pem", "/tls.key",
        "/cmc.pem", "/encryption.pem", "/agent.pem", "/store.key", "/profiles"}) {
    const auto place = wanted.directory + name;
    replace_by_link(place);
    expect_none_made(place + " is a link, and a backup follows none: put the file itself there");
    bring_back(place);
  }
  EXPECT_TRUE(save().ok());
}

TEST_F(BackupOfNamed, IsNotMadeWhereOneOfARollOverIsALink) {
  roll_over();
  for (const auto* name : {"/generations", "/ca-2.pem", "/ca-2.key", "/ca-2.cross.pem"}) {
    const auto place = wanted.directory + name;
    ASSERT_TRUE(fs::exists(place)) << name;
    replace_by_link(place);
    expect_none_made(place + " is a link");
    bring_back(place);
  }
  unwrap(save());
  unwrap(restore());
  const auto again = unwrap(read_authority_folder(folder / "again"));
  EXPECT_EQ(again.generations.size(), 1U);
}

TEST_F(BackupOfNamed, IsNotMadeWhereOneOfTheToolsJournalIsALink) {
  const auto place = wanted.directory + "/operator.jsonl";
  fs::create_symlink(folder / "nowhere", place);
  expect_none_made(place + " is a link");
}

TEST_F(BackupOfNamed, IsNotMadeWhereALinkIsOnTheWay) {
  const auto log = wanted.directory + "/log";
  const auto certificates = wanted.directory + "/certificates";
  for (const auto& way : {log, certificates}) fs::create_directories(way);
  fs::rename(wanted.directory + "/audit.jsonl", log + "/audit.jsonl");
  fs::rename(wanted.directory + "/tls.pem", certificates + "/tls.pem");
  set("\"audit.jsonl\"", "\"log/audit.jsonl\"");
  set("\"tls.pem\"", "\"certificates/tls.pem\"");
  for (const auto& way : {log, certificates}) {
    replace_by_link(way);
    expect_none_made(way + " is a link on the way to " + way + "/");
    bring_back(way);
  }
  unwrap(save());
  unwrap(restore());
  EXPECT_TRUE(fs::exists(folder / "again/log/audit.jsonl"));
}

TEST_F(BackupOfNamed, IsMadeWhereALinkIsOutsideOfTheFolder) {
  const auto file = folder / "of-the-machine.pem";
  const auto link = folder / "link.pem";
  fs::copy_file(wanted.directory + "/ca.pem", file);
  fs::create_symlink(file, link);
  set("\"ca.pem\"", "\"" + link + "\"");
  EXPECT_THAT(unwrap(save()).elsewhere, ElementsAre(link));
  EXPECT_TRUE(restore().ok());
}

TEST_F(BackupOfNamed, IsNotMadeWhereOneHasAnotherName) {
  const auto place = wanted.directory + "/tls.pem";
  fs::create_hard_link(place, folder / "other");
  expect_none_made(place + " has another name too (a hard link)");
  fs::remove(folder / "other");
  fs::create_hard_link(authority().store, folder / "other");
  expect_none_made(authority().store + " has another name too");
}

TEST_F(BackupOfNamed, IsNotMadeWhereOneWouldBeLeftOutByItsNameOrKind) {
  for (const auto* name : {"tls.new", "tls.signet-backup"}) {
    const auto before = wanted.directory + "/tls.pem";
    fs::rename(before, wanted.directory + "/" + name);
    set("\"tls.pem\"", "\"" + std::string(name) + "\"");
    expect_none_made(wanted.directory + "/" + name + " would not be in the backup");
    set("\"" + std::string(name) + "\"", "\"tls.pem\"");
    fs::rename(wanted.directory + "/" + name, before);
  }
  fs::remove(authority().journal);
  ASSERT_EQ(::mkfifo(authority().journal.c_str(), 0600), 0);
  expect_none_made(authority().journal + " would not be in the backup");
}

TEST_F(BackupOfNamed, IsNotMadeWhereAKeysCertificateIsNotThere) {
  for (const auto* name : {"/ca.pem", "/tls.pem"}) {
    const auto place = wanted.directory + name;
    fs::rename(place, folder / "moved");
    expect_none_made(place + " is not there, and a backup without it is not restored");
    fs::rename(folder / "moved", place);
  }
}

TEST_F(BackupOfNamed, IsMadeWhereWhatMayNotHaveBeenMadeYetIsNotThere) {
  for (const auto* name : {"cmc.pem", "cmc.key", "audit.jsonl"}) {
    fs::remove(wanted.directory + "/" + name);
  }
  unwrap(save());
  EXPECT_THAT(unwrap(restore()).unchecked, ElementsAre(HasSubstr("/cmc.key")));
}

}  // namespace
}  // namespace signet::tool
