#pragma once

#include "adapters/postgres/conditions.h"

namespace signet::postgres {

/// The rows that commits add and change, sent in one round trip. Each write that a condition stands
/// on must touch its rows: one that does not tells that another node was first.
///
/// The rows of a table go in one statement, those that are added before those that are changed;
/// then comes what is left, in the order of the commits. So no batch may take a row away and add it
/// again, but for the outbox, where what was there is taken first.
///
/// An intent and a certificate of one serial number, which stand in two tables, exclude each other
/// by the certificate's key: who adds an intent holds it for as long as the transaction lasts, and
/// who adds a certificate, and may have waited for that, then looks for intents once more.
class Writes {
 public:
  enum class Outcome { made, overtaken };

  Writes();
  /// The commit's rows; its conditions hold, and it is not yet added to them.
  void add(const store::Commit& commit, Conditions& conditions);
  /// Faults: storage_failed.
  Result<Outcome> run(Connection& connection) &&;
  [[nodiscard]] bool empty() const;

 private:
  /// every_addition: twice the same key is one too many; else the later row stands for both.
  enum class Demand { none, every_row, every_addition };
  /// The rows that one statement adds or changes, by their first values, which are their keys: all
  /// nodes come to them in the same order.
  struct Block {
    const Statement* statement;
    Demand demand;
    std::map<Bytes, Parameters> rows = {};
    std::int64_t added = 0;
  };
  struct Step {
    const Statement* statement;
    Parameters parameters;
    std::optional<std::int64_t> must_touch = {};
  };

  void add_row(const Statement& statement, Parameters row);
  /// `place`: where among those of its table. All nodes lock rows in the order of these places, so
  /// that none waits for another that waits for it: what has several unique keys goes by the one
  /// that requesters choose.
  void add_row(const Statement& statement, Bytes place, Parameters row);
  /// A write on which no condition stands.
  void may(const Statement& statement, Parameters parameters);
  /// A write that must touch one row.
  void must(const Statement& statement, Parameters parameters);
  void add(const store::AnsweredRequest& request);
  void add(const store::IssuanceIntent& intent);
  void add(const store::CertificateRecord& certificate, Conditions& conditions);
  void look_for_intents_of(const store::Commit& commit, const Conditions& conditions);
  void add_histories(const store::Commit& commit, const Conditions& conditions);
  void add(const store::PendingChallenge& challenge);
  void add(const store::ChallengeChange& change, const Conditions& conditions);
  void add(const store::StatusChange& change, std::uint32_t shard);
  void add(const store::CrlRecord& crl, const Conditions& conditions);
  void add(const store::OutboxEntry& entry, Conditions& conditions);
  void add_life(const store::Commit& commit);
  static Step step_of(Block block);
  std::vector<Step> steps() &&;
  void hold_intended(std::vector<Step>& steps) const;
  [[nodiscard]] Step look_for_intents() const;
  static Step take_reminders(store::OutboxLine line, const std::vector<Bytes>& serials);
  [[nodiscard]] Step sweep() const;

  std::vector<Block> blocks_;
  std::vector<Step> changes_;
  std::vector<Bytes> intended_;    ///< serial numbers
  std::vector<Bytes> certified_;   ///< likewise
  std::int64_t announced_ = 0;     ///< of the certified ones
  std::vector<Bytes> pressing_;    ///< certificates of whom a directory is to be told
  std::vector<Bytes> unhurried_;   ///< likewise
  std::vector<Bytes> challenges_;  ///< that are added
  Time forgotten_;                 ///< challenges that expired before this
};

}  // namespace signet::postgres
