#include "apps/folder/authority_record.h"

#include "apps/folder/operator_journal.h"
#include "crypto/key_hash.h"

namespace signet::tool {
namespace {

store::CertificateRecord record_of(const pkix::Certificate& certificate,
                                   const MadeCertificates& made, Time now) {
  auto record =
      store::record_of(certificate, crypto::key_hash(certificate->subject_public_key_info), now);
  record.profile_id = made.made_by;
  record.requester = made.made_by;
  record.crl_shard = made.crl_shard;
  return record;
}

audit::Event event_of(const pkix::Certificate& certificate, const MadeCertificates& made,
                      const Clock& clock) {
  return operator_event("CERT_REQUEST_PROCESSED",
                        {{"SubjectID", made.made_by},
                         {"CertSubject", pkix::to_text(certificate->subject)},
                         {"CertSerialNum", "0x" + certificate->serial_number.to_hex()}},
                        clock);
}

}  // namespace

Result<void> put_on_record(const AuthorityFolder& folder, const MadeCertificates& made,
                           const Clock& clock) {
  const auto engine = TRY(open_store(folder));
  const auto journal = TRY(open_operator_journal(folder.directory));
  store::Commit commit;
  for (const auto& certificate : made.certificates) {
    commit.certificates.push_back(record_of(certificate, made, clock.now()));
    commit.events.push_back(event_of(certificate, made, clock));
  }
  const store::Commit* batch[] = {&commit};
  const auto outcome = engine->apply(batch, *journal).front();
  if (outcome.durable()) return {};
  return outcome.failed.value_or(
      Error{Fault::storage_failed, "a serial number drawn just now is taken: do it again"});
}

}  // namespace signet::tool
