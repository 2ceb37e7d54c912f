#include "adapters/takeover/certificate_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/takeover/survey.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::takeover {
namespace {

using store::CertificateStatus;
using test::unwrap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CertificateRecords : public testing::Test {
 protected:
  CertificateRecords() : authority(unwrap(IssuingAuthority::of(ca.certificate()))) {}

  static ldif::Attribute attribute(std::string name, std::string_view value,
                                   std::string options = {}) {
    return {std::move(name), std::move(options), to_bytes(value), false};
  }
  static std::string counted(const std::string& number) {
    return (number.size() < 10 ? "0" : "") + std::to_string(number.size()) + number;
  }
  /// As Dogtag writes one, but for what readers do not look at.
  ldif::Entry entry(const pkix::Certificate& certificate, std::string_view status = "VALID") {
    ldif::Entry made;
    made.line = ++line;
    made.dn = "cn=" + certificate->serial_number.to_decimal() + ",ou=certificateRepository,ou=ca";
    made.attributes = {attribute("objectclass", "certificateRecord"),
                       attribute("certstatus", status),
                       attribute("serialno", counted(certificate->serial_number.to_decimal())),
                       attribute("dateofcreate", "20261122120000Z"),
                       attribute("dateofmodify", "20261123100000Z"),
                       attribute("usercertificate", as_text(certificate.der), ";binary"),
                       attribute("issuedby", "caadmin")};
    return made;
  }
  Result<TakenCertificate> read(const ldif::Entry& from) {
    return read_certificate_record(from, {authority, requests, to_utc});
  }
  TakenCertificate revoked(const char* info, const char* status = "REVOKED") {
    auto made = entry(alice, status);
    made.attributes.push_back(attribute("revinfo", info));
    return unwrap(read(made));
  }
  static void set(ldif::Entry& made, std::string_view name, std::string_view value) {
    for (auto& one : made.attributes) {
      if (one.name == name) one.value = to_bytes(value);
    }
  }
  std::string reason(const ldif::Entry& from, Fault fault) {
    const auto taken = read(from);
    EXPECT_FALSE(taken.ok());
    if (taken.ok()) return {};
    EXPECT_EQ(taken.error().fault, fault);
    return taken.error().detail;
  }

  std::uint64_t line = 0;
  test::TestCa ca;
  pkix::Certificate alice = ca.issue().certificate;
  IssuingAuthority authority;
  RequestIndex requests;
  ToUtc to_utc = [](Time written) { return written; };
};

TEST_F(CertificateRecords, AreTakenWithTheirCertificateAndDates) {
  const auto taken = unwrap(read(entry(alice)));
  EXPECT_EQ(taken.record.certificate_der, alice.der);
  EXPECT_EQ(taken.record.serial_number, alice->serial_number);
  EXPECT_EQ(taken.record.subject_der, alice->subject.der());
  EXPECT_EQ(taken.record.not_after, alice->validity.not_after);
  EXPECT_EQ(taken.record.status, CertificateStatus::valid);
  EXPECT_EQ(to_text(taken.record.issued_at), "2026-11-22T12:00:00Z");
  EXPECT_EQ(taken.record.requester, "caadmin");
  EXPECT_THAT(taken.remarks, IsEmpty());
  for (const auto* status : {"INVALID", "EXPIRED"}) {
    EXPECT_EQ(unwrap(read(entry(alice, status))).record, taken.record) << status;
  }
}

TEST_F(CertificateRecords, AreRevokedWithReasonAndDates) {
  const auto taken =
      revoked("20261101000000Z;CRLReasonExtension=1;InvalidityDateExtension=20261031000000Z");
  EXPECT_EQ(taken.record.status, CertificateStatus::revoked);
  EXPECT_EQ(to_text(taken.record.revoked_at.value()), "2026-11-01T00:00:00Z");
  EXPECT_EQ(to_text(taken.record.invalidity_date.value()), "2026-10-31T00:00:00Z");
  EXPECT_EQ(taken.record.revocation_reason, pkix::CRLReason::keyCompromise);
  EXPECT_EQ(revoked("20261101000000Z", "REVOKED_EXPIRED").record.revocation_reason,
            pkix::CRLReason::unspecified);
  EXPECT_THAT(taken.remarks, IsEmpty());
}

TEST_F(CertificateRecords, AreOnHoldByTheirReason) {
  const auto taken = revoked("20261101000000Z;CRLReasonExtension=6");
  EXPECT_EQ(taken.record.status, CertificateStatus::on_hold);
  EXPECT_EQ(taken.record.revocation_reason, pkix::CRLReason::certificateHold);
}

TEST_F(CertificateRecords, KeepARevocationWhoseReasonIsNone) {
  for (const auto* info :
       {"20261101000000Z;CRLReasonExtension=7", "20261101000000Z;CRLReasonExtension=8",
        "20261101000000Z;CRLReasonExtension=11"}) {
    const auto taken = revoked(info);
    EXPECT_EQ(taken.record.status, CertificateStatus::revoked) << info;
    EXPECT_EQ(taken.record.revocation_reason, pkix::CRLReason::unspecified) << info;
    EXPECT_THAT(taken.remarks, ElementsAre(HasSubstr("became unspecified"))) << info;
  }
}

TEST_F(CertificateRecords, KeepARevocationWithoutReadableDate) {
  auto made = entry(alice, "REVOKED");
  EXPECT_EQ(to_text(unwrap(read(made)).record.revoked_at.value()), "2026-11-23T10:00:00Z");
  made.attributes.push_back(attribute("revokedon", "20261123090000Z"));
  EXPECT_EQ(to_text(unwrap(read(made)).record.revoked_at.value()), "2026-11-23T09:00:00Z");
  set(made, "revokedon", "?");
  set(made, "dateofmodify", "?");
  const auto taken = unwrap(read(made));
  EXPECT_EQ(taken.record.revoked_at, alice->validity.not_before);
  EXPECT_EQ(taken.record.status, CertificateStatus::revoked);
  EXPECT_THAT(taken.remarks, ElementsAre(HasSubstr("without a readable revInfo")));
}

TEST_F(CertificateRecords, FollowTheStatusWhereRevInfoIsLeftOver) {
  const auto taken = revoked("20261101000000Z;CRLReasonExtension=6", "VALID");
  EXPECT_EQ(taken.record.status, CertificateStatus::valid);
  EXPECT_EQ(taken.record.revoked_at, std::nullopt);
  EXPECT_THAT(taken.remarks, ElementsAre(HasSubstr("it has revInfo")));
}

TEST_F(CertificateRecords, HaveTheRequestersOfTheirRequests) {
  requests.add("12", {"CN=Alice,O=Test", "caUserCert"});
  requests.add("13", {"CN=Bob,O=Test", "caUserCert"});
  requests.sort();
  auto made = entry(alice);
  made.attributes.push_back(attribute("metainfo", "requestId:12"));
  made.attributes.push_back(attribute("metainfo", "profileId:caOther"));
  const auto taken = unwrap(read(made));
  EXPECT_EQ(taken.request_id, "12");
  EXPECT_EQ(taken.record.requester, "CN=Alice,O=Test, Dogtag request 12");
  EXPECT_EQ(taken.record.profile_id, "caUserCert");
  EXPECT_EQ(requests.unclaimed(), 1U);
  set(made, "metainfo", "requestId:14");
  made.attributes.push_back(attribute("metainfo", "profileId:caOther"));
  const auto other = unwrap(read(made));
  EXPECT_EQ(other.record.requester, "caadmin, Dogtag request 14");
  EXPECT_EQ(other.record.profile_id, "caOther");
}

TEST_F(CertificateRecords, KeepARequesterShort) {
  auto made = entry(alice);
  set(made, "issuedby", std::string(255, 'a') + "\xC3\xBC" + std::string(300, 'b'));
  EXPECT_EQ(unwrap(read(made)).record.requester, std::string(255, 'a'));
}

TEST_F(CertificateRecords, KeepTheirRevocationSecretWrapped) {
  auto made = entry(alice);
  made.attributes.push_back(attribute("metainfo", "revShrTok:MAMCAQU="));
  EXPECT_EQ(unwrap(read(made)).revocation_verifier, "revShrTok:MAMCAQU=");
  set(made, "metainfo", "revShrTok:not base64!");
  const auto taken = unwrap(read(made));
  EXPECT_EQ(taken.revocation_verifier, "");
  EXPECT_THAT(taken.remarks, ElementsAre(HasSubstr("no base64")));
}

TEST_F(CertificateRecords, RemarkOnTimesOfAnotherZone) {
  auto made = entry(alice);
  made.attributes.push_back(attribute("notbefore", "20261122130000Z"));
  EXPECT_THAT(unwrap(read(made)).remarks, ElementsAre(HasSubstr("hours off")));
  to_utc = [](Time written) { return written - std::chrono::hours{1}; };
  const auto taken = unwrap(read(made));
  EXPECT_THAT(taken.remarks, IsEmpty());
  EXPECT_EQ(to_text(taken.record.issued_at), "2026-11-22T11:00:00Z");
}

TEST_F(CertificateRecords, OfOthersAreRefusedByName) {
  test::TestCa foreign("CN=Other CA,O=Test");
  EXPECT_THAT(reason(entry(foreign.issue().certificate), Fault::untrusted_signer),
              HasSubstr("another authority"));
  test::TestCa namesake("CN=Test CA,O=Test", test::test_key("ec:p256", 77));
  EXPECT_THAT(reason(entry(namesake.issue().certificate), Fault::untrusted_signer),
              HasSubstr("another key"));
}

TEST_F(CertificateRecords, WhoseSignatureIsWrongAreRefused) {
  auto altered = alice;
  altered.der.back() ^= 1;
  EXPECT_THAT(reason(entry(altered), Fault::bad_signature), HasSubstr("signature"));
}

TEST_F(CertificateRecords, SignedByAnAlgorithmOfOldAreTakenByNameWithARemark) {
  auto tbs = alice->serial_number;  // the same certificate, said to be signed with SHA-1
  auto made = alice.tbs.value;
  const pkix::AlgorithmIdentifier sha1{asn1::Oid{"1.2.840.10045.4.1"}, std::nullopt};
  made.signature = sha1;
  const auto old = unwrap(pkix::read_certificate(
      pkix::write_certificate(pkix::write_tbs_certificate(made), sha1, alice.signature_value)));
  const auto taken = unwrap(read(entry(old)));
  EXPECT_EQ(taken.record.serial_number, tbs);
  EXPECT_THAT(taken.remarks, ElementsAre(HasSubstr("not verified")));
}

TEST_F(CertificateRecords, ThatAreNotWholeAreRefusedWithTheReason) {
  auto made = entry(alice);
  made.fault = "line 7: no attribute, colon, value";
  EXPECT_EQ(reason(made, Fault::malformed), made.fault);
  made = entry(alice, "SUSPENDED");
  EXPECT_THAT(reason(made, Fault::malformed), HasSubstr("\"SUSPENDED\""));
  made = entry(alice, "");
  EXPECT_THAT(reason(made, Fault::malformed), HasSubstr("no certStatus"));
  made = entry(alice);
  set(made, "serialno", "0512345");
  EXPECT_THAT(reason(made, Fault::malformed), HasSubstr("its serialno is 12345"));
  set(made, "serialno", "12345");
  EXPECT_THAT(reason(made, Fault::malformed), HasSubstr("serialno"));
  made = entry(alice);
  set(made, "usercertificate", "0");
  EXPECT_THAT(reason(made, Fault::malformed), HasSubstr("userCertificate"));
  made.attributes.erase(made.attributes.begin() + 5);
  EXPECT_THAT(reason(made, Fault::certificate_not_found), HasSubstr("no userCertificate"));
}

// ------------------------------------------------------------ requests and surveys

ldif::Entry request(const std::string& id, const std::string& state,
                    const std::string& type = "enrollment") {
  ldif::Entry made;
  const auto attribute = [&](std::string name, const std::string& value, std::string options = {}) {
    made.attributes.push_back({std::move(name), std::move(options), to_bytes(value), false});
  };
  attribute("objectclass", "request");
  attribute("requestid", (id.size() < 10 ? "0" : "") + std::to_string(id.size()) + id);
  attribute("requeststate", state);
  attribute("requesttype", type);
  attribute("extdata-profileid", "caUserCert");
  attribute("extdata-auth--005ftoken", "uid=alice,ou=people", ";userdn");
  attribute("extdata-auth--005ftoken", "alice", ";uid");
  return made;
}

class Surveys : public CertificateRecords {
 protected:
  Result<Surveyed> survey(const std::vector<ldif::Entry>& entries) {
    Survey looking(authority, to_utc);
    for (const auto& one : entries) TRY(looking.see(one));
    return std::move(looking).finish();
  }
};

TEST_F(Surveys, CountTheAuthoritysCertificatesAndRememberRequesters) {
  auto surveyed = unwrap(survey({entry(alice), request("12", "complete"), request("13", "pending"),
                                 request("14", "complete", "revocation"),
                                 entry(test::TestCa("CN=Other").issue().certificate)}));
  EXPECT_EQ(surveyed.certificates, 1U);
  EXPECT_EQ(surveyed.requests.find("12"), (Requested{"uid=alice,ou=people", "caUserCert"}));
  EXPECT_EQ(surveyed.requests.find("13"), std::nullopt);
  EXPECT_EQ(surveyed.requests.find("14"), std::nullopt);
  EXPECT_EQ(surveyed.last_crl_number, std::nullopt);
}

TEST_F(Surveys, FindTheHighestCrlNumberOfAnyIssuingPoint) {
  ldif::Entry point;
  point.attributes = {attribute("objectclass", "crlIssuingPointRecord"),
                      attribute("crlnumber", "03120"), attribute("deltanumber", "03124")};
  auto other = point;
  set(other, "crlnumber", "019");
  set(other, "deltanumber", "?");
  EXPECT_EQ(unwrap(survey({point, other})).last_crl_number, 124U);
  EXPECT_EQ(unwrap(survey({other})).last_crl_number, 9U);
}

TEST_F(Surveys, SayWhichCertificatesStandThereTwice) {
  const auto bob = ca.issue().certificate;
  EXPECT_THAT(unwrap(survey({entry(alice), entry(bob), entry(alice), entry(alice)})).repeated,
              ElementsAre(3, 4));
}

TEST_F(Surveys, RefuseTwoCertificatesWithOneSerialNumber) {
  const auto twin = ca.issue({.serial_number = alice->serial_number}).certificate;
  const auto surveyed = survey({entry(alice), entry(ca.issue().certificate), entry(twin)});
  ASSERT_FALSE(surveyed.ok());
  EXPECT_EQ(surveyed.error().fault, Fault::already_exists);
  EXPECT_THAT(surveyed.error().detail, HasSubstr("lines 1 and 3"));
  test::TestCa foreign("CN=Other CA,O=Test");
  EXPECT_TRUE(survey({entry(alice),
                      entry(foreign.issue({.serial_number = alice->serial_number}).certificate)})
                  .ok());
}

TEST_F(Surveys, RefuseAnExportThatSaysThatItWasCutShort) {
  ldif::Entry end;
  end.fault = "no entry: it has no dn";
  end.attributes = {attribute("search", "2"), attribute("result", "0 Success")};
  EXPECT_TRUE(survey({end}).ok());
  set(end, "result", "4 Size limit exceeded");
  const auto surveyed = survey({end});
  ASSERT_FALSE(surveyed.ok());
  EXPECT_EQ(surveyed.error().fault, Fault::malformed);
  EXPECT_THAT(surveyed.error().detail, HasSubstr("Size limit exceeded"));
}

TEST_F(Surveys, NoticeTimesOfAnotherZone) {
  auto made = entry(alice);
  made.attributes.push_back(attribute("notbefore", "20261122140000Z"));
  const auto surveyed = unwrap(survey({made}));
  EXPECT_EQ(surveyed.shifted_dates, 1U);
  EXPECT_EQ(surveyed.shift, std::chrono::hours{2});
}

}  // namespace
}  // namespace signet::takeover
