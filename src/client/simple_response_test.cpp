// Simple PKI Responses: certificates alone.
#include "support/response_scene.h"

namespace signet::client {
namespace {

using cmc::CMCFailInfo;
using test::unwrap;

class SimpleResponse : public test::ResponseScene {};

TEST_F(SimpleResponse, ToASimpleRequestGivesTheCertificate) {
  /* matrix: E49, E50 */
  ask_simply();
  const auto checked =
      unwrap(read(certificates_only({ca.certificate().der, alice.certificate.der})));
  EXPECT_TRUE(checked.simple);
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
}

TEST_F(SimpleResponse, FromAStrangerIsNotTrusted) {
  /* matrix: E52 */
  ask_simply();
  test::TestCa stranger{"CN=Stranger", test::test_key("ec:p256", 4)};
  const auto forged = stranger.issue({.key = alice.key});
  EXPECT_EQ(fault_of(certificates_only({stranger.certificate().der, forged.certificate.der})),
            Fault::untrusted_signer);
}

TEST_F(SimpleResponse, WithoutOurKeyIsRefused) {
  ask_simply();
  EXPECT_EQ(fault_of(certificates_only({ca.certificate().der})), Fault::possession_failed);
}

TEST_F(SimpleResponse, ToAFullRequestIsRefused) {
  /* matrix: E105 */
  EXPECT_EQ(fault_of(certificates_only({ca.certificate().der, alice.certificate.der})),
            Fault::replayed);
}

TEST_F(SimpleResponse, MessageWithoutContentSignersAndCertificatesIsInternalCAError) {
  const auto checked = unwrap(read(certificates_only({})));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::internalCAError);
}

TEST_F(SimpleResponse, AnswersWhatOnlyRetrieves) {
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
