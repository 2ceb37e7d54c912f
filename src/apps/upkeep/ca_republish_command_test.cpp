#include "apps/upkeep/ca_republish_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/folder/authority_store.h"
#include "apps/tool/command_line.h"
#include "support/fakes.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// An authority as far as `signet ca republish` looks at it, with what it issued on record.
class CaRepublish : public ::testing::Test {
 protected:
  CaRepublish() {
    configure(
        "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ca.pem\"\nbind_dn = "
        "\"CN=S\"\nbind_password_file = \"p\"\n"
        "user_dn = \"UID=$subj.UID,O=Test\"\nprofiles = [\"caOne\"]\n");
    engine = *make_authority_store(directory, "");
  }
  void configure(const std::string& more) const {
    std::ofstream(folder / "signetd.toml")
        << "[authority]\ncertificate = \"ca.pem\"\nkey = \"ca.key\"\nprofiles = \"profiles\"\n"
           "[store]\npath = \"store.db\"\n[audit]\njournal = \"audit.jsonl\"\n"
           "[http]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n"
        << more;
  }
  store::CertificateRecord record(std::uint64_t serial, Time issued_at) const {
    store::CertificateRecord record;
    record.serial_number = store::Integer::from(serial);
    record.certificate_der = Bytes{0x30, 0x00};
    record.subject_der = Bytes{0x30, 0x00};
    record.key_hash = Bytes(32, 1);
    record.issued_at = issued_at;
    record.not_after = clock.now() + std::chrono::hours{1};
    record.profile_id = "caOne";
    return record;
  }
  void keep(std::vector<store::CertificateRecord> records) const {
    store::Commit commit;
    commit.certificates = std::move(records);
    audit::MemoryJournal journal;
    const std::vector<const store::Commit*> batch{&commit};
    ASSERT_TRUE(engine->apply(batch, journal).front().durable());
  }
  int republish(std::vector<std::string> more) {
    out.str("");
    err.str("");
    more.insert(more.begin(), {"signet", "republish", "--directory", directory});
    std::vector<const char*> words;
    for (const auto& word : more) words.push_back(word.c_str());
    const Surroundings surroundings{.clock = clock, .random = crypto::system_random(), .post = {}};
    return run_command_line(
        static_cast<int>(words.size()), words.data(), {.out = out, .err = err},
        [&](auto& app, auto& context) { add_ca_republish_command(app, context, surroundings); });
  }
  [[nodiscard]] std::vector<store::Integer> due(
      store::OutboxLine line = store::OutboxLine::unhurried) const {
    std::vector<store::Integer> serials;
    for (const auto& each : *engine->in_outbox(line, 10000)) {
      serials.push_back(each.serial_number);
    }
    return serials;
  }

  [[nodiscard]] std::string recorded() const {
    std::ifstream journal(folder / "operator.jsonl");
    return {std::istreambuf_iterator<char>(journal), {}};
  }

  test::FixedClock clock;
  test::TemporaryFolder folder;
  const std::string directory = folder / "";
  std::unique_ptr<store::Engine> engine;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(CaRepublish, NamesAllThatHaveNotExpiredAndAreOfAProfileThatIsPublished) {
  auto revoked = record(2, clock.now());
  revoked.status = store::CertificateStatus::revoked;
  revoked.revoked_at = clock.now();
  auto expired = record(3, clock.now());
  expired.not_after = clock.now() - std::chrono::seconds{1};
  auto unpublished = record(4, clock.now());
  unpublished.profile_id = "caTwo";
  keep({record(1, clock.now()), revoked, expired, unpublished});
  EXPECT_EQ(republish({"--all"}), 0) << err.str();
  EXPECT_THAT(due(), UnorderedElementsAre(store::Integer::from(1), store::Integer::from(2)));
  EXPECT_THAT(due(store::OutboxLine::pressing), IsEmpty());
  EXPECT_THAT(out.str(), HasSubstr("to be told again 2;"));
  EXPECT_THAT(recorded(), HasSubstr("CERT_PUBLICATION_REQUEST"));
}

TEST_F(CaRepublish, NamesThoseOfAnyProfileWhereAllArePublishedButTheAuthoritysOwn) {
  configure(
      "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ca.pem\"\nbind_dn = \"CN=S\"\n"
      "bind_password_file = \"p\"\nuser_dn = \"UID=$subj.UID\"\n");
  std::vector<store::CertificateRecord> records;
  for (const auto* profile : {"caOne", "caTwo", "signet ca init", "ocspResponder"}) {
    records.push_back(record(records.size() + 1, clock.now()));
    records.back().profile_id = profile;
  }
  keep(records);
  EXPECT_EQ(republish({"--all"}), 0) << err.str();
  EXPECT_THAT(due(), UnorderedElementsAre(store::Integer::from(1), store::Integer::from(2)));
}

TEST_F(CaRepublish, NamesEachOnceHoweverManyThereAre) {
  std::vector<store::CertificateRecord> records;
  for (std::uint64_t at = 0; at < 2600; ++at) {
    // Some seconds have a page and more, others a few.
    const std::chrono::seconds second{at < 1500 ? 0 : at / 100};
    records.push_back(record(at + 1, clock.now() - std::chrono::hours{1} + second));
  }
  keep(records);
  EXPECT_EQ(republish({"--all", "--json"}), 0) << err.str();
  EXPECT_EQ(nlohmann::json::parse(out.str())["certificates"], 2600);
  auto found = due();
  std::sort(found.begin(), found.end());
  EXPECT_THAT(found, SizeIs(2600));
  EXPECT_EQ(std::unique(found.begin(), found.end()), found.end());
}

TEST_F(CaRepublish, NamesTheCertificateOfAFile) {
  test::TestCa ca;
  const auto alice = ca.issue().certificate;
  auto known = store::record_of(alice, Bytes(32, 9), clock.now());
  known.profile_id = "caOne";
  keep({known});
  std::ofstream(folder / "alice.pem") << pkix::to_pem({alice});
  EXPECT_EQ(republish({"--certificate", folder / "alice.pem"}), 0) << err.str();
  EXPECT_THAT(due(store::OutboxLine::pressing), ElementsAre(alice->serial_number));
  EXPECT_THAT(due(), IsEmpty()) << "it does not stand behind a directory that is filled anew";
  std::ofstream(folder / "bob.pem") << pkix::to_pem({ca.issue().certificate});
  EXPECT_EQ(republish({"--certificate", folder / "bob.pem"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("has not issued it"));
  configure(
      "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ca.pem\"\nbind_dn = "
      "\"CN=S\"\nbind_password_file = \"p\"\n"
      "user_dn = \"UID=$subj.UID\"\nprofiles = [\"caTwo\"]\n");
  EXPECT_EQ(republish({"--certificate", folder / "alice.pem"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("profile caOne"));
}

TEST_F(CaRepublish, NamesNoneOfItsFilesWhereOneIsNotToBeTold) {
  test::TestCa ca;
  const auto keep_as = [&](const std::string& name, auto&& change) {
    const auto certificate = ca.issue().certificate;
    auto known = store::record_of(certificate, Bytes(32, 9), clock.now());
    known.profile_id = "caOne";
    change(known);
    keep({known});
    std::ofstream(folder / name) << pkix::to_pem({certificate});
  };
  keep_as("good.pem", [](auto&) {});
  keep_as("over.pem", [&](auto& known) { known.not_after = clock.now() - std::chrono::hours{1}; });
  keep_as("own.pem", [](auto& known) { known.profile_id = "signet ca init"; });
  for (const auto& [name, why] :
       {std::pair{"over.pem", "it expired at"}, std::pair{"own.pem", "the authority's own"},
        std::pair{"absent.pem", "absent.pem"}}) {
    EXPECT_EQ(republish({"--certificate", folder / "good.pem", "--certificate", folder / name}), 1);
    EXPECT_THAT(err.str(), HasSubstr(why));
  }
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_EQ(recorded(), "");
}

TEST_F(CaRepublish, IsRefusedWhereNothingIsPublished) {
  keep({record(1, clock.now())});
  for (const auto* more : {"",
                           "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ca.pem\"\nbind_dn = "
                           "\"CN=S\"\nbind_password_file = \"p\"\nca_dn = \"CN=CA\"\n"}) {
    configure(more);
    EXPECT_EQ(republish({"--all"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("no [publishing]"));
  }
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(CaRepublish, MustBeToldWhich) {
  EXPECT_EQ(republish({}), 2);
  EXPECT_EQ(republish({"--all", "--certificate", "alice.pem"}), 2);
}

}  // namespace
}  // namespace signet::tool
