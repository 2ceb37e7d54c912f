// Messages that no certificate signed: the key of a request did, or nobody (RFC 10002 §3.2, §C.1).
#include <gtest/gtest.h>

#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "envelope/open_request.h"
#include "support/open_request_scene.h"

namespace signet::envelope {
namespace {

using test::open;

// ------------------------------------------------------------ the key of a request

class SignedByRequestKey : public test::OpenRequestScene {
 protected:
  test::Key key = test::test_key("ec:p256", 7);
  Bytes ski = test::key_identifier_of(*key);

  test::SignedMessage around(const std::vector<Bytes>& tagged_requests) {
    test::SignedMessage message;
    message.content = test::pki_data({}, tagged_requests);
    message.signers = {test::signed_by_request_key(key, ski)};
    return message;
  }
};

TEST_F(SignedByRequestKey, NamesTheRequest) { /* matrix: E10, E11, E12 */
  const auto others = test::tagged(1, test::pkcs10());
  for (const auto& own : {test::tagged(9, test::pkcs10({.key = key})),
                          test::tagged(test::crmf({.id = 9, .key = key}))}) {
    const auto opened = open(around({others, own}).encode());
    ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
    ASSERT_EQ(opened.request().signers().size(), 1U);
    const auto* signer = std::get_if<RequestKeySigner>(&opened.request().signers()[0]);
    ASSERT_NE(signer, nullptr);
    EXPECT_EQ(signer->request, cmc::BodyPartID{9});
  }
}

TEST_F(SignedByRequestKey, TakesTheIdentifierAsAskedForNotAsComputed) { /* matrix: E12 */
  ski = Bytes{1, 2, 3};
  const auto own = test::pkcs10({.key = key,
                                 .extensions = {{pkix::oid::kSubjectKeyIdentifier, false,
                                                 pkix::write_subject_key_identifier(ski)}}});
  EXPECT_TRUE(open(around({test::tagged(1, own)}).encode()).result.ok());
}

TEST_F(SignedByRequestKey, RefusesARequestThatDoesNotAskForTheIdentifier) { /* matrix: E10, E12 */
  const auto own = test::pkcs10({.key = key, .without_ski = true});
  EXPECT_EQ(fault_of(around({test::tagged(1, own)})), Fault::untrusted_signer);
}

TEST_F(SignedByRequestKey, ComesBeforeACertificateWithTheSameIdentifier) { /* matrix: S7 */
  key = alice.key;
  ski = test::key_identifier_of(*key);
  auto message = around({test::tagged(1, test::pkcs10({.key = key}))});
  message.certificates = {alice.certificate.der};
  const auto opened = open(message.encode());
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  EXPECT_TRUE(std::holds_alternative<RequestKeySigner>(opened.request().signers()[0]));
}

TEST_F(SignedByRequestKey, RefusesASecondSigner) { /* matrix: E13 */
  auto message = around({test::tagged(1, test::pkcs10({.key = key}))});
  message.signers.push_back(test::signed_by(alice));
  message.certificates = {alice.certificate.der};
  EXPECT_EQ(fault_of(message), Fault::malformed);
}

TEST_F(SignedByRequestKey, RefusesTwoRequestsForTheSameIdentifier) { /* matrix: E12 */
  const auto message = around({test::tagged(1, test::pkcs10({.key = key})),
                               test::tagged(test::crmf({.id = 2, .key = key}))});
  EXPECT_EQ(fault_of(message), Fault::malformed);
}

TEST_F(SignedByRequestKey, RefusesASignatureByAnotherKey) {
  auto message = around({test::tagged(1, test::pkcs10({.key = key}))});
  message.signers[0].key = alice.key;
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(SignedByRequestKey, RefusesARequestWithoutKey) {
  const auto keyless =
      test::crmf({.key = key, .edit_template = [](auto& wanted) { wanted.public_key.reset(); }});
  EXPECT_EQ(fault_of(around({test::tagged(keyless)})), Fault::malformed);
}

// ------------------------------------------------------------ nobody

class NoSignature : public test::OpenRequestScene {
 protected:
  test::SignedMessage unsigned_message() {
    test::SignedMessage message;
    message.content = test::pki_data({}, {test::tagged(1, test::pkcs10())});
    message.signers = {test::signed_by_nobody(test::key_identifier_of(*test::test_key()))};
    return message;
  }
};

TEST_F(NoSignature, IsReadAndItsValuePassedOver) { /* matrix: B31, E166, E167, E169 */
  auto message = unsigned_message();
  for (const auto& value : {Bytes{0x04, 0x00}, Bytes{0xFF}}) {
    message.signers[0].signature = value;
    const auto opened = open(message.encode());
    ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
    EXPECT_TRUE(std::holds_alternative<NoSignatureSigner>(opened.request().signers()[0]));
  }
}

TEST_F(NoSignature, MustHaveNullParameters) { /* matrix: E166 */
  auto message = unsigned_message();
  message.signers[0].signature_algorithm = pkix::AlgorithmIdentifier{pkix::oid::kNoSignature, {}};
  EXPECT_EQ(fault_of(message), Fault::malformed);
}

TEST_F(NoSignature, MustNameItsSignerByKeyIdentifier) { /* matrix: E169 */
  auto message = unsigned_message();
  message.signers[0].sid = test::signed_by(alice).sid;
  message.certificates = {alice.certificate.der};
  EXPECT_EQ(fault_of(message), Fault::malformed);
}

TEST_F(NoSignature, StillNeedsTheDigestOfTheContent) { /* matrix: E165 */
  auto message = unsigned_message();
  message.content_sent = test::pki_data({}, {});
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
  message = unsigned_message();
  message.signers[0].signed_attributes = test::SignedAttributes::absent;
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(NoSignature, HasNoSigningTimeToBelieve) {
  auto message = unsigned_message();
  message.signers[0].signing_time = test::kTestTime;
  EXPECT_EQ(open(message.encode()).request().signing_time(), std::nullopt);
}

}  // namespace
}  // namespace signet::envelope
