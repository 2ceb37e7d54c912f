#include "proof/identity/identity.h"

#include <gmock/gmock.h>

#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/opened.h"
#include "support/test_records.h"

namespace signet::proof {
namespace {

using store::CertificateStatus;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ProveIdentity : public testing::Test {
 protected:
  static Fault fault_of(const Result<ProvenIdentity>& result) {
    return result.ok() ? Fault::internal : result.error().fault;
  }
  Fault fault_of(const test::Credential& signer) { return fault_of(records.prove(signer)); }

  static Bytes request_of(const test::Credential& signer) {
    return test::full_request(signer, {test::tagged(1, test::pkcs10())}).encode();
  }

  test::TestRecords records;
  test::Credential alice = records.enroll();
};

TEST_F(ProveIdentity, KnowsAUserByTheCertificateThatSigned) { /* matrix: E17, E82 */
  const auto identity = records.prove(alice);
  ASSERT_TRUE(identity.ok()) << identity.error().detail;
  EXPECT_EQ(identity->method(), IdentityMethod::signing_certificate);
  EXPECT_EQ(identity->role(), Role::user);
  ASSERT_NE(identity->certificate(), nullptr);
  EXPECT_EQ(*identity->certificate(), alice.certificate);
  EXPECT_EQ(identity->requester_hash(), crypto::sha256(alice.certificate.der));
  EXPECT_EQ(identity->name(), "CN=Alice,O=Test");
  EXPECT_FALSE(identity->identity_proof_bypassed());
}

// ------------------------------------------------------------ agents

TEST_F(ProveIdentity, KnowsAnAgentByItsVeryCertificate) {
  const auto agent = records.enroll({.subject = "CN=Agent,O=Test"});
  const auto namesake = records.enroll({.subject = "CN=Agent,O=Test"});
  records.rules.agents = {crypto::sha256(agent.certificate.der)};
  EXPECT_EQ(records.prove(agent)->role(), Role::agent);
  EXPECT_EQ(records.prove(namesake)->role(), Role::user);
}

TEST_F(ProveIdentity, KnowsAnAgentByCmcRAWhereTheRulesSaySo) { /* matrix: E158 */
  const auto ra = records.enroll({.subject = "CN=RA", .purposes = {pkix::oid::kCmcRA}});
  const auto client = records.enroll({.subject = "CN=C", .purposes = {pkix::oid::kClientAuth}});
  EXPECT_EQ(records.prove(ra)->role(), Role::agent);
  EXPECT_EQ(records.prove(client)->role(), Role::user);
  records.rules.cmc_ra_is_agent = false;
  EXPECT_EQ(records.prove(ra)->role(), Role::user);
}

// ------------------------------------------------------------ 1. exactly one existing certificate

TEST_F(ProveIdentity, RefusesTheKeyOfTheRequestAsAnIdentity) { /* matrix: S7 */
  const auto key = test::test_key();
  test::SignedMessage message;
  message.content = test::pki_data({}, {test::tagged(1, test::pkcs10({.key = key}))});
  message.signers = {test::signed_by_request_key(key, test::key_identifier_of(*key))};
  EXPECT_EQ(fault_of(records.prove(message.encode(), alice.certificate)), Fault::unknown_identity);
}

TEST_F(ProveIdentity, RefusesNoSignatureAndNoSigner) { /* matrix: S7, E167 */
  auto message = test::full_request(alice, {test::tagged(1, test::pkcs10())});
  message.signers = {test::signed_by_nobody({1, 2, 3})};
  EXPECT_EQ(fault_of(records.prove(message.encode(), alice.certificate)), Fault::unknown_identity);
  message.signers = {};
  EXPECT_EQ(fault_of(records.prove(message.encode(), alice.certificate)), Fault::unknown_identity);
}

TEST_F(ProveIdentity, RefusesTwoSigners) {
  const auto bob = records.enroll({.subject = "CN=Bob,O=Test"});
  auto message = test::full_request(alice, {test::tagged(1, test::pkcs10())});
  message.signers.push_back(test::signed_by(bob));
  message.certificates.push_back(bob.certificate.der);
  EXPECT_EQ(fault_of(records.prove(message.encode(), alice.certificate)), Fault::unknown_identity);
}

// ------------------------------------------------------------ 2. on a valid path now

TEST_F(ProveIdentity, RefusesACertificateOfAnUnknownAuthority) {
  test::TestCa stranger{"CN=Stranger CA"};
  EXPECT_EQ(fault_of(stranger.issue()), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesAMadeUpCertificateThatBorrowsOurNameAndSerialNumber) {
  test::TestCa impostor{"CN=Test CA,O=Test"};
  const auto made_up = impostor.issue({.serial_number = alice.certificate->serial_number});
  EXPECT_EQ(fault_of(made_up), Fault::untrusted_signer);
  auto message = test::full_request(made_up, {test::tagged(1, test::pkcs10())});
  message.certificates.push_back(impostor.certificate().der);
  EXPECT_EQ(fault_of(records.prove(message.encode(), made_up.certificate)),
            Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesACertificateBeforeAndAfterItsTime) {
  const auto [from, to] = alice.certificate->validity;
  records.now = to - std::chrono::seconds{1};
  EXPECT_TRUE(records.prove(alice).ok());
  records.now = to + std::chrono::seconds{1};
  EXPECT_EQ(fault_of(alice), Fault::untrusted_signer);
  records.now = from;
  EXPECT_TRUE(records.prove(alice).ok());
  records.now = from - std::chrono::seconds{1};
  EXPECT_EQ(fault_of(alice), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesACertificateThatIsNotForSigning) {
  const auto encryption_only = records.enroll({.key_usage = {pkix::KeyUsageBit::keyEncipherment}});
  EXPECT_EQ(fault_of(encryption_only), Fault::untrusted_signer);
  const auto non_repudiation = records.enroll({.key_usage = {pkix::KeyUsageBit::nonRepudiation}});
  EXPECT_TRUE(records.prove(non_repudiation).ok());
}

// ------------------------------------------------------------ 3. our record, or a foreign issuer's

TEST_F(ProveIdentity, RefusesACertificateThatIsInNoRecord) {
  EXPECT_EQ(fault_of(records.ca.issue()), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesAnotherCertificateWithTheSerialNumberOfARecord) {
  const auto twin = records.ca.issue({.serial_number = alice.certificate->serial_number});
  EXPECT_EQ(fault_of(twin), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesTheAuthorityItselfWhereItIsInNoRecord) {
  const test::Credential own{test::Key(&records.ca.key(), [](const auto*) {}),
                             records.ca.certificate()};
  EXPECT_EQ(fault_of(own), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesARevokedCertificateAtOnce) {
  EXPECT_TRUE(records.prove(alice).ok());
  records.change_status(alice.certificate, CertificateStatus::revoked);
  const auto refused = records.prove(alice);
  EXPECT_EQ(fault_of(refused), Fault::untrusted_signer);
  EXPECT_THAT(refused.error().detail, AllOf(HasSubstr("CN=Alice,O=Test"), HasSubstr("revoked")));
}

TEST_F(ProveIdentity, RefusesACertificateOnHoldUntilItIsReleased) {
  records.change_status(alice.certificate, CertificateStatus::on_hold);
  EXPECT_EQ(fault_of(alice), Fault::untrusted_signer);
  records.change_status(alice.certificate, CertificateStatus::valid);
  EXPECT_TRUE(records.prove(alice).ok());
}

TEST_F(ProveIdentity, TakesWhomAConfiguredForeignIssuerCertifiesForAUser) { /* matrix: E82 */
  test::TestCa maker{"CN=Device Maker CA"};
  const auto device = maker.issue({.subject = "CN=Device 7", .purposes = {pkix::oid::kCmcRA}});
  records.rules.foreign_issuers = {maker.certificate()};
  records.rules.agents = {crypto::sha256(device.certificate.der)};
  const auto identity = records.prove(device);
  ASSERT_TRUE(identity.ok()) << identity.error().detail;
  EXPECT_EQ(identity->role(), Role::user);
}

TEST_F(ProveIdentity, RefusesATrustedIssuerThatIsNotConfiguredAsForeign) {
  test::TestCa maker{"CN=Device Maker CA"};
  records.more_anchors = {maker.certificate()};
  EXPECT_EQ(fault_of(maker.issue()), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesATrustedIssuerThatBorrowsTheNameOfAForeignOne) {
  const test::TestCa maker{"CN=Device Maker CA"};
  test::TestCa namesake{"CN=Device Maker CA"};
  records.rules.foreign_issuers = {maker.certificate()};
  records.more_anchors = {namesake.certificate()};
  EXPECT_EQ(fault_of(namesake.issue()), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, RefusesATrustedIssuerThatSharesTheKeyOfAForeignOne) {
  const auto key = test::test_key("ec:p256", 1);
  test::TestCa maker{"CN=Device Maker CA", key};
  test::TestCa sister{"CN=Sister CA", key};
  records.rules.foreign_issuers = {maker.certificate()};
  records.more_anchors = {sister.certificate()};
  EXPECT_TRUE(records.prove(maker.issue()).ok());
  EXPECT_EQ(fault_of(sister.issue()), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, LetsAnExpiredCertificateOfOursPassWhereARuleSaysSoAndNoForeignOne) {
  using std::chrono::hours;
  const pkix::Validity past{test::kTestTime - hours{2}, test::kTestTime - hours{1}};
  const auto ended = records.enroll({.validity = past});
  test::TestCa maker{"CN=Device Maker CA"};
  records.rules.foreign_issuers = {maker.certificate()};
  const auto foreign = maker.issue({.validity = past});
  EXPECT_EQ(fault_of(ended), Fault::untrusted_signer);
  records.expired_signers = true;
  const auto identity = records.prove(ended);
  ASSERT_TRUE(identity.ok()) << identity.error().detail;
  EXPECT_TRUE(identity->is_expired());
  EXPECT_EQ(fault_of(foreign), Fault::untrusted_signer);
}

TEST_F(ProveIdentity, SaysWhenTheRecordsCannotBeRead) {
  class BrokenStore : public store::CertificateStore {
   public:
    using Records = std::vector<store::CertificateRecord>;
    static Error broken() { return {Fault::storage_failed, "disk"}; }
    Result<std::optional<store::CertificateRecord>> find_certificate(
        const pkix::Integer&) const override {
      return broken();
    }
    Result<Records> find_by_subject(ByteView) const override { return broken(); }
    Result<Records> find_some_by_subject(ByteView, std::size_t) const override { return broken(); }
    Result<Records> find_by_key(ByteView) const override { return broken(); }
    Result<Records> find_certificates(const Query&) const override { return broken(); }
    Result<store::Seen> seen_before(const store::AnsweredRequest&) const override {
      return broken();
    }
  };
  const BrokenStore store;
  const store::MemoryEngine no_tokens;
  std::optional<store::TokenFailure> failed_proof;
  UsedTolerances tolerated;
  const auto opened = test::open(request_of(alice));
  const auto trust = test::unwrap(Trust::make({records.ca.certificate()}, {}));
  const auto& ca = records.ca.certificate();
  EXPECT_EQ(fault_of(prove_identity(opened.request(), {alice.certificate.der, ""},
                                    {.trust = trust,
                                     .store = store,
                                     .tokens = no_tokens,
                                     .secrets = nullptr,
                                     .rules = records.rules,
                                     .authority = ca,
                                     .now = records.now,
                                     .failed_proof = failed_proof,
                                     .tolerated = tolerated})),
            Fault::storage_failed);
}

// ------------------------------------------------------------ 4. the TLS connection

TEST_F(ProveIdentity, DemandsATlsClientCertificate) {
  const auto refused = records.prove(request_of(alice), std::nullopt);
  EXPECT_EQ(fault_of(refused), Fault::tls_mismatch);
  EXPECT_THAT(refused.error().detail, AllOf(HasSubstr("CN=Alice,O=Test"),
                                            HasSubstr(alice.certificate->serial_number.to_hex()),
                                            HasSubstr("no client certificate")));
}

TEST_F(ProveIdentity, SaysOverTcpThatWhatACertificateSignedIsTakenOverHttps) {
  records.transport = TransportKind::tcp;
  const auto of_user = records.prove(request_of(alice), std::nullopt);
  EXPECT_EQ(fault_of(of_user), Fault::tls_mismatch);
  EXPECT_THAT(
      of_user.error().detail,
      AllOf(HasSubstr("CN=Alice,O=Test"), HasSubstr("is taken over HTTPS alone"),
            HasSubstr("https://, in the place of tcp://"), Not(HasSubstr("TLS connection"))));
  const auto bare = records.prove(test::pkcs10(), std::nullopt);
  EXPECT_EQ(fault_of(bare), Fault::unknown_identity);
  EXPECT_THAT(bare.error().detail,
              AllOf(HasSubstr("send it over HTTPS (https://, in the place of tcp://)"),
                    HasSubstr("shared secret"), Not(HasSubstr("TLS connection"))));
}

TEST_F(ProveIdentity, RefusesASignedMessageOverAnothersConnection) {
  const auto bob = records.enroll({.subject = "CN=Bob,O=Test"});
  for (const auto match : {TlsMatch::certificate, TlsMatch::subject}) {
    records.rules.tls_match = match;
    const auto refused = records.prove(request_of(alice), bob.certificate);
    EXPECT_EQ(fault_of(refused), Fault::tls_mismatch);
    EXPECT_THAT(refused.error().detail, AllOf(HasSubstr("CN=Alice"), HasSubstr("CN=Bob")));
  }
}

TEST_F(ProveIdentity, TakesAnotherCertificateOfTheSameSubjectOnlyWhereTheRulesSaySo) {
  const auto second = records.enroll({.subject = "CN=#1305416c696365,O=Test"});  // PrintableString
  EXPECT_EQ(fault_of(records.prove(request_of(alice), second.certificate)), Fault::tls_mismatch);
  records.rules.tls_match = TlsMatch::subject;
  EXPECT_TRUE(records.prove(request_of(alice), second.certificate).ok());
  const auto other = records.enroll({.subject = "CN=alice,O=Test"});
  EXPECT_EQ(fault_of(records.prove(request_of(alice), other.certificate)), Fault::tls_mismatch);
}

TEST_F(ProveIdentity, ChecksTheOtherCertificateOfTheSameSubjectLikeTheSigner) {
  records.rules.tls_match = TlsMatch::subject;
  test::TestCa stranger{"CN=Stranger CA"};
  const auto in_no_record = records.ca.issue();
  const auto revoked = records.enroll();
  records.change_status(revoked.certificate, CertificateStatus::revoked);
  for (const auto& bad : {stranger.issue(), in_no_record, revoked}) {
    EXPECT_EQ(fault_of(records.prove(request_of(alice), bad.certificate)), Fault::tls_mismatch);
  }
}

TEST_F(ProveIdentity, TakesNoForeignIssuersCertificateForTheOtherOfTheSameSubject) {
  records.rules.tls_match = TlsMatch::subject;
  test::TestCa maker{"CN=Device Maker CA"};
  records.rules.foreign_issuers = {maker.certificate()};
  const auto namesake = maker.issue({.subject = "CN=Alice,O=Test"});
  const auto refused = records.prove(request_of(alice), namesake.certificate);
  ASSERT_EQ(fault_of(refused), Fault::tls_mismatch);
  EXPECT_THAT(refused.error().detail, HasSubstr("foreign issuer"));
  EXPECT_TRUE(records.prove(request_of(namesake), namesake.certificate).ok()) << "its very own";
}

TEST_F(ProveIdentity, HoldsNoTwoEmptySubjectsForTheSame) {
  records.rules.tls_match = TlsMatch::subject;
  const pkix::GeneralNames names{pkix::DnsName{"a.test"}};
  const auto one = records.enroll({.subject = "", .alternative_names = names});
  const auto other = records.enroll({.subject = "", .alternative_names = names});
  EXPECT_TRUE(records.prove(one).ok());
  EXPECT_EQ(fault_of(records.prove(request_of(one), other.certificate)), Fault::tls_mismatch);
}

// ------------------------------------------------------------ Simple PKI Requests

TEST_F(ProveIdentity, KnowsTheSenderOfASimpleRequestByTls) { /* matrix: A05 */
  records.rules.agents = {crypto::sha256(alice.certificate.der)};
  const auto identity = records.prove(test::pkcs10(), alice.certificate);
  ASSERT_TRUE(identity.ok()) << identity.error().detail;
  EXPECT_EQ(identity->method(), IdentityMethod::tls_client_certificate);
  EXPECT_EQ(identity->role(), Role::agent);
  ASSERT_NE(identity->certificate(), nullptr);
  EXPECT_EQ(*identity->certificate(), alice.certificate);
}

TEST_F(ProveIdentity, RefusesASimpleRequestOfWhoIsNoAgent) { /* matrix: E03 */
  EXPECT_EQ(fault_of(records.prove(test::pkcs10(), alice.certificate)), Fault::unknown_identity);
  EXPECT_EQ(fault_of(records.prove(test::pkcs10(), std::nullopt)), Fault::unknown_identity);
}

TEST_F(ProveIdentity, ChecksTheAgentOfASimpleRequestLikeASigner) {
  const auto unrecorded = records.ca.issue({.purposes = {pkix::oid::kCmcRA}});
  EXPECT_EQ(fault_of(records.prove(test::pkcs10(), unrecorded.certificate)),
            Fault::untrusted_signer);
  const auto agent = records.enroll({.purposes = {pkix::oid::kCmcRA}});
  EXPECT_TRUE(records.prove(test::pkcs10(), agent.certificate).ok());
  records.change_status(agent.certificate, CertificateStatus::revoked);
  EXPECT_EQ(fault_of(records.prove(test::pkcs10(), agent.certificate)), Fault::untrusted_signer);
}

// ------------------------------------------------------------ identity proofs are passed over

TEST_F(ProveIdentity, NotesAnIdentityProofThatItPassesOver) { /* matrix: E17 */
  for (const auto& type : {cmc::oid::kIdentityProof, cmc::oid::kIdentityProofV2}) {
    const auto control = test::control(2, type, cmc::write_octets_value(Bytes(20, 0)));
    const auto message =
        test::full_request(alice, {test::tagged(1, test::pkcs10())}, {control}).encode();
    const auto identity = records.prove(message, alice.certificate);
    ASSERT_TRUE(identity.ok()) << identity.error().detail;
    EXPECT_TRUE(identity->identity_proof_bypassed());
  }
}

}  // namespace
}  // namespace signet::proof
