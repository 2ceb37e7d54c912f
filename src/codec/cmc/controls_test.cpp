#include "codec/cmc/controls.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/octets.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::cmc {
namespace {

using test::hex;
using test::sequence;
using test::unwrap;

pkix::Name name(std::string_view text) {
  return unwrap(pkix::name_from_text(text));
}

TEST(ChangeSubjectName, IsReadWithAndWithoutTheTagOfSubjectAlt) {
  SIGNET_NEEDS_SHARED("spec/vectors/csn-rfc10002.der");
  const auto now = test::shared_file("spec/vectors/csn-rfc10002.der");
  const auto before = read_change_subject_name(test::shared_file("spec/vectors/csn-rfc6402.der"));
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(*before, read_change_subject_name(now).value());
  EXPECT_EQ(to_text(*before->subject), "CN=New Name");
  EXPECT_EQ(before->subject_alt, pkix::GeneralNames{pkix::DnsName{"new.example.test"}});
  EXPECT_EQ(write_change_subject_name(*before), now);
}

TEST(ChangeSubjectName, ReadsAnUntaggedSubjectAltAlone) {
  const auto read = read_change_subject_name(hex("30053003820161"));
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->subject);
  EXPECT_EQ(read->subject_alt, pkix::GeneralNames{pkix::DnsName{"a"}});
}

TEST(ChangeSubjectName, HasAtLeastOneField) {
  /* matrix: E150 */
  EXPECT_EQ(read_change_subject_name(hex("3000")).error().fault, Fault::malformed);
  EXPECT_TRUE(read_change_subject_name(hex("30023000")).ok());  // the NULL name
  EXPECT_EQ(read_change_subject_name(hex("3002a100")).error().fault, Fault::malformed);
}

TEST(ChangeSubjectName, IsDerBecauseItGoesIntoTheCertificate) {
  EXPECT_EQ(read_change_subject_name(hex("308030000000")).error().fault, Fault::malformed);
}

TEST(GetCert, ReadsABareNameInPlaceOfTheGeneralName) {
  const auto issuer = name("CN=Test CA");
  const auto bare = sequence([&](asn1::Writer& writer) {
    pkix::write_name(writer, issuer);
    writer.integer(7);
  });
  const GetCert expected{issuer, asn1::Integer::from(7)};
  EXPECT_EQ(read_get_cert(bare).value(), expected);
  EXPECT_NE(write_get_cert(expected), bare);
  EXPECT_EQ(read_get_cert(write_get_cert(expected)).value(), expected);
}

/// What `write` makes of what `read` makes of a SEQUENCE of these contents.
template <auto read, auto write>
void expect_rewritten(const std::string& contents) {
  const auto octets = sequence([&](asn1::Writer& writer) { writer.raw(hex(contents)); });
  EXPECT_EQ(to_hex(write(unwrap(read(octets)))), to_hex(octets));
}

TEST(OptionalFields, AreWrittenWhereTheyWereRead) {
  const std::string time = "180f32303236303130313030303030305a";  // 20260101000000Z
  for (const auto& fields : {std::string(), std::string("820161"), time, std::string("03020640"),
                             "820161" + time + "03020640"}) {
    expect_rewritten<read_get_crl, write_get_crl>("3000" + fields);
  }
  for (const auto& fields : {std::string(), time, std::string("0401aa"), std::string("0c0161"),
                             time + "0401aa" + "0c0161"}) {
    expect_rewritten<read_revoke_request, write_revoke_request>("30000201070a0101" + fields);
  }
  for (const auto* fields : {"3000", "a103820161", "3000a103820161"}) {
    expect_rewritten<read_change_subject_name, write_change_subject_name>(fields);
  }
  for (const auto* replace : {"", "010100"}) {
    expect_rewritten<read_mod_cert_template, write_mod_cert_template>(
        std::string("30030201003003020101") + replace + "3000");
  }
}

TEST(ModCertTemplate, LeavesTrueOutAndReadsItWritten) {
  const ModCertTemplate value{{kThisPKIData}, {{1}}, true, {}};
  EXPECT_EQ(to_hex(write_mod_cert_template(value)), "300c300302010030030201013000");
  EXPECT_EQ(read_mod_cert_template(hex("300f30030201003003020101"
                                       "0101ff"
                                       "3000"))
                .value(),
            value);
  EXPECT_FALSE(read_mod_cert_template(hex("300f30030201003003020101"
                                          "010100"
                                          "3000"))
                   .value()
                   .replace);
  EXPECT_EQ(read_mod_cert_template(hex("300f30030201003003020101"
                                       "010101"
                                       "3000"))
                .error()
                .fault,
            Fault::malformed);
}

Bytes revocation(std::int64_t reason) {
  return sequence([&](asn1::Writer& writer) {
    pkix::write_name(writer, {});
    writer.integer(7);
    writer.enumerated(reason);
  });
}

TEST(RevokeRequest, ReadsTheReasonsOfRfc5280) {
  for (const auto reason : {0, 1, 2, 3, 4, 5, 6, 8, 9, 10}) {
    ASSERT_TRUE(read_revoke_request(revocation(reason)).ok()) << reason;
  }
  for (const auto reason : {-1, 7, 11, 256}) {
    EXPECT_EQ(read_revoke_request(revocation(reason)).error().fault, Fault::malformed) << reason;
  }
}

TEST(CMCCertId, ReadsANameInsideAnotherSequence) {
  const cms::IssuerAndSerialNumber id{name("CN=Test CA"), asn1::Integer::from(7)};
  const auto wrapped = sequence([&](asn1::Writer& writer) {
    writer.sequence([&] { pkix::write_name(writer, id.issuer); });
    writer.integer(7);
  });
  EXPECT_EQ(read_cmc_cert_id(wrapped).value(), id);
  const auto two_names = sequence([&](asn1::Writer& writer) {
    writer.sequence([&] {
      pkix::write_name(writer, id.issuer);
      pkix::write_name(writer, id.issuer);
    });
    writer.integer(7);
  });
  EXPECT_EQ(read_cmc_cert_id(two_names).error().fault, Fault::trailing_data);
  EXPECT_TRUE(read_cmc_cert_id(hex("3007 30023000 020107")).ok());
  EXPECT_EQ(read_cmc_cert_id(hex("3003 020107")).error().fault, Fault::malformed);
  EXPECT_EQ(read_cmc_cert_id(hex("3009 30023000 020107 0500")).error().fault, Fault::trailing_data);
}

TEST(PlainValues, AreOfTheirTypeOnly) {
  EXPECT_EQ(read_octets_value(hex("0c0161")).error().fault, Fault::malformed);
  EXPECT_EQ(read_utf8_value(hex("040161")).error().fault, Fault::malformed);
  EXPECT_EQ(read_utf8_value(hex("0c01ff")).error().fault, Fault::malformed);
  EXPECT_EQ(read_body_part_list_value(hex("3000")).error().fault, Fault::malformed);
  EXPECT_EQ(read_controls_processed(hex("30023000")).error().fault, Fault::malformed);
  EXPECT_EQ(to_hex(*read_octets_value(hex("2480040101040102"
                                          "0000"))),
            "0102");
}

TEST(NoSignatureValue, IsAnOctetString) {
  EXPECT_EQ(to_hex(write_no_signature_value(Bytes(20, 0xAB))).substr(0, 8), "0414abab");
}

TEST(FindControlKind, SaysWhereAControlMayStand) {
  EXPECT_EQ(find_control_kind(oid::kEncryptedPOP)->direction, Direction::to_client);
  EXPECT_EQ(find_control_kind(oid::kIdentityProofV2)->direction, Direction::to_server);
  EXPECT_EQ(find_control_kind(oid::kPopLinkWitnessV2)->direction, Direction::inside_request);
  EXPECT_EQ(find_control_kind(oid::kStatusInfoV2)->direction, Direction::both);
  EXPECT_TRUE(find_control_kind(oid::kRaIdentityWitness)->repeatable);
  EXPECT_FALSE(find_control_kind(oid::kTransactionId)->repeatable);
  EXPECT_EQ(find_control_kind(oid::kPopLinkRandom)->name, "popLinkRandom");
}

TEST(FindControlKind, KnowsNoControlOfAnotherStandard) {
  EXPECT_EQ(find_control_kind(asn1::Oid{"1.3.6.1.5.5.7.7.99"}), nullptr);
  EXPECT_EQ(find_control_kind(asn1::Oid{"1.3.6.1.5.5.7.7.12"}), nullptr);
  EXPECT_EQ(find_control_kind(asn1::Oid{"1.3.6.1.4.1.311.10.10.1"}), nullptr);
}

}  // namespace
}  // namespace signet::cmc
