// What is refused of a message and its requests: the nearest things to a good one, each with its
// CMCFailInfo, a text, an audit record, and no certificate.
#include "support/refusal_scene.h"

namespace signet::test {
namespace {

using authority::ResponseKind;
using client::RequestForm;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

// ------------------------------------------------------------------ the message

TEST_F(Refusal, UnknownControlFailsTheMessageAndIsNamed) {
  /* matrix: E23, E24, E25, A08, A09, A10, E65 */
  const auto told = send_with(control(55, asn1::Oid{"1.3.6.1.4.1.99999.1"}, {0x05, 0x00}));
  expect_refused(told, CMCFailInfo::badRequest, "1.3.6.1.4.1.99999.1");
  EXPECT_TRUE(told.names(55));
}

TEST_F(Refusal, ControlOfTheOtherDirectionIsNamed) {
  /* matrix: E146 */
  for (const auto& type : {cmc::oid::kResponseBody, cmc::oid::kEncryptedPOP,
                           cmc::oid::kResponseInfo, cmc::oid::kBatchResponses}) {
    const auto told = send_with(control(55, type, cmc::write_octets_value(Bytes{1})));
    expect_refused(told, CMCFailInfo::badRequest, "does not belong");
    EXPECT_TRUE(told.names(55));
  }
}

TEST_F(Refusal, AttributesOfARequestAreNoControls) {
  for (const auto& type : {cmc::oid::kPopLinkWitnessV2, cmc::oid::kChangeSubjectName}) {
    expect_refused(send_with(control(55, type, {0x30, 0x00})), CMCFailInfo::badRequest);
  }
}

TEST_F(Refusal, DoubledControlIsNamed) {
  const auto told =
      send_with(control(55, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 1))));
  expect_refused(told, CMCFailInfo::badRequest, "control senderNonce stands twice");
  EXPECT_EQ(told.text().find("AMB"), std::string::npos) << "a reference that is ours alone";
  EXPECT_TRUE(told.names(55));
}

TEST_F(Refusal, ControlWithoutOrWithTwoValuesIsNamed) {
  auto none = control(55, cmc::oid::kRegInfo, {});
  none.attr_values.clear();
  expect_refused(send_with(none), CMCFailInfo::badRequest, "0 values");
  auto two = control(55, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes{1}));
  two.attr_values.push_back(cmc::write_octets_value(Bytes{2}));
  expect_refused(send_with(two), CMCFailInfo::badRequest, "2 values");
}

TEST_F(Refusal, ControlValueOfTheWrongTypeIsNamed) {
  const auto told = send_with(control(55, cmc::oid::kDataReturn, {0x02, 0x01, 0x05}));
  expect_refused(told, CMCFailInfo::badRequest);
  EXPECT_TRUE(told.names(55));
}

TEST_F(Refusal, OversizeNonceIsNotEchoed) {
  auto parts = good_parts();
  for (auto& each : parts.control_sequence) {
    if (each.attr_type == cmc::oid::kSenderNonce) {
      each.attr_values = {cmc::write_octets_value(Bytes(5000, 1))};
    }
  }
  const auto told = send(parts);
  expect_refused(told, CMCFailInfo::badRequest, "5000");
  EXPECT_EQ(cmc::find_control(told.controls, cmc::oid::kRecipientNonce), nullptr);
}

TEST_F(Refusal, ControlsThatAreNotOfferedAreNamedNotIgnored) {
  expect_refused(send_with(control(55, cmc::oid::kPublishCert, {0x30, 0x00})),
                 CMCFailInfo::badRequest, "not offered");
}

TEST_F(Refusal, PopLinkRandomWithoutASharedSecretIsNotPassedOver) {
  /* matrix: C18 */
  const auto told =
      send_with(control(55, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 1))));
  expect_refused(told, CMCFailInfo::popFailed, "popLinkRandom");
  EXPECT_TRUE(told.names(55));
}

TEST_F(Refusal, LraPopWitnessIsPopFailedAndStartsNoChallenge) {
  /* matrix: E115, E116 */
  const auto told = send_with(
      control(55, cmc::oid::kLraPOPWitness, cmc::write_lra_pop_witness({cmc::BodyPartID{0}, {}})));
  expect_refused(told, CMCFailInfo::popFailed);
  EXPECT_EQ(cmc::find_control(told.controls, cmc::oid::kEncryptedPOP), nullptr);
}

TEST_F(Refusal, DoubledBodyPartIdIsNamed) {
  /* matrix: E44 */
  auto parts = good_parts();
  parts.control_sequence.push_back(
      control(55, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes{1})));
  parts.control_sequence[0].body_part_id = cmc::BodyPartID{55};
  const auto told = send(parts);
  expect_refused(told, CMCFailInfo::badRequest, "55");
  EXPECT_TRUE(told.names(55));
}

TEST_F(Refusal, BodyPartIdZeroIsReserved) {
  /* matrix: E45 */
  expect_refused(send_with(control(0, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes{1}))),
                 CMCFailInfo::badRequest, "bodyPartID 0");
}

TEST_F(Refusal, OtherRequestMessageIsNotSupportedAndNothingElseIsProcessed) {
  /* matrix: E19, E20 */
  auto parts = good_parts();
  asn1::Writer orm;
  orm.constructed(asn1::context_constructed(2), [&] {
    orm.integer(66);
    orm.oid(asn1::Oid{"1.2.3.4"});
    orm.null();
  });
  parts.tagged_requests.push_back(std::move(orm).take());
  const auto told = send(parts);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::noSupport);
  EXPECT_FALSE(told.fail_info().has_value());
  EXPECT_TRUE(told.names(66));
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(Refusal, GarbageAndTruncatedMessagesGetNoCertificate) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  for (std::size_t size = 0; size < sent.octets.size(); size += 13) {
    const auto told = ca.send(ByteView(sent.octets).first(size), &ca.alice);
    EXPECT_FALSE(told.issued()) << size;
    EXPECT_NE(told.status.cmc_status == CMCStatus::success && told.kind == ResponseKind::full,
              true);
  }
  auto longer = sent.octets;
  longer.push_back(0);
  EXPECT_FALSE(ca.send(longer, &ca.alice).issued());
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(Refusal, AContentInfoThatIsNoRequestIsStillAnswered) {
  /* matrix: E08 */
  const auto data = cms::write_content_info(cms::oid::kData, cmc::write_octets_value(Bytes{1, 2}));
  expect_refused(ca.send(data, &ca.alice), CMCFailInfo::badRequest);
  const auto response = seal_content(cmc::write_pki_response({}), cmc::oid::kPKIResponse, ca.alice);
  expect_refused(ca.send(response, &ca.alice), CMCFailInfo::badRequest);
}

TEST_F(Refusal, SigningTimeFarFromNowIsBadTime) {
  const auto now = ca.clock.now();
  const std::chrono::seconds far = std::chrono::hours{24} + std::chrono::seconds{1};
  expect_refused(ca.send(seal(good_parts(), ca.alice, now - far), &ca.alice), CMCFailInfo::badTime);
  expect_refused(ca.send(seal(good_parts(), ca.alice, now + far), &ca.alice), CMCFailInfo::badTime);
  EXPECT_TRUE(
      ca.send(seal(good_parts(), ca.alice, now - std::chrono::hours{24}), &ca.alice).issued());
}

TEST_F(Refusal, UnknownProfileNamesThoseOffered) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  expect_refused(ca.send(sent.octets, &ca.alice, "caNoSuchCert"), CMCFailInfo::badRequest,
                 "caFullCMCUserSignedCert");
}

// ------------------------------------------------------------------ the signature

TEST_F(Refusal, ContentSwappedUnderAValidSignatureIsBadMessageCheck) {
  /* matrix: E40, E41 */
  auto data = signed_data_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  data.encap_content_info =
      signed_data_of(ca.request(ca.alice, "CN=Alice,O=Test").octets).encap_content_info;
  const auto told = ca.send(write_message(data), &ca.alice);
  expect_refused(told, CMCFailInfo::badMessageCheck);
  EXPECT_TRUE(told.names(0));
}

TEST_F(Refusal, SignatureWithoutSignedAttributesIsRefused) {
  /* matrix: E165 */
  auto data = signed_data_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  auto& signer = data.signer_infos.front();
  signer.signed_attrs.clear();
  signer.signed_attrs_der.reset();
  signer.signature =
      ca.alice.key->sign(signer.signature_algorithm, *data.encap_content_info.e_content).value();
  expect_refused(ca.send(write_message(data), &ca.alice), CMCFailInfo::badMessageCheck);
}

TEST_F(Refusal, BrokenStatusOnlyMessageIsNotAnswered) {
  /* matrix: E42 */
  cmc::PKIDataParts parts;
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{1}};
  parts.control_sequence.push_back(
      control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status)));
  auto data = signed_data_of(seal(parts, ca.alice));
  data.signer_infos.front().signature[10] ^= 1;
  EXPECT_EQ(ca.send(write_message(data), &ca.alice).kind, ResponseKind::none);
  EXPECT_EQ(ca.send(seal(parts, ca.alice), &ca.alice).kind, ResponseKind::full);
}

TEST_F(Refusal, MessageWithoutSignersProvesNoIdentity) {
  auto data = signed_data_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  data.signer_infos.clear();
  expect_refused(ca.send(write_message(data), &ca.alice), CMCFailInfo::badIdentity);
}

TEST_F(Refusal, TwoSignersProveNoIdentity) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  auto data = signed_data_of(sent.octets);
  data.signer_infos.push_back(
      signed_data_of(seal(parts_of(sent.octets), ca.agent)).signer_infos[0]);
  data.certificates.push_back(ca.agent.certificate);
  expect_refused(ca.send(write_message(data), &ca.alice), CMCFailInfo::badIdentity);
}

// ------------------------------------------------------------------ the request

TEST_F(Refusal, AlteredRequestSignatureIsPopFailedAndNamed) {
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    const auto sent = ca.request(ca.alice, "CN=Alice,O=Test", form);
    auto parts = parts_of(sent.octets);
    parts.tagged_requests[0].back() ^= 1;  // the last octet of its signature
    const auto told = send(parts);
    expect_refused(told, CMCFailInfo::popFailed);
    EXPECT_TRUE(told.names(sent.request_ids[0].value));
  }
}

TEST_F(Refusal, OneBadRequestOfTwoIssuesNothingAndBothAreNamed) {
  /* matrix: E106 */
  auto parts = good_parts();
  const auto id =
      cmc::read_pki_data(cmc::write_pki_data(parts)).value().req_sequence[0].body_part_id();
  auto bad = ca.certification_request("CN=Alice,O=Test");
  bad.back() ^= 1;
  parts.tagged_requests.push_back(cmc::write_tagged_request(cmc::BodyPartID{77}, bad));
  const auto told = send(parts);
  expect_refused(told, CMCFailInfo::popFailed);
  EXPECT_TRUE(told.names(77));
  EXPECT_TRUE(told.names(id.value));
}

TEST_F(Refusal, TwoRequestsForOneKeyAreKeyReuse) {
  auto parts = good_parts();
  auto data = cmc::read_pki_data(cmc::write_pki_data(parts)).value();
  const auto& first = std::get<cmc::TaggedCertificationRequest>(data.req_sequence[0].choice);
  parts.tagged_requests.push_back(
      cmc::write_tagged_request(cmc::BodyPartID{77}, first.certification_request.der));
  expect_refused(send(parts), CMCFailInfo::noKeyReuse);
}

}  // namespace
}  // namespace signet::test
