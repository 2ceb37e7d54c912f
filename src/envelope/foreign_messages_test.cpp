#include <gtest/gtest.h>

#include "crypto/public_key.h"
#include "envelope/signed_data.h"
#include "support/opened.h"
#include "support/shared_data.h"

/// Messages that others made: Dogtag's tools with NSS, and a generator that knows no CMC library.
namespace signet::envelope {
namespace {

using test::open;
using test::unwrap;

class ForeignRequest : public testing::TestWithParam<const char*> {};
class SelfSignedForeignRequest : public testing::TestWithParam<const char*> {};
class ForeignResponse : public testing::TestWithParam<const char*> {};

TEST_P(ForeignRequest, IsOpenedWithTheCertificateThatItCarries) { /* matrix: B01, E40 */
  SIGNET_NEEDS_SHARED(GetParam());
  const auto opened = open(test::shared_file(GetParam()));
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  ASSERT_EQ(opened.request().signers().size(), 1U);
  EXPECT_TRUE(std::holds_alternative<CertificateSigner>(opened.request().signers()[0]));
}
INSTANTIATE_TEST_SUITE_P(
    Dogtag, ForeignRequest,
    testing::Values("interop/dogtag-live/01-agent-signed-pkcs10/request.der",
                    "interop/dogtag-live/03-agent-signed-crmf/request.der",
                    "interop/dogtag-live/10-user-signed-pkcs10/request.der",
                    "interop/dogtag-live/30-revoke-user-signed-by-other-own-cert/request.der",
                    "interop/dogtag/05-revoke-signed.der",
                    "interop/dogtag/11-crmf-keyarchival-agent-signed.der"));

TEST_P(SelfSignedForeignRequest, IsOpenedWithTheKeyThatItAsksFor) { /* matrix: E10, E12 */
  SIGNET_NEEDS_SHARED(GetParam());
  const auto opened = open(test::shared_file(GetParam()));
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  ASSERT_EQ(opened.request().signers().size(), 1U);
  EXPECT_TRUE(std::holds_alternative<RequestKeySigner>(opened.request().signers()[0]));
}
INSTANTIATE_TEST_SUITE_P(
    Others, SelfSignedForeignRequest,
    testing::Values(
        "spec/vectors/fullreq-p10.der", "spec/vectors/fullreq-crmf.der",
        "interop/dogtag/01-p10-selfsigned-idproofv2-poplinkv2.der",
        "interop/dogtag-live/05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/request.der"));

TEST_P(ForeignResponse, VerifiesWithTheCertificateThatItCarries) {
  SIGNET_NEEDS_SHARED(GetParam());
  const auto content_info = unwrap(cms::read_content_info(test::shared_file(GetParam())));
  auto signed_data = unwrap(cms::read_signed_data(content_info.content));
  ASSERT_EQ(signed_data.signer_infos.size(), 1U);
  const auto& signer = signed_data.signer_infos[0];
  const auto* certificate = find_signer_certificate(signed_data, signer.sid);
  ASSERT_NE(certificate, nullptr);
  const auto key = unwrap(crypto::PublicKey::from((*certificate)->subject_public_key_info));
  EXPECT_TRUE(verify_signer(signed_data, signer, key).ok());
  signed_data.encap_content_info.e_content->back() ^= 1;
  EXPECT_EQ(verify_signer(signed_data, signer, key).error().fault, Fault::bad_signature);
}
INSTANTIATE_TEST_SUITE_P(
    Dogtag, ForeignResponse,
    testing::Values("interop/dogtag-live/01-agent-signed-pkcs10/response.der",
                    "interop/dogtag-live/03-agent-signed-crmf/response.der",
                    "interop/dogtag-live/10-user-signed-pkcs10/response.der",
                    "interop/dogtag-live/37-revoke-shared-secret-unsigned/response.der",
                    "interop/dogtag-live/43-sharedtoken-no-identification/response.der",
                    "spec/vectors/fullresp-badidentity.der"));

TEST(ForeignRequestOfMicrosoft, IsRefusedForItsKeyOf1024Bits) {  // and signed with SHA-1 besides
  SIGNET_NEEDS_SHARED("interop/seeds/rfc6402.der");
  const auto opened = open(test::shared_file("interop/seeds/rfc6402.der"));
  ASSERT_FALSE(opened.result.ok());
  EXPECT_EQ(opened.result.error().fault, Fault::weak_key);
}

}  // namespace
}  // namespace signet::envelope
