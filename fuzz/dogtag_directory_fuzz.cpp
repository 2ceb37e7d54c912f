#include <cstddef>
#include <cstdint>
#include <sstream>

#include "adapters/takeover/survey.h"
#include "base/check.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace {

using namespace signet;

/// The authority of the seeds.
const takeover::IssuingAuthority& authority() {
  static const auto made =
      test::unwrap(takeover::IssuingAuthority::of(test::unwrap(pkix::read_certificate(
          test::file(test::source_folder() + "/fuzz/dogtag_directory_ca.der")))));
  return made;
}

std::vector<ldif::Entry> entries_of(ByteView octets) {
  std::istringstream in(std::string{as_text(octets)});
  ldif::Reader reader(in);
  std::vector<ldif::Entry> entries;
  for (auto read = reader.next(); read.ok() && read->has_value(); read = reader.next()) {
    entries.push_back(**read);
  }
  return entries;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const takeover::ToUtc to_utc = [](Time written) { return written; };
  takeover::Survey looking(authority(), to_utc);
  const auto entries = entries_of({data, size});
  for (const auto& entry : entries) {
    if (!looking.see(entry).ok()) return 0;
  }
  auto surveyed = std::move(looking).finish();
  if (!surveyed.ok()) return 0;
  for (const auto& entry : entries) {
    const auto taken =
        takeover::read_certificate_record(entry, {authority(), surveyed->requests, to_utc});
    if (!taken.ok()) {
      CHECK(!taken.error().detail.empty());
      continue;
    }
    using enum store::CertificateStatus;
    const auto& record = taken->record;
    CHECK(record.revoked_at.has_value() == (record.status != valid));
    CHECK((record.revocation_reason == pkix::CRLReason::certificateHold) ==
          (record.status == on_hold));
    CHECK(record.requester.size() < 600 && record.profile_id.size() <= 256);
  }
  return 0;
}
