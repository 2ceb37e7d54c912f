// Who signed a Full PKI Response, and may answer.
#include "client/response_signature.h"

#include "codec/pkix/oids.h"
#include "support/response_scene.h"

namespace signet::client {
namespace {

using cmc::CMCStatus;
using test::unwrap;

class SignedResponse : public test::ResponseScene {};

TEST_F(SignedResponse, RefusesAnswerChangedUnderItsSignature) {
  /* matrix: E40 */
  auto changed = answer({status(CMCStatus::success, {kRequest})});
  changed.content_sent = test::with_last_bit_changed(changed.content);
  EXPECT_EQ(fault_of(changed.encode()), Fault::bad_signature);
}

TEST_F(SignedResponse, RefusesAnswerThatNobodySigned) {
  auto unsigned_answer = answer({status(CMCStatus::success, {kRequest})});
  unsigned_answer.signers.clear();
  EXPECT_EQ(fault_of(unsigned_answer.encode()), Fault::bad_signature);
}

TEST_F(SignedResponse, RefusesAnswerWhoseSecondSignatureIsWrong) {
  /* matrix: E40 */
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers.push_back(message.signers.front());
  message.signers.back().signature = Bytes(70, 0x30);
  EXPECT_EQ(fault_of(message.encode()), Fault::bad_signature);
}

TEST_F(SignedResponse, RefusesAnswerByTheHolderOfAnEndEntityCertificate) {
  const auto mallory =
      ca.issue({.subject = "CN=Mallory,O=Test", .key = test::test_key("ec:p256", 3)});
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(mallory)};
  message.certificates.push_back(mallory.certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(SignedResponse, RefusesAnswerOfAnAuthorityThatIsNotTrusted) {
  /* matrix: E58 */
  const auto stranger_key = test::test_key("ec:p256", 4);
  test::TestCa stranger{"CN=Test CA,O=Test", stranger_key};
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(test::Credential{stranger_key, stranger.certificate()})};
  message.certificates = {stranger.certificate().der, alice.certificate.der};
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(SignedResponse, RefusesAnswerWhoseSignerIsNotCarried) {
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.certificates = {alice.certificate.der};
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(SignedResponse, RefusesAuthorityThatDidNotIssueTheCertificate) {
  const auto other_key = test::test_key("ec:p256", 5);
  test::TestCa other{"CN=Other CA,O=Test", other_key};
  trust = unwrap(proof::Trust::make({ca.certificate(), other.certificate()}, {}));
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.signers = {test::signed_by(test::Credential{other_key, other.certificate()})};
  message.certificates.push_back(other.certificate().der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

// ------------------------------------------------------------------------- by a delegate

/// The answer again, signed by somebody else, whose certificate comes along.
class DelegatedResponse : public test::ResponseScene {
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

}  // namespace
}  // namespace signet::client
