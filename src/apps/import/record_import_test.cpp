#include "apps/import/record_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "adapters/files/file.h"
#include "store/memory_engine.h"
#include "support/dogtag_export.h"
#include "support/fakes.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using store::CertificateStatus;
using test::unwrap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class RecordImportTest : public testing::Test {
 protected:
  RecordImportTest() : authority(unwrap(takeover::IssuingAuthority::of(ca.certificate()))) {}

  void add(const test::ExportedCertificate& record) { exported.certificate(record); }
  [[nodiscard]] std::vector<ldif::Entry> entries() const {
    std::istringstream in(ldif.str());
    ldif::Reader reader(in);
    std::vector<ldif::Entry> all;
    while (auto entry = unwrap(reader.next())) all.push_back(*std::move(entry));
    return all;
  }
  takeover::Surveyed survey() {
    takeover::Survey looking(authority, to_utc);
    for (const auto& entry : entries()) EXPECT_TRUE(looking.see(entry).ok());
    return unwrap(std::move(looking).finish());
  }
  /// The first `most` entries; then, like one that was killed, no end.
  Result<ImportReport> import(std::size_t most = SIZE_MAX) {
    auto surveyed = survey();
    ImportReport report;
    auto files = TRY(ImportFiles::create(folder.path().string()));
    RecordImport importing({authority, surveyed, to_utc, engine, journal, clock, report, files});
    std::size_t count = 0;
    for (const auto& entry : entries()) {
      if (count++ == most) return report;
      TRY(importing.take(entry));
    }
    TRY(importing.finish());
    TRY(files.close());
    return report;
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return std::string(as_text(unwrap(files::read_file(folder / name))));
  }
  store::CertificateRecord kept(const pkix::Certificate& certificate) {
    return unwrap(engine.find_certificate(certificate->serial_number)).value();
  }
  std::size_t count() { return unwrap(engine.find_certificates({.most = 100'000})).size(); }

  test::TestCa ca;
  takeover::IssuingAuthority authority;
  takeover::ToUtc to_utc = [](Time written) { return written; };
  std::ostringstream ldif;
  test::DogtagExport exported{ldif};
  store::MemoryEngine engine;
  audit::MemoryJournal journal;
  test::FixedClock clock;
  test::TemporaryFolder folder;
};

TEST_F(RecordImportTest, KeepsCertificatesWithStatusAndSecretAndTellsOfEach) {
  const auto alice = ca.issue().certificate;
  const auto bob = ca.issue().certificate;
  const auto carol = ca.issue().certificate;
  exported.request("12", "complete", "CN=Alice,O=Test");
  add({.certificate = alice, .request_id = "12", .revocation_token = "MAMCAQU="});
  add({.certificate = bob,
       .status = "REVOKED",
       .revocation_info = "20261101000000Z;CRLReasonExtension=1"});
  add({.certificate = carol,
       .status = "REVOKED",
       .revocation_info = "20261101000000Z;CRLReasonExtension=6"});
  const auto report = unwrap(import());
  EXPECT_EQ(report.valid, 1U);
  EXPECT_EQ(report.revoked, 1U);
  EXPECT_EQ(report.on_hold, 1U);
  EXPECT_EQ(report.revocation_secrets, 1U);
  EXPECT_EQ(kept(alice).requester, "CN=Alice,O=Test, Dogtag request 12");
  EXPECT_EQ(kept(bob).status, CertificateStatus::revoked);
  EXPECT_EQ(kept(carol).status, CertificateStatus::on_hold);
  EXPECT_EQ(unwrap(engine.find_revocation_secret(alice->serial_number))->verifier,
            "revShrTok:MAMCAQU=");
  ASSERT_EQ(journal.events().size(), 3U);
  EXPECT_EQ(journal.events()[1].name, "CERT_IMPORTED");
  EXPECT_THAT(journal.events()[1].fields, testing::Contains(audit::Field{"RevokeReasonNum", "1"}));
  EXPECT_EQ(file("requests.tsv"), "12\tvalid\t0x" + alice->serial_number.to_hex() +
                                      "\tcaUserCert\tCN=Alice,O=Test, Dogtag request 12\n");
}

TEST_F(RecordImportTest, NamesWhatItLeavesOutWithItsReason) {
  const auto alice = ca.issue().certificate;
  add({.certificate = alice});
  add({.certificate = alice});
  add({.certificate = test::TestCa("CN=Other CA").issue().certificate});
  exported.request("13", "pending", "CN=Bob,O=Test");
  exported.request("14", "rejected", "CN=Bob,O=Test");
  exported.entry("dn: cn=7,o=x\nobjectClass: certificateRecord\nuserCertificate;binary:: !\n");
  exported.entry("search: 2\nresult: 0 Success\n");
  const auto report = unwrap(import());
  EXPECT_EQ(report.certificates(), 1U);
  EXPECT_EQ(report.pending_requests, 1U);
  EXPECT_EQ(report.requests, 2U);
  EXPECT_THAT(report.left_out.by_frequency(),
              testing::UnorderedElementsAre(
                  Pair("another authority issued it", 1), Pair("Dogtag's own configuration", 1),
                  Pair("the same certificate stands in the export before", 1),
                  Pair(HasSubstr("its requester must ask again"), 1),
                  Pair(HasSubstr("usercertificate"), 1)));
  EXPECT_THAT(file("left-out.tsv"), HasSubstr("cn=7,o=x\t"));
  EXPECT_THAT(file("requests.tsv"), HasSubstr("14\trejected\t\tcaUserCert\tCN=Bob,O=Test\n"));
}

TEST_F(RecordImportTest, GoesOnWhereItWasCutShortAndEndsTheSame) {
  std::vector<pkix::Certificate> issued;
  for (int at = 0; at < 1'100; ++at) {
    issued.push_back(ca.issue({.key = test::test_key()}).certificate);
    add({.certificate = issued.back(),
         .status = at % 2 == 0 ? "VALID" : "REVOKED",
         .revocation_info = at % 2 == 0 ? "" : "20261101000000Z;CRLReasonExtension=4"});
  }
  add({.certificate = issued.front()});
  ASSERT_TRUE(import(1'050).ok());
  EXPECT_EQ(count(), 1'000U) << "a batch was kept, the next one was under way";
  const auto report = unwrap(import());
  EXPECT_EQ(report.certificates(), 1'100U);
  EXPECT_EQ(report.revoked, 550U);
  EXPECT_EQ(report.left_out.total(), 2U) << "the one that stands there twice, and the folder";
  EXPECT_EQ(count(), 1'100U);
  EXPECT_EQ(journal.events().size(), 1'100U) << "each is told of once";
  for (const auto& certificate : issued)
    EXPECT_EQ(kept(certificate).certificate_der, certificate.der);
}

TEST_F(RecordImportTest, StopsWhereTheStoreHasAnotherCertificateOfThisNumber) {
  const auto alice = ca.issue().certificate;
  store::Commit before;
  before.certificates.push_back(store::record_of(
      ca.issue({.serial_number = alice->serial_number}).certificate, {}, clock.now()));
  const store::Commit* batch[] = {&before};
  ASSERT_TRUE(engine.apply(batch, journal).front().durable());
  add({.certificate = alice});
  const auto report = import();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault, Fault::already_exists);
}

TEST(ReasonCounts, AreShownByFrequencyAndBounded) {
  ReasonCounts counts;
  for (int at = 0; at < 150; ++at) counts.count("reason " + std::to_string(at));
  counts.count("reason 7", 5);
  const auto shown = counts.by_frequency();
  EXPECT_EQ(counts.total(), 155U);
  EXPECT_EQ(shown.size(), 101U);
  EXPECT_EQ(shown[0], (std::pair<std::string, std::uint64_t>("other reasons", 50)));
  EXPECT_EQ(shown[1], (std::pair<std::string, std::uint64_t>("reason 7", 6)));
}

}  // namespace
}  // namespace signet::tool
