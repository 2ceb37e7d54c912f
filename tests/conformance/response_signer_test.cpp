// Who signs responses: a key of its own, to which the authority delegated that (RFC 10002 §9.1), or
// the authority's.
#include "authority/response_signer.h"

#include <gtest/gtest.h>

#include "client/read_response.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using authority::make_response_signer;

class ResponseSigner : public ::testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.delegates = true;
    return made;
  }
  authority::Answer ask(const Bytes& octets, const Holder& who) {
    authority::Inquiry inquiry;
    inquiry.octets = octets;
    inquiry.peer.tls_client_certificate = who.certificate.der;
    return ca.deliver_octets(std::move(inquiry));
  }
  /// The certificate by which the answer's only signer is named.
  static pkix::Certificate signer_of(const authority::Answer& answer) {
    const auto outer = unwrap(cms::read_content_info(answer.octets));
    const auto data = unwrap(cms::read_signed_data(outer.content));
    EXPECT_EQ(data.signer_infos.size(), 1U);
    const auto* found = envelope::find_signer_certificate(data, data.signer_infos.at(0).sid);
    EXPECT_NE(found, nullptr);
    return found == nullptr ? pkix::Certificate{} : *found;
  }
  Result<client::CheckedResponse> read(const authority::Answer& answer,
                                       const client::SentRequest& sent) {
    const auto trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
    return client::read_response(answer.octets, sent, trust, ca.clock.now());
  }

  TestAuthority ca{choices()};
};

TEST_F(ResponseSigner, SignsWhatIsGrantedAndTheClientKnowsTheAuthorityInIt) {
  /* matrix: E157 */
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto answer = ask(sent.octets, ca.alice);
  EXPECT_EQ(signer_of(answer).der, ca.cmc.certificate.der);
  EXPECT_EQ(ca.cmc.certificate->subject, ca.certificate()->subject);
  EXPECT_TRUE(unwrap(read(answer, sent)).success());
}

TEST_F(ResponseSigner, SignsRefusalsAndAnswersToWhatCannotBeRead) {
  const auto sent = ca.request(ca.alice, "CN=Mallory,O=Test");
  const auto refusal = ask(sent.octets, ca.alice);
  EXPECT_EQ(signer_of(refusal).der, ca.cmc.certificate.der);
  EXPECT_FALSE(unwrap(read(refusal, sent)).success());
  const auto broken = envelope::seal_signed_data(
      {.content_type = cmc::oid::kPKIData,
       .content = Bytes{0x30, 0x00},
       .key = *ca.alice.key,
       .signature_algorithm = unwrap(crypto::default_signature_algorithm(*ca.alice.key)),
       .sid = cms::IssuerAndSerialNumber{ca.alice.certificate->issuer,
                                         ca.alice.certificate->serial_number},
       .certificates = {ca.alice.certificate.der},
       .signing_time = {}});
  EXPECT_EQ(signer_of(ask(unwrap(broken), ca.alice)).der, ca.cmc.certificate.der);
}

TEST_F(ResponseSigner, SignsTheAnswerToARetryToo) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto first = unwrap(read(ask(sent.octets, ca.alice), sent));
  const auto again = unwrap(read(ask(sent.octets, ca.alice), sent));
  EXPECT_EQ(first.certificates, again.certificates);
}

TEST_F(ResponseSigner, GivesWayToAnotherWhileTheAuthorityServes) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  ca.authority().sign_responses_with(nullptr);
  const auto answer = ask(sent.octets, ca.alice);
  EXPECT_EQ(signer_of(answer).der, ca.certificate().der);
  EXPECT_TRUE(unwrap(read(answer, sent)).success());
}

// ------------------------------------------------------------ what may not be one

class MakeResponseSigner : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::shared_ptr<const authority::ResponseSigner>> make(
      const Credential& credential) const {
    return make_response_signer(credential.certificate, credential.key, {ca.certificate()});
  }
  void expect_refused(const Credential& credential, const std::string& words) const {
    const auto made = make(credential);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().fault, Fault::bad_configuration);
    EXPECT_NE(made.error().detail.find(words), std::string::npos) << made.error().detail;
  }
  TestCa ca;
};

TEST_F(MakeResponseSigner, TakesACertificateWithCmcCaOfTheAuthority) {
  EXPECT_TRUE(make(ca.issue({.purposes = {pkix::oid::kCmcCA}})).ok());
}

TEST_F(MakeResponseSigner, RefusesOneWithoutCmcCa) {
  expect_refused(ca.issue({.purposes = {pkix::oid::kCmcRA}}), "id-kp-cmcCA");
}

TEST_F(MakeResponseSigner, RefusesAnotherKeysCertificate) {
  auto credential = ca.issue({.purposes = {pkix::oid::kCmcCA}});
  credential.key = test_key("ec:p256", 7);
  expect_refused(credential, "another key");
}

TEST_F(MakeResponseSigner, RefusesOneOfAnotherAuthorityOfTheSameName) {
  TestCa stranger{"CN=Test CA,O=Test", test_key("ec:p384", 1)};
  expect_refused(stranger.issue({.purposes = {pkix::oid::kCmcCA}}), "this authority");
}

}  // namespace
}  // namespace signet::test
