#include "adapters/postgres/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/postgres_server.h"

namespace signet::test {
namespace {

using postgres::Connection;
using postgres::Patience;
using postgres::Pipeline;
using postgres::Statement;
using postgres::Writer;
using Wish = Writer::Wish;

constexpr Patience kSeconds{.most = std::chrono::seconds{20}};

constexpr Statement kKeep{"keep", "INSERT INTO kept (number) VALUES (1)"};
constexpr Statement kSayGoodBye{"say_good_bye", "SELECT say('57P01')"};
constexpr Statement kBeInTheWay{"be_in_the_way", "SELECT say('40001')"};
constexpr Statement kGoOn{"go_on", "SELECT 1"};
constexpr Statement kCount{"count", "SELECT count(*) FROM kept"};

/// A writer, and a table of the test's own in its schema.
class PostgresWriter : public testing::Test {
 protected:
  PostgresWriter() {
    EXPECT_TRUE(connection
                    ->execute("CREATE TABLE kept (number BIGINT); "
                              "CREATE FUNCTION say(state TEXT) RETURNS BIGINT LANGUAGE plpgsql AS "
                              "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = state; END $$")
                    .ok());
  }
  std::int64_t kept() { return (*connection->run(kCount))[0].number(0); }

  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<Writer> writer = *Writer::open(uri, kSeconds);
  Result<Connection> connection = Connection::open(uri);
};

TEST_F(PostgresWriter, TriesAgainAfterEachFaultThatAnotherTryMends) {
  // In the middle of a pipeline, and as its end: the session is not in the same state afterwards.
  for (const auto* fault : {&kSayGoodBye, &kBeInTheWay}) {
    for (const bool in_the_middle : {false, true}) {
      const auto before = kept();
      int tries = 0;
      const auto done = writer->transact([&](Connection& session) -> Result<Wish> {
        TRY(session.run(kKeep));
        Pipeline pipeline;
        if (++tries == 1) pipeline.add(*fault);
        if (in_the_middle || tries > 1) pipeline.add(kGoOn);
        TRY(session.run(pipeline));
        return Wish::keep;
      });
      EXPECT_TRUE(done.ok()) << fault->sql << ": " << done.error().detail;
      EXPECT_EQ(tries, 2);
      EXPECT_EQ(kept(), before + 1) << "what was taken back stays away";
    }
  }
}

TEST_F(PostgresWriter, GivesWayToOthersAndComesToItsEnd) {
  constexpr int kOvertaken = 20;
  int tries = 0;
  const auto begun = std::chrono::steady_clock::now();
  const auto done = writer->transact([&](Connection& session) -> Result<Wish> {
    TRY(session.run(kKeep));
    return ++tries <= kOvertaken ? Wish::again : Wish::keep;
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(kept(), 1);
  EXPECT_GT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds{20});
}

constexpr Statement kPid{"pid", "SELECT pg_backend_pid()::BIGINT"};

TEST_F(PostgresWriter, DoesNotSayOfOneLossThatItHappenedTimeAndAgain) {
  auto hasty = *Writer::open(uri, {.most = std::chrono::seconds{0}});
  const auto done = hasty->transact([&](Connection& session) -> Result<Wish> {
    const auto pid = TRY(session.run(kPid))[0].number(0);
    TRY(session.run(kKeep));
    TRY(connection->execute("SELECT pg_terminate_backend(" + std::to_string(pid) + ")"));
    return Wish::keep;
  });
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().fault, Fault::storage_failed);
  EXPECT_THAT(done.error().detail, testing::HasSubstr("had kept nothing"));
  EXPECT_THAT(done.error().detail, testing::Not(testing::HasSubstr("time and again")));
}

TEST_F(PostgresWriter, GivesUpWhenEachConnectionIsLostBeforeItsCommit) {
  auto hasty = *Writer::open(uri, {.most = std::chrono::seconds{1}});
  int tries = 0;
  const auto done = hasty->transact([&](Connection& session) -> Result<Wish> {
    ++tries;
    const auto pid = TRY(session.run(kPid))[0].number(0);
    TRY(session.run(kKeep));
    TRY(connection->execute("SELECT pg_terminate_backend(" + std::to_string(pid) + ")"));
    return Wish::keep;
  });
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().fault, Fault::storage_failed);
  EXPECT_THAT(done.error().detail, testing::HasSubstr("before it had kept anything"));
  EXPECT_THAT(done.error().detail, testing::HasSubstr("time and again"));
  EXPECT_GT(tries, 1);
  EXPECT_LT(tries, 50) << "others were not in the way";
  EXPECT_EQ(kept(), 0);
}

TEST_F(PostgresWriter, AsksWhatBecameOfACommitThatTheDatabaseItselfDoesNotKnowOf) {
  // As a distributed one says (40003, statement_completion_unknown). A sequence counts on whatever
  // is taken back.
  ASSERT_TRUE(connection
                  ->execute("CREATE SEQUENCE tries; CREATE FUNCTION unknown_once() RETURNS trigger "
                            "LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') = 1 THEN PERFORM "
                            "say('40003'); END IF; RETURN NULL; END $$;"
                            "CREATE CONSTRAINT TRIGGER unknown AFTER INSERT ON kept DEFERRABLE "
                            "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION unknown_once()")
                  .ok());
  int tries = 0;
  const auto done = writer->transact([&](Connection& session) -> Result<Wish> {
    ++tries;
    TRY(session.run(kKeep));
    return Wish::keep;
  });
  EXPECT_TRUE(done.ok()) << done.error().detail;
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(kept(), 1);
}

TEST(DemandDurability, HoldsWhateverTheServerIsToldLater) {
  constexpr Statement kNow{"now", "SELECT current_setting('synchronous_commit')"};
  const auto uri = PostgresServer::instance().fresh_schema();
  for (const auto& [asked, held] : std::initializer_list<std::pair<std::string, std::string>>{
           {"off", "on"},
           {"local", "on"},
           {"remote_write", "on"},
           {"remote_apply", "remote_apply"}}) {
    auto session = *Connection::open(uri + "%20-csynchronous_commit%3D" + asked);
    ASSERT_TRUE(postgres::demand_durability(session).ok());
    EXPECT_EQ((*session.run(kNow))[0].text(0), held) << asked;
  }
  auto session = *Connection::open(uri);
  ASSERT_TRUE(postgres::demand_durability(session).ok());
  auto operator_ = *Connection::open(uri);
  const auto tell = [&](const std::string& what) {
    ASSERT_TRUE(operator_.execute(what).ok());
    ASSERT_TRUE(operator_.execute("SELECT pg_reload_conf()").ok());
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
  };
  tell("ALTER SYSTEM SET synchronous_commit = off");
  EXPECT_EQ((*session.run(kNow))[0].text(0), "on");
  tell("ALTER SYSTEM RESET synchronous_commit");
}

TEST_F(PostgresWriter, GivesUpWhenOthersAreAlwaysFirst) {
  int tries = 0;
  const auto done = writer->transact([&](Connection& session) -> Result<Wish> {
    ++tries;
    TRY(session.run(kKeep));
    return Wish::again;
  });
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().fault, Fault::storage_failed);
  EXPECT_GT(tries, 100);
  EXPECT_EQ(kept(), 0);
  EXPECT_TRUE(
      writer->transact([](Connection& /*session*/) -> Result<Wish> { return Wish::keep; }).ok());
}

TEST_F(PostgresWriter, FailsAtOnceForAFaultThatStays) {
  constexpr Statement kFail{"fail", "SELECT say('23514')"};
  int tries = 0;
  const auto done = writer->transact([&](Connection& session) -> Result<Wish> {
    ++tries;
    TRY(session.run(kKeep));
    TRY(session.run(kFail));
    return Wish::keep;
  });
  EXPECT_FALSE(done.ok());
  EXPECT_EQ(tries, 1);
  EXPECT_EQ(kept(), 0);
}

TEST_F(PostgresWriter, HoldsItsMarkBeforeItsWorkBegins) {
  constexpr Statement kMarksToBeHad{"marks_to_be_had",
                                    "SELECT count(*) FROM (SELECT id FROM writer WHERE last_batch "
                                    "= 1 OR last_batch = 0 FOR UPDATE SKIP LOCKED) AS free"};
  EXPECT_EQ((*connection->run(kMarksToBeHad))[0].number(0), 1);
  std::int64_t free = -1;
  const auto done = writer->transact([&](Connection& /*session*/) -> Result<Wish> {
    free = (*connection->run(kMarksToBeHad))[0].number(0);
    return Wish::nothing;
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(free, 0) << "who asks what became of the batch has to wait";
}

}  // namespace
}  // namespace signet::test
