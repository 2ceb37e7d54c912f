// One thing goes wrong at one step of one exchange, for every step of every exchange that there is
// time for: the call fails, the server is killed before or after it, the disk is full, the clock
// jumps. Afterwards nothing that was acknowledged is missing, nothing left without a record, the
// exchange can be finished, and the audit chain is whole.
//
// SIGNET_FAULT_SECONDS (15) bounds each test; SIGNET_FAULT_SEED repeats an order. What was done is
// printed, and appended to the file that SIGNET_FAULT_REPORT names.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <set>

#include "faults/place.h"

namespace signet::test {
namespace {

using Stopwatch = std::chrono::steady_clock;
using MakePlace = std::unique_ptr<Place> (*)(const TestAuthority::Choices&);

/// What goes wrong where.
struct Case {
  const Exchange* exchange;
  std::size_t operation;  ///< from 1
  std::size_t step;       ///< from 1
  Mishap mishap;

  [[nodiscard]] bool is_of_clock() const {
    return mishap == Mishap::clock_ahead || mishap == Mishap::clock_back;
  }
  [[nodiscard]] std::string text() const {
    return exchange->name + ", operation " + std::to_string(operation) + ", step " +
           std::to_string(step) + ": " + std::string(to_text(mishap));
  }
};

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

/// Walks an exchange with servers of one place, one operation under a mishap.
class Walker {
 public:
  Walker(Place& place, const Case& wrong) : place_(place), case_(wrong) {}

  bool walk() { return walk(case_.exchange->walk); }
  bool walk_anew() { return walk(case_.exchange->walk_anew); }
  [[nodiscard]] bool was_reached() const { return was_reached_; }
  /// Certificates that an answer gave.
  [[nodiscard]] const std::set<Bytes>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] const std::vector<std::size_t>& steps() const { return steps_; }

 private:
  bool walk(const std::function<bool(const Estate&, const Perform&)>& walk) {
    return walk(place_.estate(), [this](const Operation& operation, const Granted& granted) {
      return perform(operation, granted);
    });
  }
  std::optional<Outcome> perform(const Operation& operation, const Granted& granted) {
    std::optional<Outcome> first;
    if (++performed_ == case_.operation) first = perform_wrongly(operation);
    auto run = place_.run(operation, Mishap::none, 0);
    steps_.push_back(run.steps);
    if (!run.outcome || !granted(*run.outcome)) return std::nullopt;
    note(*run.outcome);
    if (first && granted(*first)) {
      EXPECT_EQ(first->told.certificates, run.outcome->told.certificates)
          << "asked again, it gives something else";
    }
    return run.outcome;
  }
  std::optional<Outcome> perform_wrongly(const Operation& operation) {
    auto run = place_.run(operation, case_.mishap, case_.step);
    was_reached_ = run.was_reached;
    if (run.outcome) note(*run.outcome);
    return run.outcome;
  }
  void note(const Outcome& outcome) {
    for (const auto& certificate : outcome.told.certificates) acknowledged_.insert(certificate.der);
  }

  Place& place_;
  const Case case_;
  std::size_t performed_ = 0;
  bool was_reached_ = false;
  std::set<Bytes> acknowledged_;
  std::vector<std::size_t> steps_;
};

class Sweep {
 public:
  explicit Sweep(MakePlace make) : make_(make), exchanges_(all_exchanges()) {}

  void run(const std::string& name) {
    const auto seed = number_of("SIGNET_FAULT_SEED", std::random_device()());
    const std::chrono::seconds most(number_of("SIGNET_FAULT_SECONDS", 15));
    auto cases = all_cases();
    std::shuffle(cases.begin(), cases.end(), std::mt19937_64(seed));
    const auto start = Stopwatch::now();
    for (const auto& each : cases) {
      if (Stopwatch::now() - start > most) break;
      SCOPED_TRACE(each.text() + " (SIGNET_FAULT_SEED=" + std::to_string(seed) + ")");
      check(each);
    }
    report(name + ": seed " + std::to_string(seed) + ", " + std::to_string(injected_) +
           " faults injected of " + std::to_string(cases.size()) + " places for one; " +
           std::to_string(acknowledged_) + " certificates acknowledged, " +
           std::to_string(missing_) + " of them missing");
    EXPECT_GT(injected_, 0U);
  }

 private:
  /// Every step of every operation of a walk without mishaps, and each mishap there.
  std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const auto& exchange : exchanges_) {
      const auto place = make_(exchange.choices);
      Walker walker(*place, {&exchange, 0, 0, Mishap::none});
      EXPECT_TRUE(walker.walk()) << exchange.name << " without any mishap";
      for (std::size_t operation = 1; operation <= walker.steps().size(); ++operation) {
        add_cases(exchange, operation, walker.steps()[operation - 1], *place, cases);
      }
    }
    return cases;
  }
  static void add_cases(const Exchange& exchange, std::size_t operation, std::size_t steps,
                        const Place& place, std::vector<Case>& cases) {
    for (const auto mishap : {Mishap::error, Mishap::death_before, Mishap::death_after,
                              Mishap::full_disk, Mishap::clock_ahead, Mishap::clock_back}) {
      if (!place.survives(mishap)) continue;
      for (std::size_t step = 1; step <= steps; ++step) {
        cases.push_back({&exchange, operation, step, mishap});
      }
    }
  }

  void check(const Case& wrong) {
    const auto place = make_(wrong.exchange->choices);
    const auto before = place->certificates().size();
    Walker walker(*place, wrong);
    const bool done = walker.walk();
    if (walker.was_reached()) ++injected_;
    if (!done && wrong.is_of_clock()) {
      // What a wrong clock granted may be over, or not yet: it is asked for anew.
      Walker again(*place, {wrong.exchange, 0, 0, Mishap::none});
      EXPECT_TRUE(again.walk_anew()) << "stuck";
    } else {
      EXPECT_TRUE(done) << "stuck";
      if (!wrong.is_of_clock()) {
        EXPECT_EQ(place->certificates().size(), before + wrong.exchange->certificates);
      }
    }
    look_for_losses(*place, walker.acknowledged());
  }

  void look_for_losses(const Place& place, const std::set<Bytes>& acknowledged) {
    std::set<Bytes> kept;
    const auto journal = place.journal();
    for (const auto& record : place.certificates()) {
      kept.insert(record.certificate_der);
      if (record.requester == "test") continue;  // put there by the test, with no decision
      const auto serial = "0x" + record.serial_number.to_hex();
      EXPECT_NE(journal.find(serial), std::string::npos) << serial << " is not in the journal";
    }
    for (const auto& der : acknowledged) missing_ += kept.count(der) == 0 ? 1 : 0;
    acknowledged_ += acknowledged.size();
    EXPECT_EQ(missing_, 0U);
  }

  static void report(const std::string& line) {
    std::cout << line << "\n";
    if (const char* file = std::getenv("SIGNET_FAULT_REPORT")) {
      std::ofstream(file, std::ios::app) << line << "\n";
    }
  }

  const MakePlace make_;
  const std::vector<Exchange> exchanges_;
  std::size_t injected_ = 0;
  std::size_t acknowledged_ = 0;
  std::size_t missing_ = 0;
};

TEST(Faults, AtAnyStepInMemoryLoseNothing) {
  Sweep(make_memory_place).run("in memory");
}

TEST(Faults, AtAnyStepOnDiskLoseNothing) {
  Sweep(make_sqlite_place).run("on disk");
}

}  // namespace
}  // namespace signet::test
