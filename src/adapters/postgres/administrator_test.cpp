// What a database's administrator may have set: rights, encodings, time-outs, which sessions write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "adapters/postgres/all_queries.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/postgres/schema.h"
#include "support/eventually.h"
#include "support/postgres_server.h"
#include "support/shared_data.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

using postgres::Connection;
using postgres::Patience;
using postgres::PostgresEngine;
using postgres::Trouble;
using testing::HasSubstr;

constexpr Patience kAtOnce{.most = std::chrono::milliseconds{0}};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << text;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

bool keeps(store::Engine& engine, const store::Commit& commit) {
  const std::vector<const store::Commit*> batch{&commit};
  audit::MemoryJournal journal;
  return engine.apply(batch, journal).front().durable();
}

std::string of_schema(const std::string& name) {
  const auto uri = PostgresServer::instance().fresh_schema();
  const std::string before_it = "search_path%3D";
  return uri.substr(0, uri.find(before_it) + before_it.size()) + name;
}

/// The lines of the manual that give a node's user its rights.
std::vector<std::string> rights_of_a_node() {
  std::vector<std::string> rights;
  std::ifstream manual(source_folder() + "/docs/operating.md");
  for (std::string line; std::getline(manual, line);) {
    if (line.starts_with("   GRANT ")) rights.push_back(line.substr(3));
  }
  return rights;
}

struct TableRight {
  std::string right;  ///< "UPDATE"
  std::string table;
};

/// "GRANT INSERT, UPDATE ON crl_shard, lease TO …": all but reading, one by one.
std::vector<TableRight> rights_to_write() {
  const auto words_of = [](std::string list) {
    std::replace(list.begin(), list.end(), ',', ' ');
    std::istringstream words(list);
    return std::vector<std::string>{std::istream_iterator<std::string>(words), {}};
  };
  std::vector<TableRight> rights;
  for (const auto& line : rights_of_a_node()) {
    if (line.find("SCHEMA") != std::string::npos) continue;
    const auto on = line.find(" ON ");
    const auto tables = words_of(line.substr(on + 4, line.find(" TO ") - on - 4));
    for (const auto& right : words_of(line.substr(6, on - 6))) {
      for (const auto& table : tables) rights.push_back({right, table});
    }
  }
  return rights;
}

/// A schema with its tables, and a user who made none of them.
struct Rights {
  std::string schema = "test_of_rights";
  std::string owner = of_schema(schema);
  std::string node = replaced(owner, "user=postgres", "user=signet_node");
  Connection administrator = *Connection::open(owner);

  Rights() {
    execute("DROP SCHEMA IF EXISTS test_of_rights CASCADE");
    execute("CREATE SCHEMA test_of_rights");
    execute("DROP ROLE IF EXISTS signet_node");
    execute("CREATE ROLE signet_node LOGIN");
  }
  ~Rights() { execute("DROP OWNED BY signet_node"); }
  Rights(const Rights&) = delete;
  Rights& operator=(const Rights&) = delete;

  void execute(const std::string& sql) {
    const auto done = administrator.execute(sql);
    EXPECT_TRUE(done.ok()) << sql << ": " << done.error().detail;
  }
  void grant() {
    for (const auto& right : rights_of_a_node()) {
      const bool of_schema = right.find("SCHEMA signet ") != std::string::npos;
      execute(of_schema ? replaced(right, "SCHEMA signet ", "SCHEMA " + schema + " ") : right);
    }
  }
};

/// Of what was prepared last.
constexpr postgres::Statement kParametersOfLast{
    "parameters",
    "SELECT repeat('NULL,', cardinality(parameter_types)) FROM pg_prepared_statements "
    "WHERE name LIKE '%_asked' ORDER BY prepare_time DESC LIMIT 1"};

TEST(NodesUser, NeedsNoMoreThanTheRightsOfTheManual) {
  Rights rights;
  ASSERT_TRUE(postgres::migrate(rights.administrator).ok());
  ASSERT_GT(rights_of_a_node().size(), 3U);
  rights.grant();
  const auto node = PostgresEngine::open(rights.node, kAtOnce);
  ASSERT_TRUE(node.ok()) << node.error().detail;
  EXPECT_TRUE(keeps(**node, grant(1)));
  auto connection = *Connection::open(rights.node);
  for (const auto* statement : postgres::queries::kAll) {
    const auto prepared = connection.execute("PREPARE " + std::string(statement->name) +
                                             "_asked AS " + std::string(statement->sql));
    ASSERT_TRUE(prepared.ok()) << statement->name << ": " << prepared.error().detail;
    auto asking = std::string((*connection.run(kParametersOfLast))[0].text(0));
    if (!asking.empty()) asking = "(" + asking.substr(0, asking.size() - 1) + ")";
    const auto planned =
        connection.execute("EXPLAIN EXECUTE " + std::string(statement->name) + "_asked" + asking);
    EXPECT_TRUE(planned.ok()) << statement->name << ": " << planned.error().detail;
  }
}

TEST(NodesUser, IsRefusedWithoutThemAndToldWhere) {
  Rights rights;
  const auto nothing_there = PostgresEngine::open(rights.node, kAtOnce);
  ASSERT_FALSE(nothing_there.ok());
  ASSERT_TRUE(postgres::migrate(rights.administrator).ok());
  const auto without = PostgresEngine::open(rights.node, kAtOnce);
  ASSERT_FALSE(without.ok());
  for (const auto& error : {nothing_there.error(), without.error()}) {
    EXPECT_THAT(error.detail, HasSubstr("docs/operating.md"));
  }
}

TEST(NodesUser, IsToldOfATableThatItMayNotWriteAtTheStart) {
  Rights rights;
  ASSERT_TRUE(postgres::migrate(rights.administrator).ok());
  rights.grant();
  for (const auto* right : {"INSERT", "ALL"}) {
    rights.execute("REVOKE " + std::string(right) + " ON publication, lease FROM signet_node");
    const auto node = PostgresEngine::open(rights.node, kAtOnce);
    ASSERT_FALSE(node.ok());
    EXPECT_EQ(node.error().fault, Fault::bad_configuration);
    EXPECT_THAT(node.error().detail, HasSubstr("may not write the table lease, publication:"));
  }
}

TEST(NodesUser, IsToldOfATableWhoseRowsItMayNotChangeAtTheStart) {
  Rights rights;
  ASSERT_TRUE(postgres::migrate(rights.administrator).ok());
  rights.grant();
  rights.execute("REVOKE UPDATE ON journal_mark, certificate FROM signet_node");
  const auto node = PostgresEngine::open(rights.node, kAtOnce);
  ASSERT_FALSE(node.ok());
  EXPECT_THAT(node.error().detail, HasSubstr("may not write the table certificate, journal_mark:"));
}

TEST(NodesUser, IsToldAtTheStartOfEachRightOfTheManualThatItLacks) {
  Rights rights;
  ASSERT_TRUE(postgres::migrate(rights.administrator).ok());
  rights.grant();
  ASSERT_GT(rights_to_write().size(), 30U);
  for (const auto& [right, table] : rights_to_write()) {
    rights.execute("REVOKE " + right + " ON " + table + " FROM signet_node");
    const auto node = PostgresEngine::open(rights.node, kAtOnce);
    ASSERT_FALSE(node.ok()) << right << " ON " << table;
    EXPECT_EQ(node.error().fault, Fault::bad_configuration);
    EXPECT_THAT(node.error().detail, HasSubstr("may not write the table " + table + ":"));
    rights.execute("GRANT " + right + " ON " + table + " TO signet_node");
  }
  EXPECT_TRUE(PostgresEngine::open(rights.node, kAtOnce).ok());
}

TEST(NodesUser, MakesNoTablesThatAnOlderSchemaLacks) {
  Rights rights;
  ASSERT_TRUE(postgres::migrate(rights.administrator, postgres::migrations().first(1)).ok());
  rights.execute("GRANT USAGE ON SCHEMA test_of_rights TO signet_node");
  rights.execute("GRANT SELECT ON ALL TABLES IN SCHEMA test_of_rights TO signet_node");
  EXPECT_FALSE(PostgresEngine::open(rights.node, kAtOnce).ok());
}

TEST(Migrate, MakesNoSecondStoreInFrontOfTheFirst) {
  auto administrator = *Connection::open(PostgresServer::instance().fresh_schema());
  ASSERT_TRUE(administrator
                  .execute("DROP SCHEMA IF EXISTS test_back CASCADE; CREATE SCHEMA test_back; "
                           "DROP SCHEMA IF EXISTS test_front CASCADE")
                  .ok());
  const auto front_and_back = of_schema("test_front,test_back");
  {
    const auto node = PostgresEngine::open(front_and_back, kAtOnce);
    ASSERT_TRUE(node.ok()) << node.error().detail;
    EXPECT_TRUE(keeps(**node, grant(1)));
  }
  EXPECT_TRUE(PostgresEngine::open(front_and_back, kAtOnce).ok());
  ASSERT_TRUE(administrator.execute("CREATE SCHEMA test_front").ok());
  const auto shadowed = PostgresEngine::open(front_and_back, kAtOnce);
  ASSERT_FALSE(shadowed.ok());
  EXPECT_EQ(shadowed.error().fault, Fault::bad_configuration);
  EXPECT_THAT(shadowed.error().detail, HasSubstr("name 'test_back' alone"));
  EXPECT_TRUE(PostgresEngine::open(of_schema("test_front"), kAtOnce).ok()) << "wanted so";
  const auto node = PostgresEngine::open(of_schema("test_back"), kAtOnce);
  ASSERT_TRUE(node.ok()) << node.error().detail;
  EXPECT_TRUE((*node)->find_certificate(serial(1))->has_value());
}

TEST(Migrate, BringsAnOlderStoreForwardBeforeAnotherAuthoritys) {
  auto administrator = *Connection::open(PostgresServer::instance().fresh_schema());
  ASSERT_TRUE(administrator
                  .execute("DROP SCHEMA IF EXISTS test_other CASCADE; CREATE SCHEMA test_other; "
                           "DROP SCHEMA IF EXISTS test_older CASCADE; CREATE SCHEMA test_older")
                  .ok());
  ASSERT_TRUE(PostgresEngine::open(of_schema("test_other"), kAtOnce).ok());
  auto older = *Connection::open(of_schema("test_older"));
  ASSERT_TRUE(postgres::migrate(older, postgres::migrations().first(1)).ok());
  const auto node = PostgresEngine::open(of_schema("test_older,test_other"), kAtOnce);
  ASSERT_TRUE(node.ok()) << node.error().detail;
  EXPECT_TRUE(keeps(**node, grant(1)));
  const auto other = PostgresEngine::open(of_schema("test_other"), kAtOnce);
  EXPECT_FALSE((*other)->find_certificate(serial(1))->has_value());
}

/// Debian's PgBouncer in front of the server, as the user who may run it.
class Pooler {
 public:
  explicit Pooler(const std::string& mode) {
    const auto uri = PostgresServer::instance().fresh_schema();
    const auto host_at = uri.find("host=") + 5;
    auto host = uri.substr(host_at, uri.find('&') - host_at);
    for (auto at = host.find("%2F"); at != std::string::npos; at = host.find("%2F")) {
      host.replace(at, 3, "/");
    }
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    std::ofstream(folder_.path() / "ini")
        << "[databases]\npostgres = host=" << host << " user=postgres\n[pgbouncer]\nlisten_addr =\n"
        << "unix_socket_dir = " << folder_.path().string()
        << "\nauth_type = any\npool_mode = " << mode << "\npidfile = " << folder_.path().string()
        << "/pid\nlogfile = " << folder_.path().string() << "/log\n";
    const std::string as = ::getuid() == 0 ? "runuser -u postgres -- " : "";
    run(as + kProgram + " -q -d " + folder_.path().string() + "/ini");
    EXPECT_TRUE(eventually([this] {
      return std::filesystem::exists(folder_.path() / ".s.PGSQL.6432") &&
             std::filesystem::exists(folder_.path() / "pid");
    }));
  }
  ~Pooler() { run("kill $(cat " + folder_.path().string() + "/pid)"); }
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  [[nodiscard]] std::string uri() const {
    return "postgresql:///postgres?port=6432&user=postgres&host=" + folder_.path().string();
  }
  static bool is_installed() { return std::filesystem::exists(kProgram); }

 private:
  static constexpr const char* kProgram = "/usr/sbin/pgbouncer";
  static void run(const std::string& command) {
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  TemporaryFolder folder_;
};

TEST(PostgresEngine, ServesBehindAPoolerThatKeepsSessions) {
  if (!Pooler::is_installed()) GTEST_SKIP() << "apt-get install pgbouncer";
  const Pooler pooler("session");
  const auto node = PostgresEngine::open(pooler.uri(), kAtOnce);
  ASSERT_TRUE(node.ok()) << node.error().detail;
  EXPECT_TRUE(keeps(**node, grant(1)));
  EXPECT_TRUE(PostgresEngine::check(pooler.uri()).ok());
}

TEST(PostgresEngine, RefusesAPoolerThatDoesNot) {
  if (!Pooler::is_installed()) GTEST_SKIP() << "apt-get install pgbouncer";
  for (const auto* mode : {"transaction", "statement"}) {
    const Pooler pooler(mode);
    const auto checked = PostgresEngine::check(pooler.uri());
    const auto opened = PostgresEngine::open(pooler.uri(), kAtOnce);
    ASSERT_FALSE(checked.ok()) << mode;
    ASSERT_FALSE(opened.ok()) << mode;
    EXPECT_EQ(checked.error().fault, Fault::bad_configuration) << mode;
    for (const auto& error : {checked.error(), opened.error()}) {
      EXPECT_THAT(error.detail, HasSubstr("pool_mode = session")) << mode;
    }
  }
}

class Encodings : public testing::TestWithParam<const char*> {};

TEST_P(Encodings, HoldAStore) {
  static int number = 0;
  const auto name = "encoding_" + std::to_string(++number);
  // The server writes all that it has to the disk first, which may be busy.
  auto administrator =
      *Connection::open(PostgresServer::instance().fresh_schema(), std::chrono::minutes{2});
  const auto made = administrator.execute("CREATE DATABASE " + name + " TEMPLATE template0 " +
                                          std::string(GetParam()));
  ASSERT_TRUE(made.ok()) << made.error().detail;
  auto uri = replaced(PostgresServer::instance().fresh_schema(), ":///postgres", ":///" + name);
  uri = uri.substr(0, uri.find("&options="));
  const auto node = PostgresEngine::open(uri, kAtOnce);
  ASSERT_TRUE(node.ok()) << node.error().detail;
  auto commit = grant(1);
  commit.certificates.front().requester = "J\u00f6rg \u4e2d";
  EXPECT_TRUE(keeps(**node, commit));
  EXPECT_EQ(*(*node)->find_certificate(serial(1)), commit.certificates.front());
}

INSTANTIATE_TEST_SUITE_P(
    OfDatabases, Encodings,
    testing::Values("ENCODING 'LATIN1' LOCALE 'C'", "ENCODING 'SQL_ASCII' LOCALE 'C'",
                    "ENCODING 'EUC_JP' LOCALE 'C'",
                    "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'"));

TEST(OpenConnection, FindsNoSessionThatOnlyReadsWhateverTheUriSays) {
  const auto uri = PostgresServer::instance().fresh_schema();
  const auto reads_only = uri + "%20-cdefault_transaction_read_only%3Don";
  for (const auto* wanted : {"", "&target_session_attrs=any", "&target_session_attrs=read-only"}) {
    const auto opened = Connection::open(reads_only + wanted);
    ASSERT_FALSE(opened.ok()) << wanted;
    EXPECT_THAT(opened.error().detail, HasSubstr("read-only")) << wanted;
    EXPECT_TRUE(Connection::open(uri + (*wanted == '&' ? "&target_session_attrs=any" : "")).ok());
  }
}

TEST(OpenConnection, RefusesAUriWithAKeysPassword) {
  const auto opened = Connection::open("postgresql://localhost/signet?sslpassword=geheim");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::bad_configuration);
  EXPECT_THAT(opened.error().detail, HasSubstr("sslpassword"));
  EXPECT_THAT(opened.error().detail, testing::Not(HasSubstr("geheim")));
  EXPECT_THAT(opened.error().detail, HasSubstr("service="));
  EXPECT_THAT(opened.error().detail, testing::Not(HasSubstr("passfile="))) << "holds no such one";
}

TEST(OpenConnection, LetsNoTimeOutOfTheRoleEndAStatement) {
  const auto uri = PostgresServer::instance().fresh_schema() +
                   "%20-cstatement_timeout%3D300ms%20-clock_timeout%3D300ms";
  auto connection = *Connection::open(uri);
  EXPECT_TRUE(connection.execute("SELECT pg_sleep(0.6)").ok());
  EXPECT_TRUE(connection.execute("SET statement_timeout = 300").ok());
  EXPECT_FALSE(connection.execute("SELECT pg_sleep(0.6)").ok()) << "as it would without";
}

TEST(OpenConnection, CountsASessionThatWasEndedForItsTimeAsLost) {
  const auto uri = PostgresServer::instance().fresh_schema();
  for (const auto* state : {"25P03", "25P04", "57P05", "57P01"}) {
    auto connection = *Connection::open(uri);
    EXPECT_FALSE(connection
                     .execute("DO $$ BEGIN RAISE EXCEPTION 'time is over' USING ERRCODE = '" +
                              std::string(state) + "'; END $$")
                     .ok());
    EXPECT_EQ(connection.trouble(), Trouble::lost) << state;
  }
  auto connection = *Connection::open(uri);
  EXPECT_FALSE(connection
                   .execute("DO $$ BEGIN RAISE EXCEPTION 'cancelled' USING ERRCODE = '57014'; "
                            "END $$")
                   .ok());
  EXPECT_EQ(connection.trouble(), Trouble::other);
}

TEST(OpenConnection, HearsAWarningOfTheLastStatementAlone) {
  auto connection = *Connection::open(PostgresServer::instance().fresh_schema() +
                                      "%20-cclient_min_messages%3Derror");
  ASSERT_TRUE(connection.execute("DO $$ BEGIN RAISE WARNING 'beware'; END $$").ok());
  EXPECT_TRUE(connection.warned());
  ASSERT_TRUE(connection.execute("DO $$ BEGIN RAISE NOTICE 'by the way'; END $$").ok());
  EXPECT_FALSE(connection.warned());
}

}  // namespace
}  // namespace signet::test
