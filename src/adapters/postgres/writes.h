#pragma once

#include "adapters/postgres/conditions.h"

namespace signet::postgres {

/// The rows that commits add and change, sent in one round trip. Each write that a condition stands
/// on must touch its row: one that does not tells that another node was first.
class Writes {
 public:
  enum class Outcome { made, overtaken };

  /// The commit's rows; its conditions hold, and it is not yet added to them.
  void add(const store::Commit& commit, Conditions& conditions);
  /// A write on which no condition stands.
  void may(const Statement& statement, Parameters parameters);
  /// A write that must touch one row.
  void must(const Statement& statement, Parameters parameters);
  /// Faults: storage_failed.
  Result<Outcome> run(Connection& connection);
  [[nodiscard]] bool empty() const { return pipeline_.empty(); }

 private:
  void add(const store::CertificateRecord& certificate, Conditions& conditions);
  void add(const store::TokenUse& use, const Conditions& conditions);
  void add(const store::PendingChallenge& challenge);
  void add(const store::ChallengeChange& change, const Conditions& conditions);
  void add(const store::StatusChange& change, std::uint32_t shard);
  void add(const store::CrlRecord& crl, const Conditions& conditions);
  void add_life(const store::Commit& commit, Conditions& conditions);

  Pipeline pipeline_;
  std::vector<bool> must_touch_;
};

}  // namespace signet::postgres
