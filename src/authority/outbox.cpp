#include "authority/outbox.h"

#include <algorithm>

namespace signet::authority {
namespace {

using store::OutboxLine;

bool is_awaited(const store::Commit& commit, const store::Integer& serial) {
  return std::any_of(commit.awaited.begin(), commit.awaited.end(),
                     [&](const auto& each) { return each.serial_number == serial; });
}

}  // namespace

void add_to_outbox(const PublishedProfiles& published, Time now, store::Commit& commit) {
  if (published.none()) return;
  std::set<store::Integer> named;
  const auto add = [&](const store::Integer& serial, OutboxLine line = OutboxLine::pressing) {
    if (!named.insert(serial).second) return;
    commit.outbox.push_back({.serial_number = serial, .line = line, .at = now});
  };
  for (const auto& certificate : commit.certificates) {
    const auto& serial = certificate.serial_number;
    if (published.includes_unasked(certificate.profile_id) && !is_awaited(commit, serial)) {
      add(serial);
    }
  }
  for (const auto& serial : commit.settled) add(serial);
  for (const auto& change : commit.status_changes) add(change.serial_number);
  for (const auto& choice : commit.publication_choices) {
    add(choice.serial_number, OutboxLine::unhurried);
  }
}

}  // namespace signet::authority
