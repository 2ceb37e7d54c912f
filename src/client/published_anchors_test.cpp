#include "client/published_anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/read_response.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using std::chrono::minutes;
using test::unwrap;

/// An authority that got another key, and answers signed by the old one.
class PublishedAnchorsTest : public ::testing::Test {
 protected:
  [[nodiscard]] cmc::PublishTrustAnchors announcement() const {
    cmc::PublishTrustAnchors value;
    value.seq_number = asn1::Integer::from(1800000000);
    value.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
    value.anchor_hashes = {crypto::sha256(fresh.certificate().der),
                           crypto::sha256(old.certificate().der)};
    return value;
  }
  [[nodiscard]] test::SignedMessage answer(
      const std::vector<cmc::PublishTrustAnchors>& announcements) const {
    cmc::PKIResponse response;
    std::uint32_t id = 1;
    for (const auto& each : announcements) {
      response.control_sequence.push_back({cmc::BodyPartID{id++},
                                           cmc::oid::kTrustedAnchors,
                                           {cmc::write_publish_trust_anchors(each)}});
    }
    auto signing = test::signed_by(test::Credential{old_key, old.certificate()});
    signing.signing_time = test::kTestTime;
    return {.content = cmc::write_pki_response(response),
            .content_type = cmc::oid::kPKIResponse,
            .signers = {signing},
            .certificates = {old.certificate().der, fresh.certificate().der, cross.der}};
  }
  /// The answer with these in the place of the cross-certificate.
  [[nodiscard]] test::SignedMessage answer_with(
      const std::vector<pkix::Certificate>& certificates) const {
    auto message = answer({announcement()});
    message.certificates.pop_back();
    for (const auto& each : certificates) message.certificates.push_back(each.der);
    return message;
  }
  [[nodiscard]] std::optional<Result<PublishedAnchors>> find(const test::SignedMessage& message,
                                                             Time now = test::kTestTime) const {
    const auto info = unwrap(cms::read_content_info(message.encode()));
    const auto data = unwrap(cms::read_signed_data(info.content));
    const auto trust = unwrap(proof::Trust::make({old.certificate()}, {}));
    const auto signers = unwrap(verify_response_signature(data, trust, now, Answerer::authority));
    const auto response = unwrap(cmc::read_pki_response(message.content));
    return find_published_anchors(data, response, {signers, trust, now});
  }
  [[nodiscard]] Fault fault_of(const test::SignedMessage& message,
                               Time now = test::kTestTime) const {
    const auto found = find(message, now);
    return !found || found->ok() ? Fault::internal : found->error().fault;
  }
  [[nodiscard]] Fault fault_of(const cmc::PublishTrustAnchors& value) const {
    return fault_of(answer({value}));
  }

  test::Key old_key = test::test_key("ec:p256", 0);
  test::TestCa old{"CN=Test CA,O=Test", old_key};
  test::TestCa fresh{"CN=Test CA,O=Test", test::test_key("ec:p256", 1)};
  pkix::Certificate cross = old.vouch_for(fresh);
};

TEST_F(PublishedAnchorsTest, AreThoseThatTheAnswerNamesAndCarries) {
  /* matrix: C70, E128, E129, E130, E132 */
  const auto found = find(answer({announcement()}));
  ASSERT_TRUE(found);
  const auto published = unwrap(*found);
  EXPECT_EQ(published.authority(), old.certificate()->subject);
  EXPECT_EQ(published.sequence_number(), asn1::Integer::from(1800000000));
  EXPECT_THAT(published.anchors(),
              ::testing::UnorderedElementsAre(old.certificate(), fresh.certificate()));
}

TEST_F(PublishedAnchorsTest, AreNoneWhereNothingIsSaid) {
  EXPECT_FALSE(find(answer({})));
}

TEST_F(PublishedAnchorsTest, AreNamedOnceByOneControl) {
  EXPECT_EQ(fault_of(answer({announcement(), announcement()})), Fault::malformed);
}

TEST_F(PublishedAnchorsTest, AreNotThoseThatNoHashNames) {
  /* matrix: E132 */
  auto other = announcement();
  other.anchor_hashes.front().back() ^= 1;
  EXPECT_EQ(unwrap(*find(answer({other}))).anchors(),
            std::vector<pkix::Certificate>{old.certificate()});
  other.anchor_hashes.pop_back();
  EXPECT_EQ(fault_of(other), Fault::certificate_not_found);
}

TEST_F(PublishedAnchorsTest, AreNamedBySha256AtLeast) {
  /* matrix: B24, E132 */
  for (const auto algorithm : {crypto::DigestAlgorithm::sha384, crypto::DigestAlgorithm::sha512}) {
    auto stronger = announcement();
    stronger.hash_algorithm = crypto::algorithm_identifier(algorithm);
    stronger.anchor_hashes = {crypto::digest(algorithm, fresh.certificate().der)};
    EXPECT_EQ(unwrap(*find(answer({stronger}))).anchors().size(), 1U);
  }
  for (const auto algorithm : {crypto::DigestAlgorithm::sha1, crypto::DigestAlgorithm::sha224}) {
    auto weaker = announcement();
    weaker.hash_algorithm = crypto::algorithm_identifier(algorithm);
    weaker.anchor_hashes = {crypto::digest(algorithm, fresh.certificate().der)};
    EXPECT_EQ(fault_of(weaker), Fault::unsupported_algorithm);
  }
  auto unknown = announcement();
  unknown.hash_algorithm.algorithm = asn1::Oid{"1.2.3.4"};
  EXPECT_EQ(fault_of(unknown), Fault::unsupported_algorithm);
}

TEST_F(PublishedAnchorsTest, AreSignedWithinAnHour) {
  /* matrix: E130 */
  const auto message = answer({announcement()});
  EXPECT_TRUE(find(message, test::kTestTime + minutes{60})->ok());
  EXPECT_EQ(fault_of(message, test::kTestTime + minutes{60} + std::chrono::seconds{1}),
            Fault::stale_time);
  EXPECT_EQ(fault_of(message, test::kTestTime - minutes{61}), Fault::stale_time);
  auto timeless = message;
  timeless.signers.front().signing_time.reset();
  EXPECT_EQ(fault_of(timeless), Fault::stale_time);
}

TEST_F(PublishedAnchorsTest, AreRootsOfTheAuthoritysName) {
  /* matrix: E129 */
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 2)};
  const auto user = old.issue();
  for (const auto* foreign : {&other.certificate(), &user.certificate}) {
    auto value = announcement();
    value.anchor_hashes = {crypto::sha256(foreign->der)};
    auto message = answer({value});
    message.certificates.push_back(foreign->der);
    EXPECT_EQ(fault_of(message), Fault::untrusted_signer);
  }
}

TEST_F(PublishedAnchorsTest, ByAKeyWithCmcCaSpeakForItsIssuer) {
  /* matrix: E129 */
  const auto delegate =
      old.issue({.subject = "CN=Responder", .key = old_key, .purposes = {pkix::oid::kCmcCA}});
  auto message = answer({announcement()});
  message.signers = {test::signed_by(delegate)};
  message.signers.front().signing_time = test::kTestTime;
  message.certificates.push_back(delegate.certificate.der);
  EXPECT_EQ(unwrap(*find(message)).authority(), old.certificate()->subject);
}

TEST_F(PublishedAnchorsTest, AreVouchedForByAKeyThatIsTrustedNow) {
  /* matrix: E128, E129 */
  EXPECT_TRUE(find(answer_with({cross}))->ok());
  test::TestCa impostor{"CN=Test CA,O=Test", test::test_key("ec:p256", 4)};
  EXPECT_EQ(fault_of(answer_with({})), Fault::untrusted_signer) << "a delegate's word alone";
  EXPECT_EQ(fault_of(answer_with({old.vouch_for(impostor)})), Fault::untrusted_signer)
      << "for another key";
  EXPECT_EQ(fault_of(answer_with({impostor.vouch_for(fresh)})), Fault::untrusted_signer)
      << "by a key that nobody trusts";
  EXPECT_EQ(fault_of(answer_with({fresh.vouch_for(old)})), Fault::untrusted_signer)
      << "old with new";
  const auto user =
      old.issue({.subject = "CN=Test CA,O=Test", .key = test::test_key("ec:p256", 1)});
  EXPECT_EQ(fault_of(answer_with({user.certificate})), Fault::untrusted_signer) << "no authority";
}

TEST_F(PublishedAnchorsTest, AreNotVouchedForByACertificateWhoseTimeIsOver) {
  const pkix::Validity yesterday{test::kTestTime - std::chrono::hours{48},
                                 test::kTestTime - std::chrono::hours{24}};
  EXPECT_EQ(fault_of(answer_with({old.vouch_for(fresh, yesterday)})), Fault::untrusted_signer);
}

TEST_F(PublishedAnchorsTest, AreNotVouchedForByAnAuthorityBelow) {
  test::TestCa below{"CN=Below,O=Test", test::test_key("ec:p256", 5)};
  test::TestCa fake{"CN=Test CA,O=Test", test::test_key("ec:p256", 6)};
  EXPECT_EQ(fault_of(answer_with({old.vouch_for(below), below.vouch_for(fresh)})),
            Fault::untrusted_signer);
  EXPECT_EQ(
      fault_of(answer_with({old.vouch_for(below), below.vouch_for(fake), fake.vouch_for(fresh)})),
      Fault::untrusted_signer);
}

TEST_F(PublishedAnchorsTest, MayBeVouchedForByAKeyBetween) {
  test::TestCa between{"CN=Test CA,O=Test", test::test_key("ec:p256", 7)};
  EXPECT_TRUE(find(answer_with({between.vouch_for(fresh), old.vouch_for(between)}))->ok());
  EXPECT_EQ(fault_of(answer_with({between.vouch_for(fresh)})), Fault::untrusted_signer);
}

TEST_F(PublishedAnchorsTest, ThatAreTrustedAlreadyNeedNobodysWord) {
  auto value = announcement();
  value.anchor_hashes = {crypto::sha256(old.certificate().der)};
  auto message = answer({value});
  message.certificates = {old.certificate().der};
  EXPECT_EQ(unwrap(*find(message)).anchors(), std::vector<pkix::Certificate>{old.certificate()});
}

TEST_F(PublishedAnchorsTest, ByAUserOrTheNewKeyItselfMakeTheWholeAnswerRefused) {
  /* matrix: E128, E129 */
  const SentRequest sent{};
  const auto trust = unwrap(proof::Trust::make({old.certificate()}, {}));
  const auto user = old.issue({.key = test::test_key("ec:p256", 3)});
  const test::Credential newcomer{test::test_key("ec:p256", 1), fresh.certificate()};
  for (const auto& signer : {user, newcomer}) {
    auto message = answer({announcement()});
    message.signers = {test::signed_by(signer)};
    message.signers.front().signing_time = test::kTestTime;
    message.certificates.push_back(signer.certificate.der);
    const auto read = read_response(message.encode(), sent, trust, test::kTestTime);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, Fault::untrusted_signer);
  }
}

TEST_F(PublishedAnchorsTest, ComeInSetsOfGrowingNumber) {
  /* matrix: E131 */
  const auto published = unwrap(*find(answer({announcement()})));
  EXPECT_TRUE(check_is_newer(published, asn1::Integer{}).ok());
  EXPECT_TRUE(check_is_newer(published, asn1::Integer::from(1799999999)).ok());
  EXPECT_EQ(check_is_newer(published, asn1::Integer::from(1800000000)).error().fault,
            Fault::replayed);
  EXPECT_EQ(check_is_newer(published, asn1::Integer::from(0x100000000ULL)).error().fault,
            Fault::replayed);
  auto negative = announcement();
  negative.seq_number.octets = {0xFF};
  EXPECT_EQ(check_is_newer(unwrap(*find(answer({negative}))), asn1::Integer{}).error().fault,
            Fault::replayed);
}

}  // namespace
}  // namespace signet::client
