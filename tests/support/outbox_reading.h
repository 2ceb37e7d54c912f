#pragma once

#include <utility>
#include <vector>

#include "store/certificate_store.h"
#include "support/unwrap.h"

namespace signet::test {

/// What a directory is to be told of a certificate, by what stands in the store.
enum class Telling { publish, withdraw };
using Due = std::pair<store::Integer, Telling>;

inline Telling telling_of(const store::Engine& engine, const store::Integer& serial) {
  const auto record = unwrap(engine.find_certificate(serial));
  const bool is_in_force = record && record->status == store::CertificateStatus::valid;
  const bool belongs_there =
      is_in_force && !unwrap(engine.is_withheld(serial)) && !unwrap(engine.find_awaited(serial));
  return belongs_there ? Telling::publish : Telling::withdraw;
}

/// What presses, and what does not behind it; and then it is not there any more.
inline std::vector<Due> empty_outbox(store::Engine& engine) {
  std::vector<Due> found;
  std::vector<std::uint64_t> numbers;
  for (const auto line : {store::OutboxLine::pressing, store::OutboxLine::unhurried}) {
    for (const auto& each : unwrap(engine.in_outbox(line, 200))) {
      found.emplace_back(each.serial_number, telling_of(engine, each.serial_number));
      numbers.push_back(each.number);
    }
  }
  EXPECT_TRUE(engine.take_from_outbox(numbers).ok());
  return found;
}

}  // namespace signet::test
