#include "client/read_response.h"

#include <gtest/gtest.h>

#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using test::unwrap;

constexpr BodyPartID kRequest{1};

/// One exchange: what Alice sent, and an authority that may answer rightly or wrongly.
class ReadResponse : public ::testing::Test {
 protected:
  ReadResponse() {
    sent.transaction_id = asn1::Integer::from(0x1234);
    sent.sender_nonce = Bytes(32, 0x5A);
    sent.request_ids = {kRequest};
    sent.keys = {alice.key->public_key_info()};
  }

  static cmc::TaggedAttribute status(CMCStatus word, std::vector<cmc::BodyPartReference> parts,
                                     std::optional<CMCFailInfo> fail_info = {}) {
    cmc::CMCStatusInfoV2 value{word, std::move(parts), std::nullopt, std::nullopt};
    if (fail_info) value.other_info = *fail_info;
    return {BodyPartID{}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(value)}};
  }
  [[nodiscard]] std::vector<cmc::TaggedAttribute> echo() const {
    return {
        {BodyPartID{}, cmc::oid::kTransactionId, {cmc::write_integer_value(sent.transaction_id)}},
        {BodyPartID{}, cmc::oid::kRecipientNonce, {cmc::write_octets_value(sent.sender_nonce)}},
        {BodyPartID{}, cmc::oid::kSenderNonce, {cmc::write_octets_value(Bytes(16, 1))}}};
  }
  /// A Full PKI Response with these controls besides what is echoed.
  [[nodiscard]] test::SignedMessage answer(std::vector<cmc::TaggedAttribute> controls,
                                           bool with_certificate = true) const {
    for (auto& control : echo()) controls.push_back(std::move(control));
    return unanswered(std::move(controls), with_certificate);
  }
  /// The same without what is echoed.
  [[nodiscard]] test::SignedMessage unanswered(std::vector<cmc::TaggedAttribute> controls,
                                               bool with_certificate = true) const {
    std::uint32_t id = 100;
    for (auto& control : controls) control.body_part_id = BodyPartID{id++};
    const cmc::PKIResponse response{std::move(controls), {}, {}};
    test::SignedMessage message{.content = cmc::write_pki_response(response),
                                .content_type = cmc::oid::kPKIResponse,
                                .signers = {test::signed_by(ca_credential())},
                                .certificates = {ca.certificate().der}};
    if (with_certificate) message.certificates.push_back(alice.certificate.der);
    return message;
  }
  [[nodiscard]] test::Credential ca_credential() const { return {ca_key, ca.certificate()}; }
  /// A Simple PKI Response.
  static Bytes certificates_only(const std::vector<Bytes>& certificates) {
    return envelope::seal_certificates_only(certificates);
  }
  void ask_simply() {
    sent.transaction_id = {};
    sent.sender_nonce.clear();
  }
  [[nodiscard]] Result<CheckedResponse> read(ByteView octets) const {
    return read_response(octets, sent, trust, test::kTestTime);
  }
  [[nodiscard]] Fault fault_of(ByteView octets) const {
    const auto checked = read(octets);
    return checked.ok() ? Fault::internal : checked.error().fault;
  }

  test::Key ca_key = test::test_key("ec:p256", 0);
  test::TestCa ca{"CN=Test CA,O=Test", ca_key};
  test::Credential alice = ca.issue({.key = test::test_key("ec:p256", 1)});
  proof::Trust trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  SentRequest sent;
};

// ------------------------------------------------------------------------- under a shared secret

class AuthenticatedResponse : public ReadResponse {
 protected:
  /// The same answer in an AuthenticatedData made with this secret of alice's.
  [[nodiscard]] Bytes answer_under(std::string_view secret_text,
                                   const asn1::Oid& type = cmc::oid::kPKIResponse) const {
    const auto signed_answer = answer({status(CMCStatus::success, {kRequest})});
    const SecretBytes password{"alice" + std::string(secret_text)};
    return unwrap(envelope::seal_authenticated_data({.content_type = type,
                                                     .content = signed_answer.content,
                                                     .password = password,
                                                     .certificates = signed_answer.certificates},
                                                    crypto::system_random()));
  }
  [[nodiscard]] Result<CheckedResponse> read_as(std::string identification, ByteView octets) const {
    return read_response(octets, sent, trust, test::kTestTime,
                         SecretHolder{std::move(identification), secret});
  }
  SecretBytes secret{std::string_view("correct horse battery staple")};
};

TEST_F(AuthenticatedResponse, UnderTheSameSecretIsTaken) {
  /* matrix: E14, E16 */
  const auto checked = unwrap(read_as("alice", answer_under(secret.text())));
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.at(0), alice.certificate);
}

TEST_F(AuthenticatedResponse, UnderAnotherSecretOrNameIsRefused) {
  const auto octets = answer_under(secret.text());
  EXPECT_EQ(read_as("alice", answer_under("another secret, long enough")).error().fault,
            Fault::mac_mismatch);
  EXPECT_EQ(read_as("bob", octets).error().fault, Fault::mac_mismatch);
  EXPECT_EQ(fault_of(octets), Fault::mac_mismatch) << "to somebody who used no secret";
}

TEST_F(AuthenticatedResponse, OfOtherContentIsRefused) {
  EXPECT_EQ(read_as("alice", answer_under(secret.text(), cmc::oid::kPKIData)).error().fault,
            Fault::malformed)
      << "our own request sent back";
}

TEST_F(AuthenticatedResponse, CertificateOfAnotherAuthorityIsRefused) {
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 9)};
  alice = stranger.issue({.key = alice.key});
  EXPECT_EQ(read_as("alice", answer_under(secret.text())).error().fault, Fault::untrusted_signer);
}

// ------------------------------------------------------------------------- Full, granted

TEST_F(ReadResponse, SuccessGivesTheCertificateWithOurKey) {
  /* matrix: C01, E54, E64, E101, E102, E105 */
  const auto checked = unwrap(read(answer({status(CMCStatus::success, {kRequest})}).encode()));
  EXPECT_TRUE(checked.success());
  EXPECT_FALSE(checked.simple);
  ASSERT_EQ(checked.certificates.size(), 1U);
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  ASSERT_EQ(checked.chain.size(), 1U);
  EXPECT_EQ(checked.chain.front(), ca.certificate());
}

TEST_F(ReadResponse, FindsOurCertificateWhereverItStands) {
  /* matrix: E56 */
  auto first = answer({status(CMCStatus::success, {kRequest})});
  std::swap(first.certificates.front(), first.certificates.back());
  EXPECT_EQ(unwrap(read(first.encode())).certificates.front(), alice.certificate);
}

TEST_F(ReadResponse, OfTwoCertificatesWithOurKeyTakesTheNewer) {
  const auto older = ca.issue({.key = alice.key,
                               .validity = {test::kTestTime - std::chrono::hours{48},
                                            test::kTestTime + std::chrono::hours{1}}});
  auto both = answer({status(CMCStatus::success, {kRequest})});
  both.certificates.push_back(older.certificate.der);
  EXPECT_EQ(unwrap(read(both.encode())).certificates.front(), alice.certificate);
}

TEST_F(ReadResponse, AbsentStatusMeansSuccess) {
  /* matrix: E68 */
  const auto checked = unwrap(read(answer({}).encode()));
  EXPECT_TRUE(checked.success());
  EXPECT_TRUE(checked.verdicts.empty());
}

TEST_F(ReadResponse, StatusOfTheFirstVersionIsReadWhereThereIsNoOther) {
  /* matrix: C04, E64 */
  const cmc::CMCStatusInfo old{CMCStatus::failed, {kRequest}, "sorry", CMCFailInfo::badIdentity};
  const auto checked = unwrap(
      read(answer({{BodyPartID{}, cmc::oid::kStatusInfo, {cmc::write_cmc_status_info(old)}}}, false)
               .encode()));
  ASSERT_EQ(checked.verdicts.size(), 1U);
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
  EXPECT_EQ(checked.verdicts.front().text, "sorry");
}

/// The answer again, signed by somebody else, whose certificate comes along.
class DelegatedResponse : public ReadResponse {
 protected:
  [[nodiscard]] test::CertificateInput delegate(std::vector<asn1::Oid> purposes = {
                                                    pkix::oid::kCmcCA}) const {
    return {.subject = "CN=Test CA,O=Test",
            .key = test::test_key("ec:p256", 2),
            .purposes = std::move(purposes)};
  }
  [[nodiscard]] Bytes signed_by(const test::Credential& signer) const {
    auto message = answer({status(CMCStatus::success, {kRequest})});
    message.signers = {test::signed_by(signer)};
    message.certificates.push_back(signer.certificate.der);
    return message.encode();
  }
  /// A CRL of the authority that lists this serial number.
  [[nodiscard]] Bytes crl_with(const pkix::Integer& serial_number,
                               const crypto::PrivateKey& key) const {
    pkix::TBSCertList list;
    list.signature = unwrap(crypto::default_signature_algorithm(key));
    list.issuer = ca.certificate()->subject;
    list.this_update = test::kTestTime;
    list.revoked_certificates = {{serial_number, test::kTestTime, {}}};
    const auto der = pkix::write_tbs_cert_list(list);
    return pkix::write_certificate_list(der, list.signature,
                                        {unwrap(key.sign(list.signature, der)), 0});
  }
  /// Signed by this one, beside a CRL.
  [[nodiscard]] Bytes with_crl(const test::Credential& signer, const Bytes& crl) const {
    const auto message = answer({status(CMCStatus::success, {kRequest})});
    const auto& own = signer.certificate;
    auto certificates = message.certificates;
    certificates.push_back(own.der);
    return unwrap(envelope::seal_signed_data(
        {.content_type = cmc::oid::kPKIResponse,
         .content = message.content,
         .key = *signer.key,
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(*signer.key)),
         .sid = cms::IssuerAndSerialNumber{own->issuer, own->serial_number},
         .certificates = std::move(certificates),
         .signing_time = {},
         .crls = {crl}}));
  }
};

TEST_F(DelegatedResponse, ByAnotherKeyOfTheAuthorityWithCmcCaIsTaken) {
  /* matrix: E157 */
  EXPECT_TRUE(unwrap(read(signed_by(ca.issue(delegate())))).success());
}

TEST_F(DelegatedResponse, UnderAnotherNameIsTaken) {
  auto named = delegate();
  named.subject = "CN=Responder,O=Test";
  EXPECT_TRUE(unwrap(read(signed_by(ca.issue(named)))).success());
}

TEST_F(DelegatedResponse, WithoutCmcCaIsRefused) {
  EXPECT_EQ(fault_of(signed_by(ca.issue(delegate({})))), Fault::untrusted_signer);
  EXPECT_EQ(fault_of(signed_by(ca.issue(delegate({pkix::oid::kCmcRA})))), Fault::untrusted_signer);
}

TEST_F(DelegatedResponse, AfterItsEndIsRefused) {
  auto ended = delegate();
  ended.validity.not_after = test::kTestTime - std::chrono::seconds{1};
  EXPECT_EQ(fault_of(signed_by(ca.issue(ended))), Fault::untrusted_signer);
}

TEST_F(DelegatedResponse, OfAnotherAuthorityIsRefusedThoughThatOneIsTrustedToo) {
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 5)};
  trust = unwrap(proof::Trust::make({ca.certificate(), other.certificate()}, {}));
  EXPECT_EQ(fault_of(signed_by(other.issue(delegate()))), Fault::untrusted_signer);
}

TEST_F(DelegatedResponse, OfAStrangerUnderTheAuthoritysNameIsRefused) {
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 5)};
  auto made_up = delegate();
  made_up.serial_number = asn1::Integer::from(0x2000);  // of no certificate in the answer
  EXPECT_EQ(fault_of(signed_by(stranger.issue(made_up))), Fault::untrusted_signer);
}

TEST_F(DelegatedResponse, BesideACrlThatSaysItIsRevokedIsRefused) {
  const auto signer = ca.issue(delegate());
  const auto& serial_number = signer.certificate->serial_number;
  EXPECT_EQ(fault_of(with_crl(signer, crl_with(serial_number, *ca_key))), Fault::untrusted_signer);
}

TEST_F(DelegatedResponse, BesideACrlOfOthersOrByAnotherKeyIsTaken) {
  const auto signer = ca.issue(delegate());
  const auto& serial_number = signer.certificate->serial_number;
  EXPECT_TRUE(unwrap(read(with_crl(signer, crl_with(asn1::Integer::from(7), *ca_key)))).success());
  const auto forged = crl_with(serial_number, *test::test_key("ec:p256", 6));
  EXPECT_TRUE(unwrap(read(with_crl(signer, forged))).success());
}

// ------------------------------------------------------------------------- Full, not granted

TEST_F(ReadResponse, RefusalTellsStatusFailInfoPartsAndText) {
  /* matrix: E64 */
  const cmc::CMCStatusInfoV2 refusal{
      CMCStatus::failed, {kRequest}, "not your name", CMCFailInfo::badIdentity};
  const auto checked = unwrap(read(
      answer({{BodyPartID{}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(refusal)}}},
             false)
          .encode()));
  EXPECT_FALSE(checked.success());
  ASSERT_EQ(checked.verdicts.size(), 1U);
  EXPECT_EQ(checked.verdicts.front().status, CMCStatus::failed);
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
  EXPECT_EQ(checked.verdicts.front().body_list, (std::vector<cmc::BodyPartReference>{kRequest}));
  EXPECT_EQ(checked.verdicts.front().text, "not your name");
  EXPECT_FALSE(checked.certificates.front().has_value());
}

TEST_F(ReadResponse, SeveralStatusesForOneRequestAreAllTold) {
  /* matrix: E61 */
  const auto checked =
      unwrap(read(answer({status(CMCStatus::success, {kRequest}),
                          status(CMCStatus::failed, {kRequest}, CMCFailInfo::badRequest)})
                      .encode()));
  EXPECT_EQ(checked.verdicts.size(), 2U);
  EXPECT_FALSE(checked.success());
  EXPECT_FALSE(checked.certificates.front().has_value());
}

class WithheldStatus : public ReadResponse, public ::testing::WithParamInterface<CMCStatus> {};
TEST_P(WithheldStatus, GivesNoCertificateAndIsNoSuccess) {
  const auto checked = unwrap(read(answer({status(GetParam(), {kRequest})}).encode()));
  EXPECT_FALSE(checked.success());
  EXPECT_FALSE(checked.certificates.front().has_value());
}
INSTANTIATE_TEST_SUITE_P(All, WithheldStatus,
                         ::testing::Values(CMCStatus::failed, CMCStatus::noSupport,
                                           CMCStatus::popRequired));

TEST_F(ReadResponse, ConfirmRequiredGivesTheCertificateButIsNoSuccess) {
  const auto checked =
      unwrap(read(answer({status(CMCStatus::confirmRequired, {kRequest})}).encode()));
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  EXPECT_FALSE(checked.success());
}

TEST_F(ReadResponse, RefusalOfThePKIDataRefusesEachRequest) {
  const auto checked = unwrap(
      read(answer({status(CMCStatus::failed, {cmc::kThisPKIData}, CMCFailInfo::badRequest)}, false)
               .encode()));
  EXPECT_FALSE(checked.certificates.front().has_value());
}

TEST_F(ReadResponse, RefusalOfAControlExcusesTheMissingCertificate) {
  const auto checked = unwrap(
      read(answer({status(CMCStatus::failed, {BodyPartID{44}}, CMCFailInfo::badRequest)}, false)
               .encode()));
  EXPECT_FALSE(checked.success());
}

TEST_F(ReadResponse, MereRefusalMayLackNonceAndTransaction) {
  const auto refusal = unanswered(
      {status(CMCStatus::failed, {cmc::kThisPKIData}, CMCFailInfo::badMessageCheck)}, false);
  EXPECT_FALSE(unwrap(read(refusal.encode())).success());
}

// ------------------------------------------------------------------------- another exchange's

TEST_F(ReadResponse, RefusesAnswerWithAnotherNonce) {
  /* matrix: E102, E105 */
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.sender_nonce.back() ^= 1;
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesAnswerOfAnotherTransaction) {
  /* matrix: E101 */
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.transaction_id = asn1::Integer::from(0x1235);
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesSuccessWithoutNonceAndTransaction) {
  /* matrix: E105 */
  EXPECT_EQ(fault_of(unanswered({status(CMCStatus::success, {kRequest})}).encode()),
            Fault::replayed);
}

TEST_F(ReadResponse, RefusesMereRefusalWithAnotherNonce) {
  /* matrix: E105 */
  const auto octets = answer({status(CMCStatus::failed, {kRequest})}, false).encode();
  sent.sender_nonce.front() ^= 1;
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesAnswerWithoutTheDataReturnSent) {
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.data_return = Bytes{1, 2, 3};
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, TakesAnswerWithTheDataReturnSent) {
  sent.data_return = Bytes{1, 2, 3};
  const auto octets =
      answer({status(CMCStatus::success, {kRequest}),
              {BodyPartID{}, cmc::oid::kDataReturn, {cmc::write_octets_value(Bytes{1, 2, 3})}}})
          .encode();
  EXPECT_TRUE(unwrap(read(octets)).success());
}

TEST_F(ReadResponse, RefusesTwoRecipientNonces) {
  auto controls = echo();
  controls.push_back(controls[1]);
  EXPECT_EQ(fault_of(unanswered(controls).encode()), Fault::malformed);
}

TEST_F(ReadResponse, RefusesTwoElementsWithOneBodyPartID) {
  /* matrix: E44 */
  auto controls = echo();
  for (auto& control : controls) control.body_part_id = BodyPartID{5};
  auto message = answer({});
  message.content = cmc::write_pki_response({controls, {}, {}});
  EXPECT_EQ(fault_of(message.encode()), Fault::duplicate_body_part);
}

// ------------------------------------------------------------------------- who answers

TEST_F(ReadResponse, RefusesAnswerChangedUnderItsSignature) {
  /* matrix: E40 */
  auto changed = answer({status(CMCStatus::success, {kRequest})});
  changed.content_sent = test::with_last_bit_changed(changed.content);
  EXPECT_EQ(fault_of(changed.encode()), Fault::bad_signature);
}

TEST_F(ReadResponse, RefusesAnswerThatNobodySigned) {
  auto unsigned_answer = answer({status(CMCStatus::success, {kRequest})});
  unsigned_answer.signers.clear();
  EXPECT_EQ(fault_of(unsigned_answer.encode()), Fault::bad_signature);
}

TEST_F(ReadResponse, RefusesAnswerWhoseSecondSignatureIsWrong) {
  /* matrix: E40 */
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers.push_back(message.signers.front());
  message.signers.back().signature = Bytes(70, 0x30);
  EXPECT_EQ(fault_of(message.encode()), Fault::bad_signature);
}

TEST_F(ReadResponse, RefusesAnswerByTheHolderOfAnEndEntityCertificate) {
  const auto mallory =
      ca.issue({.subject = "CN=Mallory,O=Test", .key = test::test_key("ec:p256", 3)});
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(mallory)};
  message.certificates.push_back(mallory.certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(ReadResponse, RefusesAnswerOfAnAuthorityThatIsNotTrusted) {
  /* matrix: E58 */
  const auto stranger_key = test::test_key("ec:p256", 4);
  test::TestCa stranger{"CN=Test CA,O=Test", stranger_key};
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(test::Credential{stranger_key, stranger.certificate()})};
  message.certificates = {stranger.certificate().der, alice.certificate.der};
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(ReadResponse, RefusesAnswerWhoseSignerIsNotCarried) {
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.certificates = {alice.certificate.der};
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(ReadResponse, RefusesAuthorityThatDidNotIssueTheCertificate) {
  const auto other_key = test::test_key("ec:p256", 5);
  test::TestCa other{"CN=Other CA,O=Test", other_key};
  trust = unwrap(proof::Trust::make({ca.certificate(), other.certificate()}, {}));
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(test::Credential{other_key, other.certificate()})};
  message.certificates.push_back(other.certificate().der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

// ------------------------------------------------------------------------- which certificate

TEST_F(ReadResponse, RefusesSuccessWithoutACertificateForOurKey) {
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(ca.issue({.key = test::test_key("ec:p256", 6)}).certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::possession_failed);
}

TEST_F(ReadResponse, RefusesOurKeyInACertificateOfAStranger) {
  /* matrix: E58 */
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 4)};
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(stranger.issue({.key = alice.key}).certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(ReadResponse, RefusesOurKeyInASelfSignedCertificate) {
  /* matrix: E58 */
  test::TestCa self{"CN=Alice,O=Test", alice.key};
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(self.certificate().der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

// ------------------------------------------------------------------------- Simple

TEST_F(ReadResponse, SimpleResponseToASimpleRequestGivesTheCertificate) {
  /* matrix: E49, E50 */
  ask_simply();
  const auto checked =
      unwrap(read(certificates_only({ca.certificate().der, alice.certificate.der})));
  EXPECT_TRUE(checked.simple);
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
}

TEST_F(ReadResponse, SimpleResponseFromAStrangerIsNotTrusted) {
  /* matrix: E52 */
  ask_simply();
  test::TestCa stranger{"CN=Stranger", test::test_key("ec:p256", 4)};
  const auto forged = stranger.issue({.key = alice.key});
  EXPECT_EQ(fault_of(certificates_only({stranger.certificate().der, forged.certificate.der})),
            Fault::untrusted_signer);
}

TEST_F(ReadResponse, SimpleResponseWithoutOurKeyIsRefused) {
  ask_simply();
  EXPECT_EQ(fault_of(certificates_only({ca.certificate().der})), Fault::possession_failed);
}

TEST_F(ReadResponse, SimpleResponseToAFullRequestIsRefused) {
  /* matrix: E105 */
  EXPECT_EQ(fault_of(certificates_only({ca.certificate().der, alice.certificate.der})),
            Fault::replayed);
}

TEST_F(ReadResponse, FullRefusalOfASimpleRequestNeedsNoNonce) {
  ask_simply();
  const auto checked = unwrap(
      read(unanswered({status(CMCStatus::failed, {kRequest}, CMCFailInfo::badIdentity)}, false)
               .encode()));
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
}

TEST_F(ReadResponse, MessageWithoutContentSignersAndCertificatesIsInternalCAError) {
  const auto checked = unwrap(read(certificates_only({})));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::internalCAError);
}

// ------------------------------------------------------------------------- octets

TEST_F(ReadResponse, RefusesOctetsThatAreNoMessage) {
  EXPECT_EQ(fault_of(as_bytes("<html>Not found</html>")), Fault::malformed);
}

TEST_F(ReadResponse, RefusesMessageThatIsNoResponse) {
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.content_type = cmc::oid::kPKIData;
  EXPECT_EQ(fault_of(message.encode()), Fault::malformed);
}

TEST_F(ReadResponse, RefusesTrailingOctet) {
  auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  octets.push_back(0);
  EXPECT_EQ(fault_of(octets), Fault::trailing_data);
}

// ------------------------------------------------------------------------- Dogtag's answers

/// An exchange with a live Dogtag 11.3.1, what must be remembered taken from its request.
struct LiveExchange {
  SentRequest sent;
  Bytes answer;
  proof::Trust trust;
  Time now{std::chrono::seconds{1795446000}};  // 2026-11-23T15:00:00Z
};

LiveExchange live(const std::string& name) {
  const auto folder = "interop/dogtag-live/" + name;
  const auto request = unwrap(cmc::read_pki_request(test::shared_file(folder + "/request.der")));
  SentRequest sent;
  for (const auto* wanted : cmc::requests_of(request)) {
    sent.request_ids.push_back(wanted->body_part_id());
    sent.keys.push_back(*wanted->public_key());
  }
  const auto& controls = cmc::controls_of(request);
  if (const auto* nonce = cmc::find_control(controls, cmc::oid::kSenderNonce)) {
    sent.sender_nonce = unwrap(cmc::read_octets_value(nonce->attr_values.front()));
  }
  if (const auto* transaction = cmc::find_control(controls, cmc::oid::kTransactionId)) {
    sent.transaction_id = unwrap(cmc::read_integer_value(transaction->attr_values.front()));
  }
  auto answer = test::shared_file(folder + "/response.der");
  const auto signed_data =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer)).content));
  std::vector<pkix::Certificate> anchors;
  for (const auto& certificate : signed_data.certificates) {
    if (certificate->issuer == certificate->subject) anchors.push_back(certificate);
  }
  return {std::move(sent), std::move(answer), unwrap(proof::Trust::make(anchors, {}))};
}

class DogtagsSuccess : public ::testing::TestWithParam<const char*> {};
TEST_P(DogtagsSuccess, IsTaken) {
  /* matrix: E54, E64 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto exchange = live(GetParam());
  const auto checked =
      unwrap(read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now));
  EXPECT_TRUE(checked.success());
}
INSTANTIATE_TEST_SUITE_P(All, DogtagsSuccess,
                         ::testing::Values("01-agent-signed-pkcs10", "10-user-signed-pkcs10",
                                           "05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2",
                                           "60-agent-signed-transactionId-senderNonce-dataReturn"));

TEST(DogtagsAnswer, RefusalIsTold) {
  /* matrix: E64 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto exchange = live("43-sharedtoken-no-identification");
  const auto checked =
      unwrap(read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
}

TEST(DogtagsAnswer, WithAnotherNonceIsRefused) {
  /* matrix: E105 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  auto exchange = live("60-agent-signed-transactionId-senderNonce-dataReturn");
  ASSERT_FALSE(exchange.sent.sender_nonce.empty());
  exchange.sent.sender_nonce.back() ^= 1;
  const auto checked = read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().fault, Fault::replayed);
}

// ------------------------------------------------------------------------- getCert and getCRL

TEST_F(ReadResponse, ASimpleOneAnswersWhatOnlyRetrieves) {
  /* matrix: E117, E118 */
  const auto octets = certificates_only({alice.certificate.der, ca.certificate().der});
  EXPECT_EQ(fault_of(octets), Fault::replayed) << "a request wants its nonce back";
  sent.request_ids.clear();
  sent.keys.clear();
  EXPECT_EQ(fault_of(octets), Fault::replayed);
  sent.only_retrieves = true;
  const auto checked = unwrap(read(octets));
  EXPECT_TRUE(checked.simple);
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.chain.size(), 2U);
}

}  // namespace
}  // namespace signet::client
