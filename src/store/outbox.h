#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "codec/pkix/certificate.h"

namespace signet::store {

/// Two lines, so that a directory which is filled anew keeps nobody waiting whose certificate was
/// issued or revoked just now.
enum class OutboxLine { pressing, unhurried };

/// That a directory has yet to be told of a certificate. A reminder, not an order: what stands in
/// the store when it is told decides, so that the order of two for one certificate does not matter,
/// and one of each line is enough.
struct OutboxEntry {
  pkix::Integer serial_number;
  OutboxLine line = OutboxLine::pressing;
  Time at;
  /// By which the store knows it; never another's. Given by the store: 0 before.
  std::uint64_t number = 0;
  bool operator==(const OutboxEntry&) const = default;
};

/// What its holder or an agent wants (RFC 10002 §6.18): a certificate that is withheld is published
/// no more, whatever becomes of it, until another choice.
struct PublicationChoice {
  pkix::Integer serial_number;
  bool is_withheld = false;
  bool operator==(const PublicationChoice&) const = default;
};

/// What is still to be told to a directory. As CertificateStore.
class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  /// Of one line, in the order in which they were added; of several nodes' as good as their clock
  /// tells it. Each stays until it is taken out, or another of the same certificate and line is
  /// added, which takes its place under a number of its own, at the end: who tells of the one
  /// meanwhile cannot settle the other. (Two nodes that add at the same moment may leave two.)
  virtual Result<std::vector<OutboxEntry>> in_outbox(OutboxLine line, std::size_t most) const = 0;
  /// The last one of this certificate; none: nobody chose.
  virtual Result<std::optional<PublicationChoice>> find_publication_choice(
      const pkix::Integer& serial_number) const = 0;
  /// By that choice; false where there is none.
  Result<bool> is_withheld(const pkix::Integer& serial_number) const {
    const auto choice = TRY(find_publication_choice(serial_number));
    return choice && choice->is_withheld;
  }
};

}  // namespace signet::store
