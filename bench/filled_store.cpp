#include "filled_store.h"

#include "base/check.h"
#include "crypto/digest.h"

namespace signet::bench {
namespace {

constexpr std::size_t kCertificateOctets = 800;
constexpr std::uint64_t kInOneBatch = 10'000;
constexpr Time kIssued{std::chrono::seconds{1'795'435'200}};

Bytes hash_of(std::string_view what, std::uint64_t number) {
  return crypto::sha256(as_bytes(std::string(what) + std::to_string(number)));
}

/// One batch.
void commit_all(store::Engine& engine, const std::vector<store::Commit>& commits) {
  audit::MemoryJournal journal;
  std::vector<const store::Commit*> batch;
  batch.reserve(commits.size());
  for (const auto& commit : commits) batch.push_back(&commit);
  for (const auto& outcome : engine.apply(batch, journal)) CHECK(outcome.durable());
}

}  // namespace

store::CertificateRecord made_up_certificate(std::uint64_t number,
                                             store::CertificateStatus status) {
  const auto hash = hash_of("", number);
  store::CertificateRecord record;
  // As issuance/serial_number.h draws them, a thousand in a second.
  auto octets = Bytes(hash.begin(), hash.begin() + 16);
  const auto time = static_cast<std::uint64_t>(kIssued.time_since_epoch().count()) * 1000 + number;
  for (std::size_t at = 0; at < 6; ++at)
    octets[at] = static_cast<std::uint8_t>(time >> (40 - 8 * at));
  record.serial_number = store::Integer::from_unsigned(octets);
  record.certificate_der = Bytes(kCertificateOctets, 0x55);
  record.subject_der = hash;
  record.key_hash = hash;
  record.not_before = kIssued;
  record.not_after = kIssued + std::chrono::days{3650};
  record.issued_at = kIssued + std::chrono::seconds{number / 1000};
  record.profile_id = "caFullCMCUserSignedCert";
  record.requester = "CN=user " + std::to_string(number) + ",O=Example";
  record.status = status;
  if (status == store::CertificateStatus::valid) return record;
  record.revoked_at = kIssued;
  record.revocation_reason = pkix::CRLReason::keyCompromise;
  return record;
}

store::Commit made_up_enrollment(std::uint64_t number, store::CertificateStatus status) {
  store::Commit commit;
  commit.certificates.push_back(made_up_certificate(number, status));
  commit.keys.push_back({commit.certificates.front().key_hash, 0});
  store::AnsweredRequest answered;
  answered.request_digest = hash_of("request", number);
  answered.requester_hash = hash_of("requester", number);
  answered.sender_nonce = hash_of("nonce", number);
  answered.serial_numbers.push_back(commit.certificates.front().serial_number);
  answered.received_at = kIssued;
  commit.answered = std::move(answered);
  return commit;
}

void fill(store::Engine& engine, std::uint64_t first, std::uint64_t count,
          store::CertificateStatus status, const std::function<void(std::uint64_t)>& progress) {
  for (std::uint64_t done = 0; done < count;) {
    std::vector<store::Commit> commits;
    for (; commits.size() < kInOneBatch && done < count; ++done) {
      commits.push_back(made_up_enrollment(first + done, status));
    }
    commit_all(engine, commits);
    progress(first + done - 1);
  }
}

void add_challenges(store::Engine& engine, std::uint64_t count, Time now) {
  for (std::uint64_t done = 0; done < count;) {
    std::vector<store::Commit> commits;
    for (; commits.size() < kInOneBatch && done < count; ++done) {
      commits.emplace_back().challenge =
          store::PendingChallenge{.id = hash_of("challenge", done),
                                  .requester_hash = Bytes(32, 1),
                                  .req_sequence = Bytes(500, 2),
                                  .sealed_seed = Bytes(61, 3),
                                  .profile_id = "caFullCMCUserSignedEncryptionCert",
                                  .transaction_id = Bytes(16, 4),
                                  .created_at = now,
                                  .expires_at = now + std::chrono::hours{1}};
    }
    commit_all(engine, commits);
  }
}

}  // namespace signet::bench
