#include "codec/cmc/pki_data.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/cms/cms.h"
#include "support/codec_table.h"
#include "support/octets.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::cmc {
namespace {

using test::hex;
using test::unwrap;

Result<BodyPartID> body_part_id(std::string_view text) {
  return asn1::read_whole(hex(text), asn1::Limits::der(), read_body_part_id);
}

Result<TaggedRequest> tagged_request(ByteView octets) {
  return asn1::read_whole(octets, asn1::Limits::ber(), read_tagged_request);
}

Bytes known(const std::string& name) {
  return test::shared_file("spec/vectors/" + name + ".der");
}

TEST(ReadPkiRequest, TellsThatTheContentOfADetachedSignatureIsAbsent) {
  cms::SignedData signed_data;
  signed_data.encap_content_info.e_content_type = oid::kPKIData;
  const auto detached =
      cms::write_content_info(cms::oid::kSignedData, cms::write_signed_data(signed_data));
  const auto read = read_pki_request(detached);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::malformed);
  EXPECT_NE(read.error().detail.find("detached"), std::string::npos) << read.error().detail;

  signed_data.encap_content_info.e_content_type = oid::kPKIResponse;
  const auto other =
      cms::write_content_info(cms::oid::kSignedData, cms::write_signed_data(signed_data));
  EXPECT_EQ(read_pki_request(other).error().fault, Fault::unsupported_message);
}

constexpr asn1::Oid kAsked{"1.2.3.1"};
constexpr asn1::Oid kNotAsked{"1.2.3.2"};

/// In form only: nobody has signed it.
Bytes certification_request() {
  pkix::CertificationRequestInfo info;
  info.subject_public_key_info.der = hex("300a300406022a03030200ff");
  info.attributes = {{kNotAsked, {hex("0500")}}, {kAsked, {hex("0401aa"), hex("0401bb")}}};
  return pkix::write_certification_request(pkix::write_certification_request_info(info),
                                           {kAsked, std::nullopt}, {{1}, 0});
}

Bytes authenticated_data(const cms::EncapsulatedContentInfo& content) {
  cms::AuthenticatedData made;
  made.recipient_infos = {cms::OtherRecipientInfo{kAsked, hex("0500")}};
  made.mac_algorithm.algorithm = kAsked;
  made.encap_content_info = content;
  return cms::write_authenticated_data(made);
}

TEST(ReadPkiRequest, TakesAPKIDataSignedAuthenticatedOrBare) {
  const cms::EncapsulatedContentInfo content{oid::kPKIData, hex("30083000300030003000")};
  cms::SignedData signed_data;
  signed_data.encap_content_info = content;
  const auto read = [](const asn1::Oid& type, ByteView octets) {
    return read_pki_request(cms::write_content_info(type, octets));
  };
  const auto in_signed_data =
      std::get<FullPkiRequest>(unwrap(read(cms::oid::kSignedData, write_signed_data(signed_data))));
  EXPECT_EQ(in_signed_data.signed_data.encap_content_info, content);
  EXPECT_FALSE(in_signed_data.authenticated_data || in_signed_data.bare);
  const auto authenticated = std::get<FullPkiRequest>(
      unwrap(read(cms::oid::kAuthenticatedData, authenticated_data(content))));
  EXPECT_EQ(authenticated.authenticated_data->encap_content_info, content);
  EXPECT_FALSE(authenticated.bare);
  const auto bare =
      std::get<FullPkiRequest>(unwrap(read(cms::oid::kData, hex("040a 3008 3000 3000 3000 3000"))));
  EXPECT_TRUE(bare.bare && !bare.authenticated_data);
  EXPECT_EQ(read(cms::oid::kEnvelopedData, authenticated_data(content)).error().fault,
            Fault::unsupported_message);
}

TEST(ReadPkiRequest, TakesACertificationRequestAlone) {
  const auto read = unwrap(read_pki_request(certification_request()));
  ASSERT_EQ(requests_of(read).size(), 1U);
  EXPECT_EQ(requests_of(read)[0]->body_part_id().value, 1U);
  EXPECT_TRUE(controls_of(read).empty());
  EXPECT_EQ(read_pki_request(hex("0500")).error().fault, Fault::malformed);
}

TEST(BodyPartID, RunsFrom0To4294967295) {
  /* matrix: E45 */
  EXPECT_EQ(body_part_id("020100")->value, 0U);
  EXPECT_EQ(body_part_id("020500ffffffff")->value, 4294967295U);
  EXPECT_EQ(body_part_id("02050100000000").error().fault, Fault::malformed);
  EXPECT_EQ(body_part_id("0201ff").error().fault, Fault::malformed);
  EXPECT_EQ(body_part_id("02020001").error().fault, Fault::malformed);
}

/// A crm whose certReqId is this INTEGER.
Bytes crm(std::string_view cert_req_id) {
  crmf::CertRequest request;
  request.cert_req_id.octets = hex(cert_req_id);
  return write_tagged_request(
      crmf::write_cert_req_msg(crmf::write_cert_request(request), std::nullopt));
}

TEST(TaggedRequest, TakesCertReqIdWithinTheBoundsOfABodyPartID) {
  /* matrix: E45 */
  EXPECT_EQ(tagged_request(crm("00ffffffff"))->body_part_id().value, 4294967295U);
  EXPECT_EQ(tagged_request(crm("0100000000")).error().fault, Fault::malformed);
  EXPECT_EQ(tagged_request(crm("ff")).error().fault, Fault::malformed);
  EXPECT_EQ(tagged_request(crm("010000000000000000")).error().fault, Fault::malformed);
}

TEST(TaggedRequest, RefusesAnEndlessCertReqIdAtOnce) {
  const auto refused = tagged_request(crm("01" + std::string(500'000, '0')));
  EXPECT_EQ(refused.error().fault, Fault::malformed);
  EXPECT_LT(refused.error().detail.size(), 200U);
}

TEST(TaggedRequest, RefusesAnotherTag) {
  EXPECT_EQ(tagged_request(hex("a300")).error().fault, Fault::malformed);
  EXPECT_EQ(tagged_request(hex("3000")).error().fault, Fault::malformed);
  EXPECT_EQ(tagged_request(hex("8000")).error().fault, Fault::malformed);
  EXPECT_TRUE(tagged_request(hex("a209 020103 06022a03 0500")).ok());
  EXPECT_EQ(tagged_request(hex("a309 020103 06022a03 0500")).error().fault, Fault::malformed);
}

TEST(TaggedRequest, RefusesAnElementTooMany) {
  auto contents = certification_request();
  append(contents, hex("0500"));
  EXPECT_TRUE(tagged_request(write_tagged_request({1}, certification_request())).ok());
  EXPECT_EQ(tagged_request(write_tagged_request({1}, contents)).error().fault,
            Fault::trailing_data);
  EXPECT_EQ(tagged_request(hex("a20b 020103 06022a03 0500 0500")).error().fault,
            Fault::trailing_data);
}

TEST(TaggedRequest, GivesTheAttributeValuesOfOneType) {
  const auto values_in = [](ByteView octets, const asn1::Oid& type) {
    const auto request = unwrap(tagged_request(octets));
    std::vector<std::string> values;
    for (const auto value : request.attribute_values(type)) values.push_back(to_hex(value));
    return values;
  };
  const auto tcr = write_tagged_request({1}, certification_request());
  EXPECT_EQ(values_in(tcr, kAsked), (std::vector<std::string>{"0401aa", "0401bb"}));
  crmf::CertRequest cert_request;
  cert_request.controls = {{kNotAsked, hex("0500")}, {kAsked, hex("0401cc")}};
  const auto with_controls = write_tagged_request(
      crmf::write_cert_req_msg(crmf::write_cert_request(cert_request), std::nullopt));
  EXPECT_EQ(values_in(with_controls, kAsked), std::vector<std::string>{"0401cc"});
  const auto orm = hex("a209 020103 06022a03 0500");
  EXPECT_TRUE(values_in(orm, kAsked).empty());
}

TEST(ReadPKIData, DemandsAllFourLists) {
  EXPECT_TRUE(read_pki_data(hex("30083000300030003000")).ok());
  EXPECT_EQ(read_pki_data(hex("3006300030003000")).error().fault, Fault::malformed);
  EXPECT_EQ(read_pki_data(hex("300a30003000300030003000")).error().fault, Fault::trailing_data);
  EXPECT_TRUE(read_pki_response(hex("3006300030003000")).ok());
  EXPECT_EQ(read_pki_response(hex("30083000300030003000")).error().fault, Fault::trailing_data);
}

TEST(ReadPKIData, KeepsReqSequenceInBerAsReceived) {
  /* matrix: E72 */
  const auto read =
      read_pki_data(hex("3080"
                        "3000"
                        "3080"
                        "a280"
                        "020103"
                        "06022a03"
                        "0500"
                        "0000"
                        "0000"
                        "3000"
                        "3000"
                        "0000"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(to_hex(read->req_sequence_der), "3080a28002010306022a03050000000000");
  EXPECT_EQ(to_hex(read->req_sequence[0].der), "a28002010306022a0305000000");
}

TEST(ReadPKIData, LeavesRepeatedIdsAndValuesToTheAuthority) {
  const std::string control =
      "3009020101"
      "06022a03"
      "3100";
  const auto read =
      read_pki_data(hex("301e"
                        "3016" +
                        control + control + "300030003000"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(read->control_sequence.size(), 2U);
  EXPECT_TRUE(read->control_sequence[0].attr_values.empty());
}

TEST(PKIData, HoldsTheKnownAnswers) {
  /* matrix: E72 */
  SIGNET_NEEDS_SHARED("spec/vectors/pkidata-p10.der");
  const auto p10 = unwrap(read_pki_data(known("pkidata-p10")));
  EXPECT_EQ(p10.req_sequence_der, known("reqseq-p10"));
  EXPECT_EQ(to_hex(ByteView(p10.req_sequence_der).first(8)), "308202dca08202d8");
  EXPECT_EQ(write_req_sequence({p10.req_sequence[0].der}), known("reqseq-p10"));
  EXPECT_TRUE(p10.req_sequence[0].subject()->empty());
  EXPECT_EQ(p10.req_sequence[0].extensions()->size(), 2U);

  const auto crmf = unwrap(read_pki_data(known("pkidata-crmf")));
  EXPECT_EQ(crmf.req_sequence[0].body_part_id().value, 201U);
  EXPECT_EQ(to_text(*crmf.req_sequence[0].subject()), "CN=Alice Example");
  ASSERT_NE(crmf.req_sequence[0].public_key(), nullptr);
  EXPECT_EQ(crmf.req_sequence[0].public_key()->der, p10.req_sequence[0].public_key()->der);
}

TEST(TaggedRequest, ReadsTheKnownChallengeRequest) {
  SIGNET_NEEDS_SHARED("spec/vectors/taggedrequest-encpop.der");
  const auto octets = known("taggedrequest-encpop");
  const auto read = unwrap(tagged_request(octets));
  EXPECT_EQ(read.der, octets);
  const auto& message = std::get<TaggedCertReqMsg>(read.choice).cert_req_msg;
  EXPECT_EQ(message.popo,
            crmf::ProofOfPossession(crmf::KeyEncipherment{crmf::SubsequentMessage::challengeResp}));
  EXPECT_EQ(write_tagged_request(message.der), octets);
}

TEST(FindControl, GivesTheFirstOfItsType) {
  const std::vector<TaggedAttribute> controls{
      {{1}, oid::kSenderNonce, {}}, {{2}, oid::kRegInfo, {}}, {{3}, oid::kRegInfo, {}}};
  EXPECT_EQ(find_control(controls, oid::kRegInfo)->body_part_id.value, 2U);
  EXPECT_EQ(find_control(controls, oid::kGetCert), nullptr);
}

TEST(FindMessage, GivesTheOneOfThatBodyPartID) {
  const std::vector<TaggedContentInfo> messages{{{7}, {cms::oid::kData, {}, {}}},
                                                {{9}, {cms::oid::kSignedData, {}, {}}},
                                                {{9}, {cms::oid::kData, {}, {}}}};
  ASSERT_NE(find_message(messages, {9}), nullptr);
  EXPECT_EQ(find_message(messages, {9})->content_info.content_type, cms::oid::kSignedData);
  for (const std::uint32_t other : {0U, 1U, 8U, 10U}) {
    EXPECT_EQ(find_message(messages, {other}), nullptr) << other;
  }
  EXPECT_EQ(find_message({}, {9}), nullptr);
}

}  // namespace
}  // namespace signet::cmc
