#include "codec/crmf/crmf.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "support/octets.h"
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
}

}  // namespace
}  // namespace signet::crmf
