#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/pkix/crl_walk.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/tbs_cert_list_writer.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"

namespace signet::pkix {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 3> kListVectors = {"v2-empty", "v2-reasons", "v1"};

Bytes list_vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/certificate_list_corpus/" + name + ".der");
}

CertificateList list(const std::string& name) {
  return read_certificate_list(list_vector(name)).value();
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

TEST(WalkCertificateList, HandsOverWhatReadingGives) {
  for (const auto* name : kListVectors) {
    const auto read = list(name);
    std::vector<RevokedCertificate> entries;
    const auto octets = list_vector(name);
    const auto frame = walk_certificate_list(octets, [&](RevokedCertificate entry) -> Result<void> {
      entries.push_back(std::move(entry));
      return {};
    });
    ASSERT_TRUE(frame.ok()) << name;
    EXPECT_EQ(entries, read.tbs.value.revoked_certificates) << name;
    auto head = read.tbs.value;
    head.revoked_certificates.clear();
    EXPECT_EQ(frame->head, head) << name;
    EXPECT_EQ(to_bytes(frame->tbs_der), read.tbs.der) << name;
    EXPECT_EQ(frame->signature_value, read.signature_value) << name;
  }
}

TEST(WalkCertificateList, EndsWithTheFaultOfWhoTakes) {
  int taken = 0;
  const auto frame =
      walk_certificate_list(list_vector("v2-reasons"), [&](const auto&) -> Result<void> {
        ++taken;
        return Error{Fault::busy, "enough"};
      });
  EXPECT_EQ(frame.error().fault, Fault::busy);
  EXPECT_EQ(taken, 1);
}

TEST(WalkCertificateList, RefusesTwoSignatureAlgorithms) {
  const auto crl = list("v2-empty");
  const auto fault_under = [&crl](const AlgorithmIdentifier& outside) {
    const auto octets = write_certificate_list(crl.tbs.der, outside, {});
    const auto frame = walk_certificate_list(octets, [](const auto&) { return Result<void>{}; });
    return frame.ok() ? std::nullopt : std::optional(frame.error().fault);
  };
  EXPECT_EQ(fault_under(crl.signature_algorithm), std::nullopt);
  EXPECT_EQ(fault_under({oid::kSha384WithRsa, Bytes{5, 0}}), Fault::malformed);
}

TEST(WalkCertificateList, RefusesEveryTruncation) {
  const auto octets = list_vector("v2-reasons");
  const auto pass = [](const RevokedCertificate&) -> Result<void> { return {}; };
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(walk_certificate_list(ByteView(octets).first(size), pass).ok()) << size;
  }
}

TEST(WalkCertificateList, GoesThroughOneThatIsTooLargeToBeHeld) {
  auto head = list("v2-empty").tbs.value;
  constexpr std::size_t kEntries = 1'000'000;
  TbsCertListWriter writer(head);
  const auto reason = write_entry_extensions(
      {{oid::kReasonCode, false, write_reason_code(CRLReason::keyCompromise)}});
  for (std::size_t at = 1; at <= kEntries; ++at) {
    writer.add(Integer::from(at << 40U), head.this_update, reason);
  }
  const auto octets = write_certificate_list(writer.finish({}), head.signature, {{1, 2}, 0});
  EXPECT_EQ(read_certificate_list(octets).error().fault, Fault::too_large);
  std::size_t entries = 0;
  const auto frame = walk_certificate_list(octets, [&](const auto&) -> Result<void> {
    ++entries;
    return {};
  });
  ASSERT_TRUE(frame.ok()) << frame.error().detail;
  EXPECT_EQ(entries, kEntries);
}

TEST(WriteCertificateList, GivesTheOctetsThatWereRead) {
  for (const auto* name : kListVectors) {
    const auto read = list(name);
    EXPECT_EQ(write_tbs_cert_list(read.tbs.value), read.tbs.der) << name;
    EXPECT_EQ(write_certificate_list(read.tbs.der, read.signature_algorithm, read.signature_value),
              list_vector(name))
        << name;
  }
}

TEST(ReadCertificateList, RefusesEveryTruncationAndTrailingOctet) {
  for (const auto* name : kListVectors) {
    auto der = list_vector(name);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_certificate_list(ByteView(der).first(size)).error().fault, Fault::malformed);
    }
    der.push_back(0x30);
    EXPECT_EQ(read_certificate_list(der).error().fault, Fault::trailing_data) << name;
  }
}

TEST(ReadCertificateList, RefusesAnElementTooManyInAnyOfItsParts) {
  for (const auto* name : kListVectors) {
    for (const auto& longer : test::with_one_more_element(list_vector(name))) {
      EXPECT_FALSE(read_certificate_list(longer).ok()) << name << " " << to_hex(longer);
    }
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

TEST(ReadCertificateList, ReadsANextUpdateBeyond2049) {
  auto tbs = list("v2-empty").tbs.value;
  tbs.next_update = std::chrono::sys_days{2050y / 1 / 1};
  EXPECT_EQ(read_made(tbs).value().tbs.value, tbs);
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
