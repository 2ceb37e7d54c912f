#include "audit/chain.h"

#include <string>

namespace signet::audit {
namespace {

Error broken(std::string reason) {
  return {Fault::malformed, std::move(reason)};
}

Result<void> check_order(std::uint64_t sequence, std::uint64_t last) {
  if (sequence == last + 1) return {};
  const auto numbers =
      "record " + std::to_string(sequence) + " stands after record " + std::to_string(last);
  return broken(numbers + (sequence > last ? ": what was between them is missing"
                                           : ": repeated or out of order"));
}

/// The head after `line`, which must be the next record after `head`.
Result<ChainHead> follow(const ChainHead& head, std::string_view line) {
  const auto record = TRY(read_record(line));
  TRY(check_order(record.sequence, head.sequence));
  if (record.previous != head.hash) {
    return broken("it is not bound to the record before it: one of the two was replaced");
  }
  return ChainHead{record.sequence, record.hash};
}

}  // namespace

ChainReport verify_chain(std::istream& journal) {
  ChainReport report;
  const auto stop = [&report](std::string reason) {
    report.first_break = {.line = report.records + 1, .reason = std::move(reason)};
    return report;
  };
  std::string line;
  while (std::getline(journal, line)) {
    if (journal.eof()) return stop("it has no line end: cut short while it was written");
    const auto next = follow(report.head, line);
    if (!next) return stop(next.error().detail);
    report.head = *next;
    ++report.records;
  }
  if (journal.bad()) return stop("it cannot be read");
  return report;
}

}  // namespace signet::audit
