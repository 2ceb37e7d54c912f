#include "codec/crmf/crmf.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "support/octets.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::crmf {
namespace {

using test::hex;

Result<CertReqMsg> message(ByteView octets, asn1::Limits limits = asn1::Limits::der()) {
  return asn1::read_whole(octets, limits,
                          [](asn1::Reader& reader) { return read_cert_req_msg(reader); });
}

/// A CertReqMsg of an empty template, with these octets after certReq.
Bytes with_rest(std::string_view rest) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.raw(hex("30050201013000"));
    writer.raw(hex(rest));
  });
  return std::move(writer).take();
}

TEST(CertReqMsg, KeepsCertReqAsReceived) {
  const auto read = message(with_rest(""));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_hex(read->cert_req.der), "30050201013000");
  EXPECT_FALSE(read->popo);
}

TEST(CertReqMsg, RefusesAnElementTooManyInAnyOfItsParts) {
  const auto octets = test::sequence([](asn1::Writer& writer) {
    writer.raw(hex("300f020101300030083006 06022a030500"));
    writer.raw(hex("a10a300406022a0303020005"));
    writer.raw(hex("3008300606022a030500"));
  });
  EXPECT_TRUE(message(octets).ok());
  for (const auto& longer : test::with_one_more_element(octets)) {
    EXPECT_FALSE(message(longer).ok()) << to_hex(longer);
  }
}

TEST(CertReqMsg, IsWrittenAsItIsReadWithEveryProofOfPossession) {
  for (const auto* popo :
       {"", "8000", "a10a300406022a03030200ff", "a10ea0020500300406022a03030200ff", "a204800200ff",
        "a203810100", "a203810101", "a204820200ff", "a20ca30a300406022a03030200ff", "a204a4020500",
        "a304800200ff", "a303810100", "a304820200ff", "a30ca30a300406022a03030200ff"}) {
    const auto octets = with_rest(popo);
    const auto read = test::unwrap(message(octets));
    EXPECT_EQ(to_hex(write_cert_req_msg(write_cert_request(read.cert_req.value), read.popo)),
              to_hex(octets));
  }
}

TEST(CertReqMsg, ReadsTheChallengeResponseMethod) {
  EXPECT_EQ(message(with_rest("a203810101"))->popo,
            ProofOfPossession(KeyEncipherment{SubsequentMessage::challengeResp}));
  EXPECT_EQ(message(with_rest("a303810100"))->popo,
            ProofOfPossession(KeyAgreement{SubsequentMessage::encrCert}));
  EXPECT_EQ(message(with_rest("a203810102")).error().fault, Fault::malformed);
  EXPECT_EQ(message(with_rest("a2028500")).error().fault, Fault::malformed);
  EXPECT_EQ(message(with_rest("a200")).error().fault, Fault::malformed);
  EXPECT_EQ(message(with_rest("a400")).error().fault, Fault::malformed);
}

TEST(CertReqMsg, KeepsWhatCmcForbidsForTheRefusal) {
  EXPECT_EQ(message(with_rest("8000"))->popo, ProofOfPossession(RaVerified{}));
  EXPECT_EQ(message(with_rest("800100")).error().fault, Fault::malformed);
  EXPECT_EQ(message(with_rest("3008300606022a030500"))->reg_info.size(), 1U);
  EXPECT_EQ(message(with_rest("3000")).error().fault, Fault::malformed);
}

TEST(CertReqMsg, AcceptsControlsWithoutAControl) {
  const auto read =
      message(hex("300930070201013000"
                  "3000"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_TRUE(read->cert_req.value.controls.empty());
}

TEST(CertReqMsg, IsDerAlsoInsideAMessageInBer) {
  EXPECT_TRUE(message(with_rest(""), asn1::Limits::ber()).ok());
  EXPECT_EQ(message(hex("3080300502010130000000"), asn1::Limits::ber()).error().fault,
            Fault::malformed);
}

Result<CertTemplate> cert_template(std::string_view text) {
  return asn1::read_whole(hex(text), asn1::Limits::der(), read_cert_template);
}

TEST(CertTemplate, IsWrittenAsItIsReadWithEachFieldAndWithAll) {
  const std::string not_before = "a00f170d3236303130313030303030305a";  // 260101000000Z
  const std::string not_after = "a10f170d3237303130313030303030305a";
  const std::vector<std::string> fields = {"800102",
                                           "810107",
                                           "a20406022a03",
                                           "a3023000",
                                           "a422" + not_before + not_after,
                                           "a5023000",
                                           "a60a300406022a03030200ff",
                                           "870200ee",
                                           "880200ff",
                                           "a90e300c0603551d0e04050403010203"};
  const auto expect_same = [](const std::string& contents) {
    const auto octets = test::sequence([&](asn1::Writer& writer) { writer.raw(hex(contents)); });
    const auto read = test::unwrap(cert_template(to_hex(octets)));
    asn1::Writer writer;
    write_cert_template(writer, read);
    EXPECT_EQ(to_hex(writer.view()), to_hex(octets));
  };
  std::string all;
  for (const auto& field : fields) {
    expect_same(field);
    all += field;
  }
  expect_same(all);
  expect_same("a411" + not_before);
  expect_same("a411" + not_after);
}

TEST(CertTemplate, TagsNamesExplicitly) {
  EXPECT_TRUE(cert_template("3004a5023000")->subject->empty());
  EXPECT_EQ(cert_template("3002a500").error().fault, Fault::malformed);
  EXPECT_EQ(cert_template("3004a5023100").error().fault, Fault::malformed);
}

TEST(CertTemplate, HasFieldsInOrderAndOnce) {
  EXPECT_TRUE(cert_template("3006800102810107").ok());
  EXPECT_EQ(cert_template("3006810107800102").error().fault, Fault::trailing_data);
  EXPECT_EQ(cert_template("3006800102800102").error().fault, Fault::trailing_data);
  EXPECT_EQ(cert_template("3002a900").error().fault, Fault::malformed);
}

TEST(CertTemplate, RefusesAValidityThatSaysNothing) {
  EXPECT_EQ(cert_template("3002a400").error().fault, Fault::malformed);
}

TEST(PKIPublicationInfo, IsWrittenAsItIsRead) {
  for (const auto* octets :
       {"3003020101", "300a02010130053003020100", "300d02010130083006020103820161"}) {
    const auto read = asn1::read_whole(hex(octets), asn1::Limits::der(), read_pki_publication_info);
    asn1::Writer writer;
    write_pki_publication_info(writer, test::unwrap(read));
    EXPECT_EQ(to_hex(writer.view()), octets);
  }
  EXPECT_EQ(
      asn1::read_whole(hex("3005 020101 3000"), asn1::Limits::der(), read_pki_publication_info)
          .error()
          .fault,
      Fault::malformed);
}

TEST(CertReqMessages, ReadsThePublishedSample) {
  SIGNET_NEEDS_SHARED("spec/vectors/published/pyasn1-rfc4211.der");
  const auto read =
      read_cert_req_messages(test::shared_file("spec/vectors/published/pyasn1-rfc4211.der"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  ASSERT_EQ(read->size(), 1U);
  const auto& request = read->front().cert_req.value;
  EXPECT_EQ(to_text(*request.cert_template.subject), "CN=user");
  EXPECT_EQ(write_cert_request(request), read->front().cert_req.der);
  ASSERT_EQ(request.controls.size(), 2U);
  EXPECT_EQ(request.controls[0].type, oid::kRegToken);
  EXPECT_EQ(request.controls[1].type, oid::kAuthenticator);
  EXPECT_TRUE(std::holds_alternative<PopoSigningKey>(*read->front().popo));
}

TEST(CertReqMessages, HoldAtLeastOne) {
  EXPECT_EQ(read_cert_req_messages(hex("3000")).error().fault, Fault::malformed);
  EXPECT_TRUE(read_cert_req_messages(hex("3009300730050201013000")).ok());
  EXPECT_EQ(read_cert_req_messages(hex("30803007300502010130000000")).error().fault,
            Fault::malformed);
}

}  // namespace
}  // namespace signet::crmf
