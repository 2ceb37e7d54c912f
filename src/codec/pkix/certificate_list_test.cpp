#include <gtest/gtest.h>

#include "codec/pkix/certificate.h"
#include "codec/pkix/oids.h"
#include "support/shared_data.h"

namespace signet::pkix {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 3> kVectors = {"v2-empty", "v2-reasons", "v1"};

Bytes vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/certificate_list_corpus/" + name + ".der");
}

CertificateList list(const std::string& name) {
  return read_certificate_list(vector(name)).value();
}

Result<CertificateList> read_made(const TBSCertList& tbs) {
  return read_certificate_list(
      write_certificate_list(write_tbs_cert_list(tbs), tbs.signature, {{1, 2}, 0}));
}

TEST(ReadCertificateList, ReadsEntriesWithTheirReasons) {
  const auto crl = list("v2-reasons").tbs.value;
  EXPECT_EQ(crl.version, 2);
  ASSERT_EQ(crl.revoked_certificates.size(), 4U);
  EXPECT_EQ(crl.revoked_certificates[0].user_certificate, Integer::from(10));
  EXPECT_EQ(crl.revoked_certificates[0].revocation_date,
            Time(std::chrono::sys_days{2026y / 1 / 1}));
  EXPECT_EQ(find_extension(crl.revoked_certificates[0].crl_entry_extensions, oid::kReasonCode)
                ->extn_value,
            (Bytes{0x0A, 1, 1}));
  EXPECT_TRUE(crl.revoked_certificates[3].crl_entry_extensions.empty());
  EXPECT_NE(find_extension(crl.crl_extensions, oid::kCrlNumber), nullptr);
  EXPECT_EQ(crl.next_update.value() - crl.this_update, 30 * 24h);
}

TEST(ReadCertificateList, ReadsListsWithoutEntriesAndVersion1) {
  EXPECT_TRUE(list("v2-empty").tbs.value.revoked_certificates.empty());
  const auto v1 = list("v1").tbs.value;
  EXPECT_EQ(v1.version, 1);
  EXPECT_EQ(v1.revoked_certificates.size(), 1U);
}

TEST(WriteCertificateList, GivesTheOctetsThatWereRead) {
  for (const auto* name : kVectors) {
    const auto read = list(name);
    EXPECT_EQ(write_tbs_cert_list(read.tbs.value), read.tbs.der) << name;
    EXPECT_EQ(write_certificate_list(read.tbs.der, read.signature_algorithm, read.signature_value),
              vector(name))
        << name;
  }
}

TEST(ReadCertificateList, RefusesEveryTruncationAndTrailingOctet) {
  for (const auto* name : kVectors) {
    auto der = vector(name);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_certificate_list(ByteView(der).first(size)).error().fault, Fault::malformed);
    }
    der.push_back(0x30);
    EXPECT_EQ(read_certificate_list(der).error().fault, Fault::trailing_data) << name;
  }
}

TEST(ReadCertificateList, RefusesExtensionsInVersion1) {
  auto tbs = list("v2-reasons").tbs.value;
  tbs.version = 1;
  tbs.crl_extensions.clear();
  EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed);
  tbs = list("v2-empty").tbs.value;
  tbs.version = 1;
  EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed);
}

TEST(ReadCertificateList, RefusesOtherVersions) {
  auto tbs = list("v2-empty").tbs.value;
  tbs.version = 3;
  EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed);
}

TEST(ReadCertificateList, RefusesTwoSignatureAlgorithms) {
  const auto crl = list("v2-empty");
  const AlgorithmIdentifier other{oid::kSha384WithRsa, Bytes{5, 0}};
  EXPECT_EQ(read_certificate_list(write_certificate_list(crl.tbs.der, other, {})).error().fault,
            Fault::malformed);
}

TEST(ReadCertificateList, ReadsListsLargerThanAnyMessage) {
  auto tbs = list("v2-empty").tbs.value;
  tbs.next_update.reset();
  for (std::uint64_t serial = 1; serial <= 20'000; ++serial) {
    tbs.revoked_certificates.push_back({Integer::from(serial), tbs.this_update, {}});
  }
  EXPECT_EQ(read_made(tbs).value().tbs.value, tbs);
}

}  // namespace
}  // namespace signet::pkix
