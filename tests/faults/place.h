#pragma once

#include <memory>

#include "faults/exchange.h"
#include "support/fault_plan.h"
#include "support/temporary_folder.h"

namespace signet::test {

/// A store and a journal, on which servers of one authority stand one after another. Each server
/// does one operation and is gone, by a mishap or not; what the next one knows is what was kept.
class Place {
 public:
  virtual ~Place() = default;

  struct Run {
    std::optional<Outcome> outcome;  ///< none: the server died before it answered
    bool was_reached = false;        ///< the step at which the mishap was due
    std::size_t steps = 0;           ///< of the server that answered
  };
  virtual Run run(const Operation& operation, Mishap mishap, std::size_t step) = 0;
  [[nodiscard]] virtual bool survives(Mishap mishap) const = 0;  ///< can show what follows it
  [[nodiscard]] virtual std::vector<store::CertificateRecord> certificates() const = 0;
  /// The journal, once it was found whole from the first record to the last.
  [[nodiscard]] virtual std::string journal() const = 0;

  [[nodiscard]] const Estate& estate() const { return estate_; }

 protected:
  /// A server of `choices` on these, its parts under the plan, does the operation.
  Outcome serve(store::Engine& engine, audit::Journal& journal, const Operation& operation,
                FaultPlan& plan) const;
  /// The first server makes the authority.
  void found(const TestAuthority::Choices& choices, store::Engine& engine, audit::Journal& journal);

 private:
  TestAuthority::Choices choices_;
  Estate estate_;
  std::shared_ptr<FakeSecretSource> secrets_ = known_secrets();
};

/// In memory; mishaps end no process.
std::unique_ptr<Place> make_memory_place(const TestAuthority::Choices& choices);
/// SQLite and a journal file; each server is a process of its own.
std::unique_ptr<Place> make_sqlite_place(const TestAuthority::Choices& choices);

}  // namespace signet::test
