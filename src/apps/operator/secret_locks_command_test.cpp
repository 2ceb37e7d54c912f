#include "apps/operator/secret_locks_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "apps/tool/report.h"
#include "proof/identity/revocation_secret.h"
#include "support/secret_scene.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The store of a server that looks for shared secrets in a directory; five wrong proofs lock.
class SecretLocks : public SecretScene {
 protected:
  SecretLocks() : SecretScene(kInDirectory) {}
  /// So many wrong proofs, the last one some minutes ago.
  void fail(const Bytes& token_id, const std::string& identification, int times,
            std::chrono::minutes ago = std::chrono::minutes{1}) {
    store::Commit commit;
    commit.token_failure = store::TokenFailure{token_id, SystemClock().now() - ago, identification};
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(engine->apply(batch, journal).front().durable());
    }
  }
  Json locks() {
    EXPECT_EQ(secret({"locks", "--json"}), 0) << err.str();
    return Json::parse(out.str())["locked"];
  }
  [[nodiscard]] std::string journal() const {
    const auto octets = files::read_file(folder / "operator.jsonl");
    return octets.ok() ? std::string(as_text(*octets)) : "";
  }

  const Bytes alice = Bytes(32, 1);
  const Bytes bob = Bytes(32, 2);
};

TEST_F(SecretLocks, TellWhoIsLockedSinceWhenUntilWhenAndWhere) {
  fail(alice, "alice", 5);
  fail(bob, "bob", 4);
  fail(Bytes(32, 3), "carol", 9, std::chrono::minutes{61});
  ASSERT_EQ(locks().size(), 1U);
  const auto lock = locks()[0];
  EXPECT_EQ(lock["identification"], "alice");
  EXPECT_EQ(lock["failures"], 5);
  EXPECT_EQ(lock["place"], "the directory ldaps://directory.test");
  const auto since = *time_from_text(lock["since"].get<std::string>());
  EXPECT_EQ(*time_from_text(lock["until"].get<std::string>()), since + std::chrono::minutes{60});
  EXPECT_EQ(secret({"locks"}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("alice"), HasSubstr(to_text(since)),
                               HasSubstr("ldaps://directory.test"), Not(HasSubstr("bob"))));
}

TEST_F(SecretLocks, EndWhereTheOperatorSaysSoOnRecord) {
  fail(alice, "alice", 5);
  fail(bob, "bob", 5);
  EXPECT_EQ(secret({"unlock", "alice"}), 0) << err.str();
  EXPECT_EQ(engine->token_history(alice)->failures, 0U);
  EXPECT_EQ(engine->token_history(bob)->failures, 5U);
  EXPECT_THAT(journal(), AllOf(HasSubstr("SHARED_SECRET_UNLOCKED"), HasSubstr("alice"),
                               Not(HasSubstr("bob"))));
  EXPECT_EQ(locks()[0]["identification"], "bob");
}

TEST_F(SecretLocks, DoNotEndForWhoIsNotLocked) {
  fail(alice, "alice", 5);
  fail(bob, "bob", 4);
  for (const auto* nobody : {"bob", "carol", "alic", "a lice", "*"}) {
    EXPECT_EQ(secret({"unlock", nobody}), 1) << nobody;
    EXPECT_THAT(err.str(), HasSubstr("is locked; signet secret locks shows which are"));
  }
  EXPECT_EQ(secret({"unlock"}), 2);
  EXPECT_EQ(secret({"unlock", "alice", "--serial", "2a"}), 2);
  EXPECT_EQ(engine->token_history(alice)->failures, 5U);
  EXPECT_EQ(engine->token_history(bob)->failures, 4U);
  EXPECT_THAT(journal(), IsEmpty());
}

TEST_F(SecretLocks, OfADirectoryAreFoundAsItFindsItsEntries) {
  fail(alice, "Alice  Smith", 5);
  fail(bob, "bob", 5);
  EXPECT_EQ(secret({"unlock", " alice SMITH"}), 0) << err.str();
  EXPECT_EQ(engine->token_history(alice)->failures, 0U);
  EXPECT_EQ(engine->token_history(bob)->failures, 5U);
  EXPECT_THAT(journal(), HasSubstr("Alice  Smith"));
}

TEST_F(SecretLocks, ElsewhereAreFoundAsTheyAreSpelled) {
  configure("[secrets]\nsource = \"file\"\nfile = \"secrets\"\n");
  store::SharedToken token;
  token.id = Bytes(16, 7);
  token.identification = "dora";
  ASSERT_TRUE(engine->add_token(token).ok());
  fail(token.id, "", 5);
  fail(alice, "alice", 5);
  for (const auto* another : {"Alice", "alice ", "Dora"}) {
    EXPECT_EQ(secret({"unlock", another}), 1) << another;
  }
  EXPECT_EQ(secret({"unlock", "alice"}), 0) << err.str();
  EXPECT_EQ(secret({"unlock", "dora"}), 0) << err.str();
}

TEST_F(SecretLocks, OfRevocationSecretsAreOfTheirCertificates) {
  const auto serial_number = test::serial(1);
  const auto text = "0x" + serial_number.to_hex();
  fail(proof::revocation_token_id(serial_number), text, 5);
  fail(alice, text, 5);  // somebody whose identification looks like one
  ASSERT_EQ(locks().size(), 2U);
  EXPECT_EQ(secret({"unlock", "--serial", serial_number.to_hex(), "--json"}), 0) << err.str();
  EXPECT_EQ(Json::parse(out.str())["unlocked"][0]["serial_number"], text);
  EXPECT_THAT(journal(), HasSubstr("REVOCATION_SECRET_UNLOCKED"));
  EXPECT_EQ(locks()[0]["identification"], text);
  EXPECT_EQ(secret({"unlock", text}), 0) << err.str();
  EXPECT_THAT(locks(), IsEmpty());
}

TEST_F(SecretLocks, OfTheStoreAreToldByItsListToo) {
  store::SharedToken token;
  token.id = Bytes(16, 7);
  token.identification = "dora";
  ASSERT_TRUE(engine->add_token(token).ok());
  fail(token.id, "", 5);
  EXPECT_EQ(locks()[0]["identification"], "dora");
  EXPECT_EQ(locks()[0]["place"], "the store");
  EXPECT_EQ(secret({"list"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("locked"));
  EXPECT_EQ(secret({"unlock", "dora"}), 0) << err.str();
  EXPECT_EQ(secret({"list"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("in force"));
}

TEST_F(SecretLocks, AreToldByTheirTokenWhereNoIdentificationIsOnRecord) {
  fail(alice, "", 5);
  EXPECT_EQ(secret({"locks"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("token " + to_hex(alice)));
}

}  // namespace
}  // namespace signet::tool
