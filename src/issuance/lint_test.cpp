#include "issuance/lint.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;
using std::chrono::days;
using test::fault_of;
using test::name;
using test::unwrap;

pkix::Extension key_usage(std::uint16_t bits) {
  return {oid::kKeyUsage, true, pkix::write_key_usage({bits})};
}

pkix::Extension authority_key(const std::optional<Bytes>& identifier) {
  pkix::AuthorityKeyIdentifier value;
  value.key_identifier = identifier;
  return {oid::kAuthorityKeyIdentifier, false, pkix::write_authority_key_identifier(value)};
}

/// A user's certificate as it should be; a test spoils one thing.
class LintTest : public testing::Test {
 protected:
  LintTest() {
    tbs.serial_number = pkix::Integer::from(0x1234567890ABCDEF);
    tbs.signature = unwrap(crypto::default_signature_algorithm(ca.key()));
    tbs.issuer = ca.certificate()->subject;
    tbs.validity = {test::kTestTime, test::kTestTime + days{180}};
    tbs.subject = name("CN=Alice,O=Test");
    tbs.subject_public_key_info = test::test_key()->public_key_info();
    tbs.extensions = {authority_key(ca.certificate().subject_key_identifier()),
                      key_usage(static_cast<std::uint16_t>(KeyUsageBit::digitalSignature))};
  }

  [[nodiscard]] Result<void> lint_it() const {
    return lint(tbs, pkix::write_tbs_certificate(tbs), ca.certificate());
  }
  /// The lint refuses, and says so with these words.
  void expect_violation(std::string_view words) const {
    const auto linted = lint_it();
    ASSERT_EQ(fault_of(linted), Fault::internal);
    EXPECT_NE(linted.error().detail.find(words), std::string::npos) << linted.error().detail;
  }
  void make_authority(std::optional<std::int64_t> path_length = {}) {
    tbs.extensions = {
        authority_key(ca.certificate().subject_key_identifier()),
        {oid::kBasicConstraints, true, pkix::write_basic_constraints({true, path_length})},
        key_usage(static_cast<std::uint16_t>(KeyUsageBit::keyCertSign)),
        {oid::kSubjectKeyIdentifier, false, pkix::write_subject_key_identifier(Bytes(20, 1))}};
  }

  test::TestCa ca;
  pkix::TBSCertificate tbs;
};

TEST_F(LintTest, AllowsACertificateAsItShouldBe) {
  /* matrix: E156 */
  const auto linted = lint_it();
  EXPECT_TRUE(linted.ok()) << linted.error().detail;
}

TEST_F(LintTest, RefusesOctetsThatSaySomethingElse) {
  auto other = tbs;
  other.subject = name("CN=Bob");
  EXPECT_EQ(fault_of(lint(tbs, pkix::write_tbs_certificate(other), ca.certificate())),
            Fault::internal);
  auto trailing = pkix::write_tbs_certificate(tbs);
  trailing.push_back(0);
  EXPECT_EQ(fault_of(lint(tbs, trailing, ca.certificate())), Fault::internal);
  EXPECT_EQ(fault_of(lint(tbs, {}, ca.certificate())), Fault::internal);
}

TEST_F(LintTest, DemandsASerialNumberFromOneToTwentyOctets) {
  tbs.serial_number = pkix::Integer::from(0);
  expect_violation("serialNumber is not positive");
  tbs.serial_number.octets = {0x80};
  expect_violation("serialNumber is not positive");
  tbs.serial_number.octets = Bytes(20, 0x7F);
  EXPECT_TRUE(lint_it().ok());
  tbs.serial_number.octets = Bytes(21, 0x7F);
  expect_violation("longer than 20 octets");
}

TEST_F(LintTest, DemandsVersion3WithoutUniqueIdentifiers) {
  tbs.issuer_unique_id = asn1::BitString{{1}, 0};
  expect_violation("unique identifier");
}

TEST_F(LintTest, DemandsTheIssuersOwnSubject) {
  tbs.issuer = name("CN=Other CA");
  expect_violation("issuer is not the subject");
  tbs.issuer = {};
  expect_violation("issuer is empty");
}

TEST_F(LintTest, DemandsAnEndAfterTheBeginning) {
  tbs.validity.not_after = tbs.validity.not_before;
  EXPECT_TRUE(lint_it().ok());
  tbs.validity.not_after -= std::chrono::seconds{1};
  expect_violation("notAfter is before notBefore");
}

TEST_F(LintTest, AllowsTimesOnBothSidesOf2050) {
  const Time year_2050 = std::chrono::sys_days{std::chrono::year{2050} / 1 / 1};
  tbs.validity = {year_2050 - std::chrono::seconds{1}, year_2050};
  const auto linted = lint_it();
  EXPECT_TRUE(linted.ok()) << linted.error().detail;
}

/// The same TBSCertificate with its validity in GeneralizedTime.
Bytes with_generalized_times(ByteView tbs_der, const pkix::Validity& validity) {
  constexpr int kValidity = 4;  // after [0] version, serialNumber, signature and issuer
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{tbs_der, budget};
  auto fields = unwrap(outer.enter(asn1::kSequence));
  asn1::Writer writer;
  writer.sequence([&] {
    for (int field = 0; !fields.at_end(); ++field) {
      const auto element = unwrap(fields.read_any());
      if (field != kValidity) {
        writer.raw(element.tlv);
        continue;
      }
      writer.sequence([&] {
        writer.generalized_time(validity.not_before);
        writer.generalized_time(validity.not_after);
      });
    }
  });
  return std::move(writer).take();
}

TEST_F(LintTest, RefusesGeneralizedTimeBefore2050) {
  const auto der = with_generalized_times(pkix::write_tbs_certificate(tbs), tbs.validity);
  EXPECT_EQ(fault_of(lint(tbs, der, ca.certificate())), Fault::internal);
}

TEST_F(LintTest, DemandsTheIssuersKeyIdentifier) {
  tbs.extensions[0] = authority_key(Bytes(20, 9));
  expect_violation("keyIdentifier is not the issuer's");
  tbs.extensions[0] = authority_key(std::nullopt);
  expect_violation("keyIdentifier is missing");
  tbs.extensions.erase(tbs.extensions.begin());
  expect_violation("authorityKeyIdentifier is missing");
}

TEST_F(LintTest, RefusesAnExtensionTwice) {
  tbs.extensions.push_back(tbs.extensions.back());
  EXPECT_EQ(fault_of(lint_it()), Fault::internal);
}

TEST_F(LintTest, RefusesWhatPolicyRefuses) {
  tbs.extensions.push_back({oid::kExtendedKeyUsage, false, {0x30, 0x00}});
  EXPECT_EQ(fault_of(lint_it()), Fault::internal);
  tbs.extensions.back() = {oid::kSubjectKeyIdentifier, true,
                           pkix::write_subject_key_identifier(Bytes(20, 1))};
  expect_violation("subjectKeyIdentifier must not be critical");
  tbs.extensions.pop_back();
  tbs.extensions.back() = key_usage(static_cast<std::uint16_t>(KeyUsageBit::keyCertSign));
  expect_violation("keyCertSign without basicConstraints cA");
  tbs.extensions.back() = key_usage(static_cast<std::uint16_t>(KeyUsageBit::keyEncipherment));
  expect_violation("cannot be certified for");
}

TEST_F(LintTest, RefusesWhatDerLeavesOut) {
  tbs.extensions.back().extn_value = {0x03, 0x04, 0x00, 0x80, 0x00, 0x00};
  expect_violation("keyUsage with zero bits at its end");
  tbs.extensions.back().extn_value = {0x03, 0x02, 0x00, 0x80};
  expect_violation("keyUsage with zero bits at its end");
  tbs.extensions.back().extn_value = {0x03, 0x02, 0x07, 0x80};
  EXPECT_TRUE(lint_it().ok());
  tbs.extensions.push_back({oid::kBasicConstraints, true, {0x30, 0x03, 0x01, 0x01, 0x00}});
  expect_violation("a cA that says FALSE");
  tbs.extensions.back().extn_value = {0x30, 0x00};
  EXPECT_TRUE(lint_it().ok());
}

TEST_F(LintTest, RefusesANameWrittenAsNoneMayBe) {
  tbs.subject = name("CN=Alice,C=#0c024445");
  expect_violation("must be a");
  tbs.subject = name("CN=Ali\\00ce");
  expect_violation("control character");
}

TEST_F(LintTest, RefusesANameThatIsTooLong) {
  tbs.subject = name("CN=" + std::string(65, 'x'));
  expect_violation("commonName");
}

TEST_F(LintTest, AllowsAnEmptySubjectOnlyBesideACriticalAlternativeName) {
  tbs.subject = {};
  expect_violation("an empty subject");
  tbs.extensions.push_back(
      {oid::kSubjectAltName, true, pkix::write_alternative_name({pkix::DnsName{"host.example"}})});
  EXPECT_TRUE(lint_it().ok());
}

TEST_F(LintTest, AllowsASubordinateAuthorityAndRefusesOneWithoutSubject) {
  make_authority(0);
  EXPECT_TRUE(lint_it().ok());
  tbs.subject = {};
  tbs.extensions.push_back(
      {oid::kSubjectAltName, true, pkix::write_alternative_name({pkix::DnsName{"host.example"}})});
  expect_violation("an authority without subject");
}

TEST_F(LintTest, RefusesAnAuthorityBelowOneWhosePathEnds) {
  make_authority();
  auto issuer = ca.certificate();
  for (auto& extension : issuer.tbs.value.extensions) {
    if (extension.extn_id != oid::kBasicConstraints) continue;
    extension.extn_value = pkix::write_basic_constraints({true, 0});
  }
  EXPECT_EQ(fault_of(lint(tbs, pkix::write_tbs_certificate(tbs), issuer)), Fault::internal);
  for (auto& extension : issuer.tbs.value.extensions) {
    if (extension.extn_id != oid::kBasicConstraints) continue;
    extension.extn_value = pkix::write_basic_constraints({true, 1});
  }
  EXPECT_TRUE(lint(tbs, pkix::write_tbs_certificate(tbs), issuer).ok());
}

}  // namespace
}  // namespace signet::issuance
