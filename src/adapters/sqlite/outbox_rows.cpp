#include "adapters/sqlite/outbox_rows.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"

namespace signet::sqlite {

Result<void> OutboxWriter::prepare(Connection& connection) {
  add_ = TRY(connection.prepare(queries::kAddPublication));
  put_back_ = TRY(connection.prepare(queries::kPutPublicationBack));
  choose_ = TRY(connection.prepare(queries::kPutPublicationChoice));
  take_ = TRY(connection.prepare(queries::kSettlePublication));
  return {};
}

Result<void> OutboxWriter::add(const store::Commit& commit) {
  for (const auto& entry : commit.outbox) {
    TRY(Run(add_).with(entry.serial_number.octets).with(to_number(entry.at)).finish());
    if (entry.line == store::OutboxLine::unhurried) TRY(Run(put_back_).finish());
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

Result<bool> OutboxReader::is_withheld(const store::Integer& serial) {
  Run run(choice_);
  const auto choice = TRY(read_one(
      run.with(serial.octets), [](const Run& row) -> Result<bool> { return row.number(0) != 0; }));
  return choice.value_or(false);
}

}  // namespace signet::sqlite
