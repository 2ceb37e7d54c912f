#pragma once

#include <functional>

#include "adapters/postgres/conditions.h"

namespace signet::postgres {

/// The questions by which the conditions of a batch are read: those that it needs, each for all of
/// its commits at once. The rows must be locked in this order by all nodes, or they wait for each
/// other in a circle.
class ConditionReading {
 public:
  explicit ConditionReading(Batch batch);

  /// Faults: storage_failed.
  Result<Conditions> run(Connection& connection);

 private:
  using Take = std::function<Result<void>(const Row&)>;
  using Asked = std::vector<ByteView>;

  /// What the commits of the batch have of one kind.
  template <typename Collect>
  Asked all(Collect collect) const;
  void ask(const Statement& statement, const Asked& asked, Take take);
  void ask_for_subjects();
  void ask_for_requests();
  void ask_for_serials();
  void ask_for_keys();
  void ask_for_tokens();
  void ask_for_challenges();
  void ask_for_statuses();
  void ask_for_life();

  Batch batch_;
  Conditions found_;
  Pipeline pipeline_;
  std::vector<Take> takes_;
};

}  // namespace signet::postgres
