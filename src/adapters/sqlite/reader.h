#pragma once

#include <mutex>
#include <vector>

#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/life_rows.h"
#include "adapters/sqlite/outbox_rows.h"
#include "adapters/sqlite/profile_rows.h"
#include "store/certificate_store.h"

namespace signet::sqlite {

/// One reading connection with its questions prepared. One thread at a time.
/// Faults: storage_failed.
class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::string& path);

  Result<std::optional<store::CertificateRecord>> find_certificate(const store::Integer& serial);
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView subject_der);
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(ByteView subject_der,
                                                                     std::size_t most);
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView key_hash);
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const store::CertificateStore::Query& query);
  Result<store::Seen> seen_before(const store::AnsweredRequest& asked);
  Result<std::optional<store::SharedToken>> find_token(std::string_view identification);
  Result<std::vector<store::SharedToken>> list_tokens();
  Result<store::TokenHistory> token_history(ByteView token_id);
  Result<std::vector<store::FailedToken>> failed_tokens(std::size_t least_failures);
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id);
  Result<std::vector<store::PendingChallenge>> open_challenges(ByteView requester_hash,
                                                               ByteView transaction_id,
                                                               std::size_t most);
  Result<void> for_each_changed(std::uint32_t shard, std::uint64_t since,
                                const std::function<void(const store::StatusEntry&)>& take);
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query);
  Result<std::uint32_t> crl_shards();
  /// The last of this journal that was kept with a batch.
  Result<std::optional<audit::JournalMark>> find_journal_mark(std::string_view journal);
  LifeReader& life() { return life_; }
  ProfileReader& profiles() { return profiles_; }
  OutboxReader& outbox() { return outbox_; }

 private:
  explicit Reader(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
  Statement by_serial_;
  Statement by_subject_;
  Statement some_by_subject_;
  Statement by_key_;
  Statement by_time_;
  Statement by_status_;
  Statement without_nonce_;
  Statement with_nonce_;
  Statement token_;
  Statement tokens_;
  Statement token_history_;
  Statement failed_tokens_;
  Statement challenge_;
  Statement open_challenges_;
  Statement changed_;
  Statement crl_;
  Statement highest_shard_;
  Statement journal_mark_;
  LifeReader life_;
  ProfileReader profiles_;
  OutboxReader outbox_;
};

/// Readers at rest. As many are opened as threads ever read at the same time.
class ReaderPool {
 public:
  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  /// What `question` answers, asked of a reader that nobody else has meanwhile.
  template <typename Question>
  auto ask(Question question) -> decltype(question(std::declval<Reader&>())) {
    auto reader = TRY(take());
    auto answer = question(*reader);
    give_back(std::move(reader));
    return answer;
  }

 private:
  Result<std::unique_ptr<Reader>> take();
  void give_back(std::unique_ptr<Reader> reader);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> at_rest_;
};

}  // namespace signet::sqlite
