#include "adapters/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace signet::postgres {
namespace {

// What the URI does not say. A server that vanished without a word is noticed within seconds, so
// that the next one of several is found; a standby is never taken for the primary, whatever the URI
// says (what follows dbname counts more).
constexpr std::array<const char*, 10> kKeywords{"connect_timeout",  "tcp_user_timeout",
                                                "keepalives_idle",  "keepalives_interval",
                                                "keepalives_count", "fallback_application_name",
                                                "dbname",           "target_session_attrs",
                                                "client_encoding",  nullptr};

std::array<const char*, kKeywords.size()> values_for(const std::string& uri) {
  return {"3", "5000", "5", "2", "2", "signet", uri.c_str(), "read-write", "UTF8", nullptr};
}

// A node that stands still in the middle of a transaction must not stop the others for long. A plan
// that was made while a table was small walks through it until the table is analyzed, and every
// question has an index: see schema_test.cpp. How long an answer may take is counted here. A server
// whose COMMIT no longer waits for its standby, since somebody cancelled that, calls it kept with
// no more than a warning, which must be heard.
constexpr const char* kSettings =
    "SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '15s'; "
    "SET statement_timeout = 0; SET client_min_messages = warning; SET enable_seqscan = off";

Error bad_uri(std::string why) {
  return {Fault::bad_configuration, "the store's uri " + std::move(why)};
}

/// libpq's own words may hold what is wrong, which may be a password: they are not passed on.
Result<void> check_uri(const std::string& uri) {
  if (!uri.starts_with("postgresql://") && !uri.starts_with("postgres://")) {
    return bad_uri("must begin with postgresql://");
  }
  char* words = nullptr;
  const std::unique_ptr<PQconninfoOption, Freer<PQconninfoFree>> options(
      PQconninfoParse(uri.c_str(), &words));
  const std::unique_ptr<char, Freer<PQfreemem>> freed(words);
  if (options == nullptr) return bad_uri("is not a PostgreSQL URI");
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    const bool is_secret = std::string_view(option->dispchar).starts_with('*');
    if (!is_secret || option->val == nullptr) continue;
    const std::string keyword(option->keyword);
    const bool has_passfile = keyword == "password";
    return bad_uri("holds a password (" + keyword + "): put it into " +
                   (has_passfile ? "a file that passfile= names, or use service="
                                 : "the service file (pg_service.conf), and name it by service="));
  }
  return {};
}

std::string_view state_of(const PGresult* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

/// By SQLSTATE: serialization failure and deadlock; connection exceptions, a server that shuts
/// down or starts, one that became a standby, a session whose time was over, one that does not know
/// what became of a COMMIT.
Trouble trouble_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return Trouble::again;
  constexpr std::array<std::string_view, 8> kLost{"57P01", "57P02", "57P03", "25006",
                                                  "25P03", "25P04", "57P05", "40003"};
  if (state.starts_with("08") || std::find(kLost.begin(), kLost.end(), state) != kLost.end()) {
    return Trouble::lost;
  }
  return Trouble::other;
}

std::string_view what_to_do(std::string_view state) {
  if (state == "53100") return "make room on the database's disk";
  if (state == "53300") return "raise the database's max_connections";
  if (state == "55P03") return "find the session that holds the rows (pg_locks)";
  if (state == "42501") return "grant the database's user what docs/operating.md lists";
  if (state == "3F000")
    return "let the user use a schema of its search_path: see docs/operating.md";
  if (state == "26000" || state == "42P05") return kPoolerMustKeepSessions;
  if (state.starts_with("28")) return "look at the database's pg_hba.conf and the passfile";
  if (state == "3D000") return "create the database";
  return "look at the database's log";
}

/// The first line: libpq adds hints, and one line a host.
std::string one_line(std::string words) {
  while (!words.empty() && words.back() == '\n') words.pop_back();
  std::replace(words.begin(), words.end(), '\n', ' ');
  std::erase(words, '\t');
  return words;
}

// libpq may hold octets that TLS has deciphered already and that poll cannot see: it is asked again
// after so long at the latest.
constexpr std::chrono::milliseconds kMostUnseen{50};

/// A warning is remembered; nothing is written to standard error.
void take_notice(void* warned, const PGresult* notice) {
  const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && std::string_view(severity) == "WARNING") {
    *static_cast<bool*>(warned) = true;
  }
}

}  // namespace

ByteView Row::octets(int column) const {
  return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_, row_, column)),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t Row::number(int column) const {
  const auto value = octets(column);
  if (value.size() != sizeof(std::int64_t)) return 0;
  std::uint64_t number = 0;
  for (const auto octet : value) number = number << 8 | octet;
  return static_cast<std::int64_t>(number);
}

bool Row::is_null(int column) const {
  return PQgetisnull(result_, row_, column) != 0;
}

std::int64_t Rows::touched() const {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

Result<Connection> Connection::open(const std::string& uri, std::chrono::milliseconds answer_time) {
  TRY(check_uri(uri));
  const auto values = values_for(uri);
  Session session(PQconnectdbParams(kKeywords.data(), values.data(), 1));
  if (PQstatus(session.get()) != CONNECTION_OK) {
    return Error{Fault::storage_failed, "the store's database cannot be reached: " +
                                            one_line(PQerrorMessage(session.get())) +
                                            "; see that it runs and lets this user in"};
  }
  PQsetnonblocking(session.get(), 1);  // one that reads nothing must not hold up who sends
  Connection connection(std::move(session), answer_time);
  PQsetNoticeReceiver(connection.session_.get(), take_notice, connection.warned_.get());
  TRY(connection.execute(kSettings));
  return connection;
}

Error Connection::lost() {
  trouble_ = Trouble::lost;
  return {Fault::storage_failed,
          "the store's database went away: " + one_line(PQerrorMessage(session_.get()))};
}

Error Connection::silent() {
  trouble_ = Trouble::lost;
  return {Fault::storage_failed,
          "the store's database has not answered for " +
              std::to_string(answer_time_.value_or(std::chrono::milliseconds{}).count()) +
              " ms: see whether it stands still, or waits for a standby that is away "
              "(pg_stat_replication)"};
}

/// Sends and takes what can be, after so long at most. False: the connection is gone.
bool Connection::move_octets(std::chrono::milliseconds most) {
  const int unsent = PQflush(session_.get());
  if (unsent < 0) return false;
  const auto wanted = static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN);
  pollfd socket{PQsocket(session_.get()), wanted, 0};
  if (::poll(&socket, 1, static_cast<int>(most.count())) > 0) last_moved_ = Clock::now();
  return PQconsumeInput(session_.get()) != 0;
}

/// What PQgetResult gives, which may be a null pointer, unless nothing moves for too long.
Result<Rows> Connection::next_answer() {
  last_moved_ = Clock::now();
  while (PQisBusy(session_.get()) != 0) {
    if (answer_time_ && Clock::now() - last_moved_ >= *answer_time_) return silent();
    if (!move_octets(kMostUnseen)) return lost();
  }
  return Rows(PQgetResult(session_.get()));
}

/// The answer, or the fault that it is.
Result<Rows> Connection::checked(Rows answer) {
  const auto status = PQresultStatus(answer.result());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC) {
    return answer;
  }
  if (PQstatus(session_.get()) != CONNECTION_OK) return lost();
  const auto state = state_of(answer.result());
  const char* const words = PQresultErrorField(answer.result(), PG_DIAG_MESSAGE_PRIMARY);
  trouble_ = trouble_of(state);
  return Error{Fault::storage_failed,
               "the store's database failed: " + std::string(words == nullptr ? "" : words) +
                   " (SQLSTATE " + std::string(state) + "); " + std::string(what_to_do(state))};
}

Result<void> Connection::execute(const std::string& sql) {
  trouble_ = Trouble::none;
  *warned_ = false;
  if (PQsendQuery(session_.get(), sql.c_str()) == 0) return lost();
  std::optional<Error> fault;
  for (;;) {
    auto answer = TRY(next_answer());
    if (answer.result() == nullptr) break;
    auto good = checked(std::move(answer));
    if (!good && trouble_ == Trouble::lost) return std::move(good).error();
    if (!good) fault = std::move(good).error();
  }
  if (fault) return *fault;
  if (PQstatus(session_.get()) != CONNECTION_OK) return lost();
  return {};
}

Result<Rows> Connection::run_within(std::chrono::milliseconds most, const Statement& statement,
                                    Parameters parameters) {
  const auto before = std::exchange(answer_time_, most);
  auto answer = run(statement, std::move(parameters));
  answer_time_ = before;
  return answer;
}

Result<Rows> Connection::run(const Statement& statement, Parameters parameters) {
  Pipeline pipeline;
  pipeline.add(statement, std::move(parameters));
  return std::move(TRY(run(pipeline)).front());
}

Result<std::vector<Rows>> Connection::run(const Pipeline& pipeline) {
  trouble_ = Trouble::none;
  *warned_ = false;
  const auto fresh = unprepared(pipeline);
  if (PQenterPipelineMode(session_.get()) == 0 || !send(pipeline, fresh)) return lost();
  auto answers = receive(fresh, pipeline.steps_.size());
  if (PQexitPipelineMode(session_.get()) == 0 && trouble_ != Trouble::lost) return lost();
  return answers;
}

std::vector<const Statement*> Connection::unprepared(const Pipeline& pipeline) const {
  std::vector<const Statement*> fresh;
  for (const auto& step : pipeline.steps_) {
    const auto* const wanted = step.statement;
    if (prepared_.contains(wanted) ||
        std::find(fresh.begin(), fresh.end(), wanted) != fresh.end()) {
      continue;
    }
    fresh.push_back(wanted);
  }
  return fresh;
}

bool Connection::send(const Pipeline& pipeline, const std::vector<const Statement*>& fresh) {
  const auto prepare = [this](const Statement* statement) {
    return PQsendPrepare(session_.get(), statement->name, statement->sql, 0, nullptr) != 0;
  };
  const auto execute = [this](const Pipeline::Step& step) { return send(step); };
  return std::all_of(fresh.begin(), fresh.end(), prepare) &&
         std::all_of(pipeline.steps_.begin(), pipeline.steps_.end(), execute) &&
         PQpipelineSync(session_.get()) != 0;
}

bool Connection::send(const Pipeline::Step& step) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& [type, value] : step.parameters.values()) {
    // A null pointer would be NULL instead of no octets.
    const char* const octets =
        value && !value->empty() ? reinterpret_cast<const char*>(value->data()) : "";
    values.push_back(value ? octets : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  const std::vector<int> binary(values.size(), 1);
  return PQsendQueryPrepared(session_.get(), step.statement->name, static_cast<int>(values.size()),
                             values.data(), lengths.data(), binary.data(), 1) != 0;
}

/// First the answers to what had to be prepared, which stays prepared whatever follows; then those
/// to the statements, then the mark of the end. After a fault the others are "aborted": the first
/// fault is the one that tells.
Result<std::vector<Rows>> Connection::receive(const std::vector<const Statement*>& fresh,
                                              std::size_t statements) {
  std::vector<Rows> received;
  std::optional<Error> fault;
  const auto end = fresh.size() + statements;
  for (std::size_t at = 0; at <= end; ++at) {
    auto answer = TRY(next_answer());
    if (answer.result() == nullptr) return lost();
    if (at < end) PQclear(PQgetResult(session_.get()));  // a null pointer behind each answer
    if (PQresultStatus(answer.result()) == PGRES_PIPELINE_ABORTED) continue;
    auto good = checked(std::move(answer));
    if (!good && trouble_ == Trouble::lost) return std::move(good).error();
    if (!good) fault = std::move(good).error();
    if (!good || at == end) continue;
    if (at < fresh.size()) prepared_.insert(fresh[at]);
    if (at >= fresh.size()) received.push_back(*std::move(good));
  }
  if (fault) return *fault;
  return received;
}

bool Connection::in_transaction() const {
  return trouble_ != Trouble::lost && PQtransactionStatus(session_.get()) > PQTRANS_IDLE &&
         PQstatus(session_.get()) == CONNECTION_OK;
}

Transaction::~Transaction() {
  if (!connection_.in_transaction()) return;  // with a lost session its transaction ends by itself
  const auto before = connection_.trouble_;
  // That the transaction could be taken back mends nothing of what ended it; a session that cannot
  // even do that, as when its server said good-bye in the middle of its answers, is of no more use.
  const bool taken_back = connection_.execute("ROLLBACK").ok();
  connection_.trouble_ = taken_back ? before : Trouble::lost;
}

}  // namespace signet::postgres
