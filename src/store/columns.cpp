#include "store/columns.h"

#include "codec/asn1/writer.h"
#include "crypto/digest.h"

namespace signet::store {
namespace {

Result<std::vector<Integer>> parse_serial_numbers(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{der, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  std::vector<Integer> serial_numbers;
  while (!sequence.at_end()) serial_numbers.push_back(TRY(sequence.read_integer()));
  return serial_numbers;
}

}  // namespace

Error damaged(std::string_view what) {
  return {Fault::storage_failed, "the store holds " + std::string(what) +
                                     " that no Signet wrote: keep it as it is, and restore it "
                                     "from a backup"};
}

Result<CertificateStatus> to_status(std::int64_t number) {
  return to_enumerator(number, CertificateStatus::revoked, "a certificate status");
}

Result<ChallengeState> to_challenge_state(std::int64_t number) {
  return to_enumerator(number, ChallengeState::withdrawn, "a challenge's state");
}

Result<pkix::CRLReason> to_reason(std::int64_t number) {
  const auto reason = pkix::to_crl_reason(number);
  return reason.ok() ? reason : damaged("a reason of revocation");
}

Bytes write_serial_numbers(const std::vector<Integer>& serial_numbers) {
  asn1::Writer writer;
  writer.sequence([&] {
    for (const auto& serial_number : serial_numbers) writer.integer(serial_number);
  });
  return std::move(writer).take();
}

Result<std::vector<Integer>> read_serial_numbers(ByteView der) {
  auto serial_numbers = parse_serial_numbers(der);
  if (!serial_numbers) return damaged("serial numbers");
  return serial_numbers;
}

Bytes subject_mark(ByteView subject_der) {
  auto mark = crypto::sha256(subject_der);
  mark.resize(kMarkOctets);
  return mark;
}

}  // namespace signet::store
