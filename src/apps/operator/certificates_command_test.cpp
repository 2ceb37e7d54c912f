#include "apps/operator/certificates_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"
#include "base/encoding.h"
#include "codec/pkix/name.h"
#include "crypto/key_hash.h"
#include "support/change_status.h"
#include "support/secret_scene.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The store of an authority that has issued two certificates.
class Certificates : public SecretScene {
 protected:
  Certificates() : SecretScene("[secrets]\nsource = \"store\"\n") {
    issue(1, "CN=Alice,O=Example");
    issue(2, "CN=Bob,O=Example");
  }
  void issue(std::uint16_t number, const char* subject, const Bytes& key_hash = {}) {
    store::Commit commit;
    commit.certificates.push_back(test::certificate(number));
    auto& record = commit.certificates.back();
    record.subject_der = pkix::name_from_text(subject)->der();
    record.not_after = test::kNoon2026 + std::chrono::days{50'000};
    if (!key_hash.empty()) record.key_hash = key_hash;
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(engine->apply(batch, journal).front().durable());
  }
  /// `signet certificates` with these words.
  int find(std::vector<std::string> words) {
    out.str("");
    err.str("");
    words.insert(words.begin(), {"signet", "certificates", "--directory", directory});
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    return run_command_line(static_cast<int>(argv.size()), argv.data(), {.out = out, .err = err},
                            [](auto& app, auto& context) {
                              add_certificates_command(app, context, system_surroundings());
                            });
  }
  std::vector<std::string> subjects(std::vector<std::string> words) {
    words.emplace_back("--json");
    EXPECT_EQ(find(words), 0) << err.str();
    std::vector<std::string> found;
    const auto told = Json::parse(out.str());
    for (const auto& each : told["certificates"]) found.push_back(each["subject"]);
    return found;
  }
  std::string content_of(const std::string& name) {
    const auto octets = files::read_file(folder / name);
    return octets.ok() ? std::string(as_text(*octets)) : "";
  }
};

TEST_F(Certificates, AreATable) {
  EXPECT_EQ(find({}), 0) << err.str();
  EXPECT_EQ(out.str(),
            "status   ends        serial number  subject             profile\n"
            "valid    2163-10-16  0x4a0002       CN=Bob,O=Example    caFullCMCUserSignedCert\n"
            "valid    2163-10-16  0x4a0001       CN=Alice,O=Example  caFullCMCUserSignedCert\n");
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(Certificates, AreOneJsonObjectForPrograms) {
  ASSERT_TRUE(test::change_status(*engine, test::serial(1), store::CertificateStatus::revoked,
                                  test::kNoon2026, pkix::CRLReason::keyCompromise)
                  .ok());
  EXPECT_EQ(find({"--subject", "alice", "--json"}), 0) << err.str();
  const auto told = Json::parse(out.str());
  EXPECT_EQ(told["ok"], true);
  EXPECT_EQ(told["more"], false);
  ASSERT_EQ(told["certificates"].size(), 1U);
  const auto& alice = told["certificates"][0];
  EXPECT_EQ(alice["serial_number"], "0x4a0001");
  EXPECT_EQ(alice["subject"], "CN=Alice,O=Example");
  EXPECT_EQ(alice["status"], "revoked");
  EXPECT_EQ(alice["reason"], "keyCompromise");
  EXPECT_EQ(alice["revoked_at"], "2026-11-23T12:00:00Z");
  EXPECT_EQ(alice["issued_at"], "2026-11-23T12:00:01Z");
  EXPECT_EQ(alice["not_before"], "2026-11-23T12:00:00Z");
  EXPECT_EQ(alice["not_after"], "2163-10-16T12:00:00Z");
  EXPECT_EQ(alice["key_hash"], to_hex(test::certificate(1).key_hash));
  EXPECT_EQ(alice["profile"], "caFullCMCUserSignedCert");
  EXPECT_EQ(alice["requester"], "CN=Alice,O=Example");
}

TEST_F(Certificates, AreOneJsonObjectWhereNoneIsFound) {
  EXPECT_EQ(find({"--subject", "carl", "--json"}), 0);
  EXPECT_EQ(Json::parse(out.str()),
            (Json{{"certificates", Json::array()}, {"more", false}, {"ok", true}}));
  EXPECT_EQ(find({"--subject", "carl"}), 0);
  EXPECT_THAT(out.str(), IsEmpty());
  EXPECT_THAT(err.str(), HasSubstr("None is found"));
}

TEST_F(Certificates, AreFoundByEachOption) {
  EXPECT_THAT(subjects({"--serial", "0x4A0001"}), ElementsAre("CN=Alice,O=Example"));
  EXPECT_THAT(subjects({"--issued-since", "2026-11-23T12:00:02Z"}),
              ElementsAre("CN=Bob,O=Example"));
  EXPECT_THAT(subjects({"--issued-until", "2026-11-23T12:00:02Z"}),
              ElementsAre("CN=Alice,O=Example"));
  EXPECT_THAT(subjects({"--issued-until", "2026-11-23"}), IsEmpty());
  EXPECT_THAT(subjects({"--status", "revoked"}), IsEmpty());
  EXPECT_THAT(subjects({"--profile", "another"}), IsEmpty());
  EXPECT_THAT(subjects({"--ends-within", "30d"}), IsEmpty());
}

TEST_F(Certificates, AreNoMoreThanAskedForAndItIsSaid) {
  EXPECT_EQ(find({"--most", "1"}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("CN=Bob"), Not(HasSubstr("CN=Alice"))));
  EXPECT_THAT(err.str(), HasSubstr("There are more"));
  EXPECT_EQ(find({"--most", "1", "--json"}), 0);
  EXPECT_EQ(Json::parse(out.str())["more"], true);
  EXPECT_EQ(find({"--most", "2"}), 0);
  EXPECT_THAT(err.str(), IsEmpty());
  for (std::uint16_t number = 3; number <= 250; ++number) issue(number, "CN=Carl");
  EXPECT_EQ(subjects({}).size(), 100U);
  EXPECT_EQ(subjects({"--most", "0"}).size(), 250U);
  EXPECT_EQ(find({"--most", "0"}), 0);
  const auto table = out.str();
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 251) << "one heading";
}

TEST_F(Certificates, AreFoundByAKeyInWhateverFileItStands) {
  const auto key = *crypto::generate_private_key("ec:p256");
  const auto& info = key->public_key_info();
  issue(3, "CN=Carl", crypto::key_hash(info));
  ASSERT_TRUE(
      files::write_file(folder / "public.pem", as_bytes(to_pem("PUBLIC KEY", info.der))).ok());
  ASSERT_TRUE(files::write_file(folder / "public.der", info.der).ok());
  ASSERT_TRUE(write_key(folder / "key.pem", *key, SecretBytes()).ok());
  for (const auto* file : {"public.pem", "public.der", "key.pem"}) {
    EXPECT_THAT(subjects({"--key", folder / file}), ElementsAre("CN=Carl")) << file;
  }
  const auto another = *crypto::generate_private_key("ec:p256");
  ASSERT_TRUE(write_key(folder / "another.pem", *another, SecretBytes()).ok());
  EXPECT_THAT(subjects({"--key", folder / "another.pem"}), IsEmpty());
}

TEST_F(Certificates, AreNotLookedForByAFileWithoutKey) {
  ASSERT_TRUE(files::write_file(folder / "note", as_bytes("it's not a key")).ok());
  EXPECT_EQ(find({"--key", folder / "note"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("holds no certificate, PKCS#10 request or key: it is text"));
  ASSERT_TRUE(
      files::write_file(folder / "broken.pem", as_bytes(to_pem("CERTIFICATE", Bytes(4, 5)))).ok());
  EXPECT_EQ(find({"--key", folder / "broken.pem"}), 1);
  EXPECT_EQ(find({"--key", folder / "absent"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("No such file"));
}

TEST_F(Certificates, AreWrittenOneAtATime) {
  EXPECT_EQ(find({"--subject", "bob", "--output", folder / "bob.pem"}), 0) << err.str();
  EXPECT_EQ(content_of("bob.pem"), to_pem("CERTIFICATE", test::certificate(2).certificate_der));
  EXPECT_THAT(out.str(), HasSubstr("CN=Bob"));
  EXPECT_EQ(find({"--output", folder / "all.pem"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("several are so"));
  EXPECT_EQ(find({"--subject", "carl", "--output", folder / "all.pem"}), 1);
  EXPECT_EQ(err.str(), "signet: no certificate is so\n");
  EXPECT_THAT(content_of("all.pem"), IsEmpty());
}

TEST_F(Certificates, AreReadAndNothingIsMade) {
  std::filesystem::remove(folder / "store.db");
  EXPECT_EQ(find({"--json"}), 1);
  EXPECT_EQ(Json::parse(out.str())["ok"], false);
  EXPECT_FALSE(std::filesystem::exists(folder / "store.db"));
}

TEST_F(Certificates, AreNotLookedForByValuesThatSayNothing) {
  EXPECT_EQ(find({"--subject", ""}), 2);
  EXPECT_EQ(find({"--serial", "pear"}), 2);
  EXPECT_EQ(find({"--status", "good"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("valid, revoked, held and expired"));
  EXPECT_EQ(find({"--issued-since", "yesterday"}), 2);
  EXPECT_EQ(find({"--ends-within", "soon"}), 2);
  EXPECT_EQ(find({"--most", "-1"}), 2);
}

}  // namespace
}  // namespace signet::tool
