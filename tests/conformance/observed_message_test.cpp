// Cases observed with a live Dogtag: messages, controls, paths. Each says what Dogtag answered, and
// holds what is answered here. What HTTP itself says is in apps/signetd/routes_test.cpp.
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "support/challenge_answers.h"
#include "support/observed_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using authority::ResponseKind;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

class ObservedMessage : public Observed {
 protected:
  static Bytes request() { return tagged(20, pkcs10({.subject = kAlice})); }
  cmc::TaggedAttribute get_cert(const asn1::Integer& serial_number) const {
    return control(50, cmc::oid::kGetCert,
                   cmc::write_get_cert({ca.certificate()->subject, serial_number}));
  }
  /// As Dogtag's client has it: a bare Name.
  cmc::TaggedAttribute bare_get_cert(const TestAuthority& authority) const {
    asn1::Writer writer;
    writer.sequence([&] {
      pkix::write_name(writer, authority.certificate()->subject);
      writer.integer(authority.agent.certificate->serial_number);
    });
    return control(50, cmc::oid::kGetCert, std::move(writer).take());
  }
  /// As Dogtag's client has it: a list with a bare Name.
  static cmc::TaggedAttribute bare_confirmation(const TestAuthority& authority,
                                                const pkix::Certificate& certificate) {
    asn1::Writer writer;
    writer.sequence([&] {
      writer.sequence([&] { pkix::write_name(writer, authority.certificate()->subject); });
      writer.integer(certificate->serial_number);
    });
    return control(51, cmc::oid::kConfirmCertAcceptance, std::move(writer).take());
  }
};

// Dogtag: ignored, and issued.
TEST_F(ObservedMessage, Row33AnUnknownControlIsBadRequestAndNamed) {
  const auto told = send(ca.alice, {request()}, "",
                         {control(55, asn1::Oid{"1.3.6.1.4.1.99999.1"}, {0x05, 0x00})});
  expect_refused(told, CMCFailInfo::badRequest, "1.3.6.1.4.1.99999.1", 55);
}

// Dogtag: a response without any status.
TEST_F(ObservedMessage, Row34AnEmptyPkiDataIsSuccessOnItself) {
  const auto told = ca.send(full_request(credential(ca.alice), {}).encode(), &ca.alice);
  EXPECT_EQ(told.kind, ResponseKind::full);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(told.names(0));
  EXPECT_FALSE(told.issued());
}

// Dogtag: echoed, recipientNonce and a new senderNonce.
TEST_F(ObservedMessage, Row35TransactionNonceAndDataReturnComeBack) {
  const auto id = asn1::Integer::from(987654321);
  const auto mine = nonce();
  const auto told = ca.send(
      full_request(credential(ca.alice), {request()},
                   {mine, control(2, cmc::oid::kTransactionId, cmc::write_integer_value(id)),
                    control(3, cmc::oid::kDataReturn, cmc::write_octets_value(Bytes{1, 2, 3}))})
          .encode(),
      &ca.alice);
  expect_granted(told);
  EXPECT_EQ(octets_in(told, cmc::oid::kDataReturn), (Bytes{1, 2, 3}));
  EXPECT_EQ(octets_in(told, cmc::oid::kRecipientNonce),
            unwrap(cmc::read_octets_value(mine.attr_values.front())));
  const auto* transaction = cmc::find_control(told.controls, cmc::oid::kTransactionId);
  ASSERT_NE(transaction, nullptr);
  EXPECT_EQ(unwrap(cmc::read_integer_value(transaction->attr_values.front())), id);
  const auto fresh = octets_in(told, cmc::oid::kSenderNonce);
  EXPECT_GE(fresh.size(), 16U);
  EXPECT_NE(fresh, octets_in(told, cmc::oid::kRecipientNonce));
}

TEST_F(ObservedMessage, Row35AnUnreadableTransactionIdIsNamedOnce) {
  const auto with = [this](Bytes value) {
    return ca.send(full_request(credential(ca.alice), {request()},
                                {control(61, cmc::oid::kTransactionId, std::move(value))})
                       .encode(),
                   &ca.alice);
  };
  expect_refused(with({0x02, 0x02, 0x00, 0x05}), CMCFailInfo::badRequest,
                 "transactionId: INTEGER at octet 0", 61);
  const auto told = with({0x04, 0x01, 0x05}).text();
  EXPECT_EQ(told.find("transactionId"), told.rfind("transactionId")) << told;
}

// Dogtag: certs-only.
TEST_F(ObservedMessage, Row36GetCertBesideARequestIsAFullResponseWithBoth) {
  const auto told =
      send(ca.alice, {request()}, "", {get_cert(ca.agent.certificate->serial_number)});
  expect_granted(told, 2);
  EXPECT_TRUE(told.names(20) && told.names(50));
  const auto& all = told.certificates;
  EXPECT_NE(std::find(all.begin(), all.end(), ca.agent.certificate), all.end());
}

TEST_F(ObservedMessage, Row36ARepeatedMessageBringsBothAgain) {
  const auto sent =
      message(ca.alice, {request()}, {get_cert(ca.agent.certificate->serial_number)}).encode();
  const auto first = ca.send(sent, &ca.alice);
  const auto again = ca.send(sent, &ca.alice);
  expect_granted(again, 2);
  EXPECT_EQ(again.certificates, first.certificates);
}

TEST_F(ObservedMessage, Row36GetCertThatFindsNothingRefusesTheRequestToo) {
  const auto on_record = ca.certificates_on_record();
  expect_refused(send(ca.alice, {request()}, "", {get_cert(asn1::Integer::from(4711))}),
                 CMCFailInfo::badCertId, "serial number", 50);
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

// Dogtag: certs-only.
TEST_F(ObservedMessage, Row41ASimpleRequestByAnAgentIsAnsweredCertsOnly) {
  const auto told = ca.send(pkcs10({.subject = "CN=printer,O=Test"}), &ca.agent);
  EXPECT_EQ(told.kind, ResponseKind::simple);
  EXPECT_EQ(told.certificates.size(), 1U);
}

// Dogtag: a Full response, badRequest.
TEST_F(ObservedMessage, Row42ASimpleRequestByNobodyOrAUserIsBadIdentityInAFullResponse) {
  const auto simple = pkcs10({.subject = kAlice});
  expect_refused(ca.send(simple, nullptr), CMCFailInfo::badIdentity, "no client certificate", 1);
  expect_refused(ca.send(simple, &ca.alice), CMCFailInfo::badIdentity, "not an agent's", 1);
}

// Dogtag: internalCAError [0].
TEST_F(ObservedMessage, Row43AnUnknownProfileIsBadRequestAndTheOthersAreNamed) {
  const auto told = send(ca.alice, {request()}, "caNoSuchProfile");
  expect_refused(told, CMCFailInfo::badRequest, "caNoSuchProfile");
  EXPECT_NE(told.text().find("caFullCMCUserSignedCert"), std::string::npos) << told.text();
}

// Dogtag: badRequest [0], HTTP 200. Here there is a CMC answer where the octets are CMS at all.
TEST_F(ObservedMessage, Row46AnEmptyOrTruncatedBodyHasNoAnswerAndAnotherContentBadRequest) {
  auto truncated = message(ca.alice, {request()}).encode();
  truncated.resize(truncated.size() / 2);
  EXPECT_EQ(ca.send(truncated, &ca.alice).kind, ResponseKind::none);
  EXPECT_EQ(ca.send(Bytes{}, &ca.alice).kind, ResponseKind::none);
  const auto hollow = cms::write_content_info(cms::oid::kSignedData, Bytes{0x30, 0x00});
  expect_refused(ca.send(hollow, &ca.alice), CMCFailInfo::badRequest, "");
}

// Dogtag: badRequest "Missing item #0".
TEST_F(ObservedMessage, Row47ABarePkcs10OverAFullPathIsToldWhereItBelongs) {
  const auto bare = pkcs10({.subject = kAlice});
  for (const Holder* client : std::initializer_list<const Holder*>{&ca.agent, &ca.alice, nullptr}) {
    for (const auto* profile : {"caFullCMCUserCert", "caFullCMCUserSignedCert"}) {
      expect_refused(ca.send(bare, client, profile), CMCFailInfo::badRequest, "bare PKCS#10", 1);
    }
  }
}

// ------------------------------------------------------------ ways of writing (clients.md §1.8)

TEST_F(ObservedMessage, BareNamesAreRefusedUnlessTheSwitchIsOn) {
  expect_refused(send(ca.alice, {}, "", {bare_get_cert(ca)}), CMCFailInfo::badRequest, "bare_names",
                 50);
  expect_refused(send(ca.alice, {}, "", {bare_confirmation(ca, ca.alice.certificate)}),
                 CMCFailInfo::badRequest, "bare_names", 51);

  TestAuthority::Choices choices;
  choices.settings.bare_names = true;
  choices.settings.confirmed_profiles = {"caFullCMCUserSignedCert"};
  TestAuthority tolerant{choices};
  const auto ask = [&](const std::vector<Bytes>& requests, const cmc::TaggedAttribute& what) {
    return tolerant.send(
        full_request(credential(tolerant.alice), requests, {nonce(), what}).encode(),
        &tolerant.alice);
  };
  const auto found = ask({}, bare_get_cert(tolerant));
  EXPECT_EQ(found.status.cmc_status, CMCStatus::success) << found.text();
  ASSERT_EQ(found.certificates.size(), 1U);
  EXPECT_EQ(found.certificates.front(), tolerant.agent.certificate);
  EXPECT_TRUE(used_tolerance(found, "bare_names"));

  const auto issued =
      tolerant.send(tolerant.request(tolerant.alice, kAlice).octets, &tolerant.alice);
  ASSERT_TRUE(issued.issued()) << issued.text();
  const auto confirmed = ask({}, bare_confirmation(tolerant, issued.certificates.front()));
  EXPECT_EQ(confirmed.status.cmc_status, CMCStatus::success) << confirmed.text();
  EXPECT_TRUE(used_tolerance(confirmed, "bare_names"));
}

TEST_F(ObservedMessage, TheStandardsNamesNeedNoSwitchAndLeaveNoTrace) {
  TestAuthority::Choices choices;
  choices.settings.bare_names = true;
  TestAuthority tolerant{choices};
  const auto proper = get_cert(tolerant.agent.certificate->serial_number);
  const auto told = tolerant.send(
      full_request(credential(tolerant.alice), {}, {nonce(), proper}).encode(), &tolerant.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(tolerances_in(told).empty());
}

TEST_F(ObservedMessage, ARawKeyIdentifierIsRefusedUnlessTheSwitchIsOn) {
  const auto key = test_key("ec:p256", 3);
  const auto raw = tagged(
      crmf({.id = 20,
            .subject = kAlice,
            .key = key,
            .extensions = {{pkix::oid::kSubjectKeyIdentifier, false, key_identifier_of(*key)}}}));
  expect_refused(send(ca.alice, {raw}), CMCFailInfo::badRequest, "", 20);

  TestAuthority::Choices choices;
  choices.settings.raw_key_identifier = true;
  TestAuthority tolerant{choices};
  const auto told = tolerant.send(
      full_request(credential(tolerant.alice), {raw}, {nonce()}).encode(), &tolerant.alice);
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"raw_key_identifier 20"});
  const auto crmf_form = client::RequestForm::crmf;
  const auto proper =
      tolerant.send(tolerant.request(tolerant.alice, kAlice, crmf_form).octets, &tolerant.alice);
  EXPECT_TRUE(proper.issued()) << proper.text();
  EXPECT_TRUE(tolerances_in(proper).empty());
}

TEST_F(ObservedMessage, SharedBodyPartIdsAreToldInTheJournal) {
  TestAuthority::Choices choices;
  choices.settings.shared_body_part_ids = true;
  TestAuthority tolerant{choices};
  const auto told = tolerant.send(
      full_request(credential(tolerant.alice), {tagged(1, pkcs10({.subject = kAlice}))}, {nonce()})
          .encode(),
      &tolerant.alice);
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"shared_body_part_ids 1"});
  EXPECT_TRUE(
      tolerances_in(tolerant.send(message(tolerant.alice, {request()}).encode(), &tolerant.alice))
          .empty());
  expect_refused(send(ca.alice, {tagged(1, pkcs10({.subject = kAlice}))}), CMCFailInfo::badRequest,
                 "twice", 1);
  const auto twice = tolerant.send(
      full_request(credential(tolerant.alice),
                   {tagged(2, pkcs10({.subject = kAlice})),
                    tagged(2, pkcs10({.subject = kAlice, .key = test_key("ec:p256", 1)}))},
                   {nonce()})
          .encode(),
      &tolerant.alice);
  expect_refused(twice, CMCFailInfo::badRequest, "twice", 2);
}

TEST_F(ObservedMessage, AMessageThatCameAsTextIsToldInTheJournal) {
  authority::Inquiry inquiry;
  inquiry.octets = message(ca.alice, {request()}).encode();
  inquiry.tolerated = {{Tolerance::text_bodies, "a message that came as PEM or base64"}};
  inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
  Told told;
  told.events = ca.decide(inquiry).commit.events;
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"text_bodies 0"});
  inquiry.octets = to_bytes(std::string_view("no message at all"));
  told.events = ca.decide(inquiry).commit.events;
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"text_bodies 0"}) << "refused as well";
}

}  // namespace
}  // namespace signet::test
