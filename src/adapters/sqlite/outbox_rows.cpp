#include "adapters/sqlite/outbox_rows.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"

namespace signet::sqlite {

Result<void> OutboxWriter::prepare(Connection& connection) {
  add_ = TRY(connection.prepare(queries::kAddPublication));
  take_of_ = TRY(connection.prepare(queries::kTakePublicationOf));
  put_back_ = TRY(connection.prepare(queries::kPutPublicationBack));
  choose_ = TRY(connection.prepare(queries::kPutPublicationChoice));
  take_ = TRY(connection.prepare(queries::kSettlePublication));
  return {};
}

Result<void> OutboxWriter::add(const store::Commit& commit) {
  for (const auto& entry : commit.outbox) {
    const bool is_unhurried = entry.line == store::OutboxLine::unhurried;
    TRY(Run(take_of_).with(entry.serial_number.octets).with(std::int64_t{is_unhurried}).finish());
    TRY(Run(add_).with(entry.serial_number.octets).with(to_number(entry.at)).finish());
    if (is_unhurried) TRY(Run(put_back_).finish());
  }
  for (const auto& choice : commit.publication_choices) {
    TRY(Run(choose_)
            .with(choice.serial_number.octets)
            .with(std::int64_t{choice.is_withheld})
            .finish());
  }
  return {};
}

Result<void> OutboxWriter::take(Connection& connection, std::span<const std::uint64_t> numbers) {
  auto transaction = TRY(Transaction::begin(connection));
  for (const auto number : numbers) {
    TRY(Run(take_).with(static_cast<std::int64_t>(number)).finish());
  }
  return transaction.commit();
}

Result<void> OutboxReader::prepare(Connection& connection) {
  pressing_ = TRY(connection.prepare(queries::kPressingPublications));
  unhurried_ = TRY(connection.prepare(queries::kUnhurriedPublications));
  choice_ = TRY(connection.prepare(queries::kFindPublicationChoice));
  return {};
}

Result<std::vector<store::OutboxEntry>> OutboxReader::first(store::OutboxLine line,
                                                            std::size_t most) {
  Run run(line == store::OutboxLine::pressing ? pressing_ : unhurried_);
  return read_all(run.with(clamp(most)),
                  [line](const Run& row) { return store::read_outbox_entry(row, line); });
}

Result<std::optional<store::PublicationChoice>> OutboxReader::find_choice(
    const store::Integer& serial) {
  Run run(choice_);
  return read_one(run.with(serial.octets), [&](const Run& row) -> Result<store::PublicationChoice> {
    return store::PublicationChoice{serial, row.number(0) != 0};
  });
}

}  // namespace signet::sqlite
