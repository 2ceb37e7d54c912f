#include "store/memory_life.h"

#include <algorithm>
#include <tuple>

#include "store/engine_rules.h"

namespace signet::store {
namespace {

template <typename Key, typename Value>
std::optional<Value> value_at(const std::map<Key, Value>& values, const Key& key) {
  const auto found = values.find(key);
  if (found == values.end()) return std::nullopt;
  return found->second;
}

/// In a list of pending requests.
bool comes_before(const PendingRequest& one, const PendingRequest& other) {
  return std::tie(one.created_at, one.id) > std::tie(other.created_at, other.id);
}

template <typename Record, typename Order>
std::vector<Record> first_of(std::vector<Record> records, std::size_t most, Order order) {
  std::sort(records.begin(), records.end(), order);
  if (records.size() > most)
    records.erase(records.begin() + static_cast<long>(most), records.end());
  return records;
}

}  // namespace

std::optional<PendingRequest> MemoryLife::find_pending(ByteView id) const {
  return value_at(pending_, to_bytes(id));
}

std::vector<PendingRequest> MemoryLife::list_pending(std::optional<PendingState> state,
                                                     std::size_t most, ByteView after) const {
  std::vector<PendingRequest> found;
  const auto last_seen = find_pending(after);
  if (!after.empty() && !last_seen) return found;
  for (const auto& [id, request] : pending_) {
    if (state && request.state != *state) continue;
    if (last_seen && !comes_before(*last_seen, request)) continue;
    found.push_back(request);
    found.back().message.clear();
  }
  return first_of(std::move(found), most, comes_before);
}

std::size_t MemoryLife::count_waiting(ByteView requester_hash, Time now) const {
  const auto waits = [&](const auto& each) {
    const auto& request = each.second;
    return request.state == PendingState::open && request.expires_at >= now &&
           equal(request.requester_hash, requester_hash);
  };
  return static_cast<std::size_t>(std::count_if(pending_.begin(), pending_.end(), waits));
}

std::optional<AwaitedConfirmation> MemoryLife::find_awaited(const Integer& serial) const {
  return value_at(awaited_, serial);
}

std::vector<AwaitedConfirmation> MemoryLife::awaited_in(ByteView requester_hash,
                                                        ByteView transaction_id) const {
  std::vector<AwaitedConfirmation> found;
  if (transaction_id.empty()) return found;
  for (const auto& [serial, awaited] : awaited_) {
    if (equal(awaited.requester_hash, requester_hash) &&
        equal(awaited.transaction_id, transaction_id)) {
      found.push_back(awaited);
    }
  }
  return found;
}

std::vector<AwaitedConfirmation> MemoryLife::overdue(Time now, std::size_t most) const {
  std::vector<AwaitedConfirmation> found;
  for (const auto& [serial, awaited] : awaited_) {
    if (awaited.until < now) found.push_back(awaited);
  }
  return first_of(std::move(found), most,
                  [](const auto& one, const auto& other) { return one.until < other.until; });
}

std::optional<RevocationSecret> MemoryLife::find_revocation_secret(const Integer& serial) const {
  return value_at(secrets_, serial);
}

std::optional<Conflict> MemoryLife::conflict(const Commit& commit) const {
  if (commit.pending_decision) {
    const auto request = find_pending(commit.pending_decision->id);
    if (!request || request->state != PendingState::open) return Conflict::request_decided;
  }
  for (const auto& serial : commit.settled) {
    if (!awaited_.contains(serial)) return Conflict::confirmation_settled;
  }
  return std::nullopt;
}

template <typename Key, typename Value>
void MemoryLife::set(std::map<Key, Value>& values, const Key& key, std::optional<Value> value) {
  const auto change = [&values, key](const std::optional<Value>& to) {
    if (to) {
      values[key] = *to;
    } else if (const auto found = values.find(key); found != values.end()) {
      values.erase(found);
    }
  };
  undo_.back().push_back([change, before = value_at(values, key)] { change(before); });
  change(value);
}

void MemoryLife::add(const Commit& commit) {
  undo_.emplace_back();
  if (commit.pending) set(pending_, commit.pending->id, commit.pending);
  if (commit.pending_decision) {
    auto decided = find_pending(commit.pending_decision->id);
    decide(decided.value(), *commit.pending_decision);
    set(pending_, decided->id, decided);
  }
  for (const auto& each : commit.awaited) {
    set(awaited_, each.serial_number, std::optional<AwaitedConfirmation>(each));
  }
  for (const auto& serial : commit.settled) {
    set(awaited_, serial, std::optional<AwaitedConfirmation>());
  }
  for (const auto& each : commit.revocation_secrets) {
    set(secrets_, each.serial_number, std::optional<RevocationSecret>(each));
  }
}

void MemoryLife::take_back() {
  auto& last = undo_.back();
  for (auto undo = last.rbegin(); undo != last.rend(); ++undo) (*undo)();
  undo_.pop_back();
}

}  // namespace signet::store
