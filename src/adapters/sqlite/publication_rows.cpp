#include "adapters/sqlite/publication_rows.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"

namespace signet::sqlite {

Result<void> PublicationWriter::prepare(Connection& connection) {
  add_ = TRY(connection.prepare(queries::kAddPublication));
  choose_ = TRY(connection.prepare(queries::kPutPublicationChoice));
  settle_ = TRY(connection.prepare(queries::kSettlePublication));
  return {};
}

Result<void> PublicationWriter::add(const store::Commit& commit) {
  for (const auto& publication : commit.publications) {
    TRY(Run(add_)
            .with(publication.serial_number.octets)
            .with(static_cast<std::int64_t>(publication.wish))
            .with(to_number(publication.at))
            .finish());
  }
  for (const auto& choice : commit.publication_choices) {
    TRY(Run(choose_)
            .with(choice.serial_number.octets)
            .with(std::int64_t{choice.is_withheld})
            .finish());
  }
  return {};
}

Result<void> PublicationWriter::settle(Connection& connection,
                                       std::span<const std::uint64_t> numbers) {
  auto transaction = TRY(Transaction::begin(connection));
  for (const auto number : numbers) {
    TRY(Run(settle_).with(static_cast<std::int64_t>(number)).finish());
  }
  return transaction.commit();
}

Result<void> PublicationReader::prepare(Connection& connection) {
  due_ = TRY(connection.prepare(queries::kDuePublications));
  choice_ = TRY(connection.prepare(queries::kFindPublicationChoice));
  return {};
}

Result<std::vector<store::Publication>> PublicationReader::due(std::size_t most) {
  Run run(due_);
  return read_all(run.with(clamp(most)), store::read_publication<Run>);
}

Result<bool> PublicationReader::is_withheld(const store::Integer& serial) {
  Run run(choice_);
  const auto choice = TRY(read_one(
      run.with(serial.octets), [](const Run& row) -> Result<bool> { return row.number(0) != 0; }));
  return choice.value_or(false);
}

}  // namespace signet::sqlite
