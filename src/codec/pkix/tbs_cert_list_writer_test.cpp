#include "codec/pkix/tbs_cert_list_writer.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"

namespace signet::pkix {
namespace {

/// With so many entries, every other one with a reason.
TBSCertList list_of(std::size_t entries) {
  TBSCertList list;
  list.signature = {oid::kEcdsaWithSha256, {}};
  list.issuer = name_from_text("CN=Test CA").value();
  list.this_update = Time(std::chrono::sys_days{std::chrono::year{2026} / 11 / 24});
  list.next_update = list.this_update + std::chrono::hours{24};
  for (std::size_t at = 0; at < entries; ++at) {
    list.revoked_certificates.push_back({Integer::from(at + 1), list.this_update, {}});
    if (at % 2 == 0) continue;
    list.revoked_certificates.back().crl_entry_extensions = {
        {oid::kReasonCode, false, write_reason_code(CRLReason::keyCompromise)}};
  }
  list.crl_extensions = {{oid::kCrlNumber, false, write_crl_number(Integer::from(7))}};
  return list;
}

Bytes streamed(const TBSCertList& list) {
  auto head = list;
  head.revoked_certificates.clear();
  TbsCertListWriter writer(head);
  for (const auto& entry : list.revoked_certificates) {
    const auto& extensions = entry.crl_entry_extensions;
    writer.add(entry.user_certificate, entry.revocation_date,
               extensions.empty() ? Bytes{} : write_entry_extensions(extensions));
  }
  EXPECT_EQ(writer.entries(), list.revoked_certificates.size());
  return writer.finish(list.crl_extensions);
}

TEST(TbsCertListWriter, WritesTheOctetsOfTheWholeValue) {
  for (const std::size_t entries :
       {0U, 1U, 2U, 9U, 300U, 3000U}) {  // lengths of one to three octets
    EXPECT_EQ(streamed(list_of(entries)), write_tbs_cert_list(list_of(entries))) << entries;
  }
}

TEST(TbsCertListWriter, LeavesOutWhatIsAbsent) {
  auto list = list_of(1);
  list.version = 1;
  list.next_update.reset();
  list.crl_extensions.clear();
  EXPECT_EQ(streamed(list), write_tbs_cert_list(list));
}

}  // namespace
}  // namespace signet::pkix
