#pragma once

#include "store/certificate_store.h"
#include "support/fault_plan.h"

namespace signet::test {

/// A store in which each question and each batch is a step of a FaultPlan. The engine outlives it.
class FaultyEngine final : public store::Engine {
 public:
  FaultyEngine(store::Engine& engine, FaultPlan& plan) : engine_(engine), plan_(plan) {}

  /// Two steps: before, where failing leaves nothing behind, and after, where the batch stands and
  /// yet the answer says that it does not, as when a disk fails while it tells.
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    std::vector<store::CommitOutcome> outcomes;
    const auto written = step([&]() -> Result<void> {
      outcomes = engine_.apply(batch, journal);
      return {};
    });
    const auto told = written.ok() ? step([] { return Result<void>(); }) : written;
    if (told.ok()) return outcomes;
    return {batch.size(), store::CommitOutcome::failure(told.error())};
  }
  void tidy() override { engine_.tidy(); }
  Result<void> add_token(const store::SharedToken& token) override {
    return step([&] { return engine_.add_token(token); });
  }
  Result<void> revoke_token(ByteView id) override {
    return step([&] { return engine_.revoke_token(id); });
  }
  Result<void> forget_failures(ByteView token_id) override {
    return step([&] { return engine_.forget_failures(token_id); });
  }
  Result<void> put_revocation_secret(const store::RevocationSecret& secret) override {
    return step([&] { return engine_.put_revocation_secret(secret); });
  }
  Result<std::uint64_t> publish_profiles(const std::vector<store::ProfileFile>& files,
                                         std::uint64_t seen, Time at) override {
    return step([&] { return engine_.publish_profiles(files, seen, at); });
  }
  Result<void> take_from_outbox(std::span<const std::uint64_t> numbers) override {
    return step([&] { return engine_.take_from_outbox(numbers); });
  }

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override {
    return step([&] { return engine_.find_certificate(serial); });
  }
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView subject) const override {
    return step([&] { return engine_.find_by_subject(subject); });
  }
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(
      ByteView subject, std::size_t most) const override {
    return step([&] { return engine_.find_some_by_subject(subject, most); });
  }
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView key_hash) const override {
    return step([&] { return engine_.find_by_key(key_hash); });
  }
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const Query& query) const override {
    return step([&] { return engine_.find_certificates(query); });
  }
  Result<store::Seen> seen_before(const store::AnsweredRequest& asked) const override {
    return step([&] { return engine_.seen_before(asked); });
  }
  Result<std::optional<store::SharedToken>> find_token(
      std::string_view identification) const override {
    return step([&] { return engine_.find_token(identification); });
  }
  Result<std::vector<store::SharedToken>> list_tokens() const override {
    return step([&] { return engine_.list_tokens(); });
  }
  Result<store::TokenHistory> token_history(ByteView token_id) const override {
    return step([&] { return engine_.token_history(token_id); });
  }
  Result<std::vector<store::FailedToken>> failed_tokens(std::size_t least) const override {
    return step([&] { return engine_.failed_tokens(least); });
  }
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id) const override {
    return step([&] { return engine_.find_challenge(id); });
  }
  Result<std::vector<store::PendingChallenge>> open_challenges(ByteView requester_hash,
                                                               ByteView transaction_id,
                                                               std::size_t most) const override {
    return step([&] { return engine_.open_challenges(requester_hash, transaction_id, most); });
  }
  Result<void> for_each_changed(
      std::uint32_t shard, std::uint64_t since,
      const std::function<void(const store::StatusEntry&)>& take) const override {
    return step([&] { return engine_.for_each_changed(shard, since, take); });
  }
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override {
    return step([&] { return engine_.find_crl(query); });
  }
  Result<std::uint32_t> crl_shards() const override {
    return step([&] { return engine_.crl_shards(); });
  }
  Result<std::optional<store::PendingRequest>> find_pending(ByteView id) const override {
    return step([&] { return engine_.find_pending(id); });
  }
  Result<std::vector<store::PendingRequest>> list_pending(std::optional<store::PendingState> state,
                                                          std::size_t most,
                                                          ByteView after) const override {
    return step([&] { return engine_.list_pending(state, most, after); });
  }
  Result<std::size_t> count_waiting(ByteView requester_hash, Time now,
                                    std::size_t most) const override {
    return step([&] { return engine_.count_waiting(requester_hash, now, most); });
  }
  Result<std::optional<store::AwaitedConfirmation>> find_awaited(
      const store::Integer& serial) const override {
    return step([&] { return engine_.find_awaited(serial); });
  }
  Result<std::vector<store::AwaitedConfirmation>> awaited_in(
      ByteView requester_hash, ByteView transaction_id) const override {
    return step([&] { return engine_.awaited_in(requester_hash, transaction_id); });
  }
  Result<std::vector<store::AwaitedConfirmation>> overdue(Time now,
                                                          std::size_t most) const override {
    return step([&] { return engine_.overdue(now, most); });
  }
  Result<std::optional<store::RevocationSecret>> find_revocation_secret(
      const store::Integer& serial) const override {
    return step([&] { return engine_.find_revocation_secret(serial); });
  }
  Result<std::optional<store::ProfileEdition>> find_profiles(std::uint64_t after) const override {
    return step([&] { return engine_.find_profiles(after); });
  }
  Result<std::optional<store::PublicationChoice>> find_publication_choice(
      const store::Integer& serial) const override {
    return step([&] { return engine_.find_publication_choice(serial); });
  }
  Result<std::vector<store::OutboxEntry>> in_outbox(store::OutboxLine line,
                                                    std::size_t most) const override {
    return step([&] { return engine_.in_outbox(line, most); });
  }

 private:
  template <typename Call>
  auto step(Call call) const -> decltype(call()) {
    return plan_.step(Fault::storage_failed, std::move(call));
  }

  store::Engine& engine_;
  FaultPlan& plan_;
};

}  // namespace signet::test
