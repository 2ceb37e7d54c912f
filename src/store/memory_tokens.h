#pragma once

#include <map>

#include "store/certificate_store.h"

namespace signet::store {

/// Shared secrets and what became of them, in memory. Changes of histories are remembered until
/// they are kept, so that those of a batch that fails can be taken back, the last one first.
class MemoryTokens {
 public:
  /// Whether its id, or its identification among those that are not revoked, is another one's.
  [[nodiscard]] bool taken(const SharedToken& token) const;
  /// It is not taken.
  void add(const SharedToken& token);
  /// Whether there is one with this id.
  bool revoke(ByteView id);

  [[nodiscard]] std::optional<SharedToken> find(std::string_view identification) const;
  [[nodiscard]] std::vector<SharedToken> list() const;  ///< newest first
  [[nodiscard]] TokenHistory history(ByteView token_id) const;
  [[nodiscard]] std::vector<FailedToken> failed(std::size_t least_failures) const;
  /// Whether there were any.
  bool forget_failures(ByteView token_id);

  /// Whether the condition of this use holds.
  [[nodiscard]] bool may_be_used(const TokenUse& use) const;
  void add(const Commit& commit);
  /// It was the last one added since keep().
  void take_back(const Commit& commit);
  void keep() { before_.clear(); }

 private:
  using Row = std::size_t;

  void remember(const Bytes& token_id);
  void restore_last();

  std::vector<SharedToken> tokens_;
  std::map<Bytes, Row> by_id_;
  std::map<std::string, Row, std::less<>> standing_;  ///< by identification, none revoked
  std::map<Bytes, TokenHistory> histories_;
  std::vector<std::pair<Bytes, TokenHistory>> before_;
};

}  // namespace signet::store
