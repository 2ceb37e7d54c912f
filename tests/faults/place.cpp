#include "faults/place.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "audit/chain.h"
#include "support/faulty_engine.h"
#include "support/faulty_parts.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

std::vector<store::CertificateRecord> all_certificates(const store::Engine& engine) {
  store::CertificateStore::Query query;
  query.most = 100000;
  return unwrap(engine.find_certificates(query));
}

class MemoryPlace final : public Place {
 public:
  explicit MemoryPlace(const TestAuthority::Choices& choices) { found(choices, engine_, journal_); }

  Run run(const Operation& operation, Mishap mishap, std::size_t step) override {
    FaultPlan plan(mishap, step);
    Run run;
    run.outcome = serve(engine_, journal_, operation, plan);
    run.was_reached = plan.was_reached();
    run.steps = plan.steps();
    return run;
  }
  [[nodiscard]] bool survives(Mishap mishap) const override {
    return mishap == Mishap::error || mishap == Mishap::clock_ahead || mishap == Mishap::clock_back;
  }
  [[nodiscard]] std::vector<store::CertificateRecord> certificates() const override {
    return all_certificates(engine_);
  }
  [[nodiscard]] std::string journal() const override {
    std::string text;
    for (const auto& event : journal_.events()) {
      for (const auto& field : event.fields) text += field.value + "\n";
    }
    return text;
  }

 private:
  store::MemoryEngine engine_;
  audit::MemoryJournal journal_;
};

/// Octets through a pipe until the other end closes.
std::string read_all(int pipe) {
  std::string all;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe, buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

void write_all(int pipe, std::string_view octets) {
  while (!octets.empty()) {
    const auto put = ::write(pipe, octets.data(), octets.size());
    if (put <= 0) ::_exit(2);
    octets.remove_prefix(static_cast<std::size_t>(put));
  }
}

/// What a server tells of its run: steps, reached, kind, state of a decision, octets.
std::string to_octets(const Outcome& outcome, const FaultPlan& plan) {
  std::string text{
      static_cast<char>(plan.steps() >> 8), static_cast<char>(plan.steps()),
      static_cast<char>(plan.was_reached()), static_cast<char>(outcome.answer.kind),
      outcome.decided ? static_cast<char>(1 + static_cast<int>(*outcome.decided)) : '\0'};
  return text += as_text(outcome.answer.octets);
}

Place::Run from_octets(std::string_view text) {
  constexpr std::size_t kHead = 5;
  Place::Run run;
  if (text.size() < kHead) return run;
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  run.steps = static_cast<std::size_t>(octet(0) << 8 | octet(1));
  run.was_reached = octet(2) != 0;
  Outcome outcome;
  outcome.answer.kind = static_cast<authority::ResponseKind>(octet(3));
  if (octet(4) != 0) outcome.decided = static_cast<store::PendingState>(octet(4) - 1);
  outcome.answer.octets = to_bytes(text.substr(kHead));
  run.outcome = std::move(outcome);
  return run;
}

/// What a process that dies leaves behind is the kernel's, on a disk or not; and a disk is slow.
std::filesystem::path in_memory_where_it_can_be() {
  const std::filesystem::path shared_memory = "/dev/shm";
  std::error_code ignored;
  return std::filesystem::is_directory(shared_memory, ignored)
             ? shared_memory
             : std::filesystem::temp_directory_path();
}

class SqlitePlace final : public Place {
 public:
  explicit SqlitePlace(const TestAuthority::Choices& choices) {
    const auto engine = unwrap(sqlite::SqliteEngine::open(store()));
    const auto journal = unwrap(files::JournalFile::open(journal_path()));
    found(choices, *engine, *journal);
  }

  Run run(const Operation& operation, Mishap mishap, std::size_t step) override {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const pid_t server = ::fork();
    CHECK(server >= 0);
    if (server == 0) {
      ::close(ends[0]);
      serve_and_tell(operation, mishap, step, ends[1]);
    }
    ::close(ends[1]);
    auto run = from_octets(read_all(ends[0]));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(server, &status, 0);
    if (run.outcome) {
      run.outcome->told = read_told(run.outcome->answer, {estate().chain.front()});
      return run;
    }
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        << "a server neither answered nor was it killed: status " << status;
    run.was_reached = true;
    return run;
  }
  [[nodiscard]] bool survives(Mishap) const override { return true; }
  [[nodiscard]] std::vector<store::CertificateRecord> certificates() const override {
    return all_certificates(*unwrap(sqlite::SqliteEngine::open(store())));
  }
  [[nodiscard]] std::string journal() const override {
    CHECK(files::JournalFile::open(journal_path()).ok());  // cuts off what a crash left
    std::ifstream file(journal_path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const auto report = audit::verify_chain(text);
    EXPECT_FALSE(report.first_break.has_value())
        << "line " << report.first_break->line << ": " << report.first_break->reason;
    return text.str();
  }

 private:
  [[noreturn]] void serve_and_tell(const Operation& operation, Mishap mishap, std::size_t step,
                                   int pipe) const {
    constexpr unsigned kLongestSeconds = 60;
    ::alarm(kLongestSeconds);
    FaultPlan plan(mishap, step);
    const auto engine = unwrap(sqlite::SqliteEngine::open(store()));
    const auto journal = unwrap(files::JournalFile::open(journal_path()));
    const auto outcome = serve(*engine, *journal, operation, plan);
    write_all(pipe, to_octets(outcome, plan));
    ::_exit(0);
  }
  [[nodiscard]] std::string store() const { return folder_ / "store"; }
  [[nodiscard]] std::string journal_path() const { return folder_ / "audit"; }

  TemporaryFolder folder_{in_memory_where_it_can_be()};
};

}  // namespace

Outcome Place::serve(store::Engine& engine, audit::Journal& journal, const Operation& operation,
                     FaultPlan& plan) const {
  const FixedClock clock;
  FaultyEngine faulty_engine(engine, plan);
  FaultyJournal faulty_journal(journal, plan);
  const FaultyClock faulty_clock(clock, plan);
  FaultyRandom faulty_random(crypto::system_random(), plan);
  auto choices = choices_;
  choices.engine = &faulty_engine;
  choices.journal = &faulty_journal;
  choices.estate = estate_;
  choices.own_key = std::make_shared<FaultyKey>(estate_.key, plan);
  choices.own_clock = &faulty_clock;
  choices.own_random = &faulty_random;
  choices.own_secrets = std::make_shared<FaultySecrets>(secrets_, plan);
  TestAuthority server(choices);
  plan.arm();
  auto outcome = operation(server);
  outcome.told = read_told(outcome.answer, {estate_.chain.front()});
  return outcome;
}

void Place::found(const TestAuthority::Choices& choices, store::Engine& engine,
                  audit::Journal& journal) {
  choices_ = choices;
  auto first = choices;
  first.engine = &engine;
  first.journal = &journal;
  estate_ = TestAuthority(first).estate();
}

std::unique_ptr<Place> make_memory_place(const TestAuthority::Choices& choices) {
  return std::make_unique<MemoryPlace>(choices);
}
std::unique_ptr<Place> make_sqlite_place(const TestAuthority::Choices& choices) {
  return std::make_unique<SqlitePlace>(choices);
}

}  // namespace signet::test
