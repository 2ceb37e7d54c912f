#include "apps/dogtag/left_out_controls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/dogtag/request_settings.h"
#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> left_out(const std::string& text) {
  return left_out_controls(test::unwrap(Configuration::read(text, request_names())));
}

TEST(LeftOutControls, AreNamedInARevocation) {
  for (const std::string name :
       {"request.useSharedSecret", "identification.enable", "identityProofV2.enable",
        "identityProof.enable", "popLinkWitnessV2.enable", "popLinkWitness.enable",
        "transactionMgt.enable"}) {
    EXPECT_THAT(left_out("revRequest.enable=true\n" + name + "=true\n"),
                ElementsAre(name + "=true has no effect in a revocation"));
    EXPECT_THAT(left_out("revRequest.enable=true\n" + name + "=false\n"), IsEmpty());
  }
  EXPECT_THAT(left_out("revRequest.enable=true\nsenderNonce.enable=true\ndataReturn.enable=true\n"
                       "getCert.enable=true\nregInfo.enable=true\n"),
              IsEmpty());
}

TEST(LeftOutControls, AreNamedInASecondRound) {
  for (const std::string name :
       {"revRequest.enable", "popLinkWitnessV2.enable", "popLinkWitness.enable",
        "LraPopWitness.enable", "getCert.enable", "confirmCertAcceptance.enable",
        "dataReturn.enable", "regInfo.enable", "queryPending.enable", "transactionMgt.enable",
        "senderNonce.enable"}) {
    EXPECT_THAT(left_out("decryptedPop.enable=true\n" + name + "=true\n"),
                ElementsAre(name + "=true has no effect in a second round"));
  }
  EXPECT_THAT(left_out("decryptedPop.enable=true\nidentification.enable=true\n"
                       "identityProofV2.enable=true\nrequest.useSharedSecret=true\n"),
              IsEmpty());
}

TEST(LeftOutControls, AreThoseOfVersionOneBesideVersionTwo) {
  EXPECT_THAT(left_out("identification.enable=true\nidentityProofV2.enable=true\n"
                       "identityProof.enable=true\npopLinkWitnessV2.enable=true\n"
                       "popLinkWitness.enable=true\n"),
              ElementsAre(HasSubstr("identityProof.enable=true has no effect: identityProofV2"),
                          HasSubstr("popLinkWitness.enable=true has no effect")));
}

TEST(LeftOutControls, IncludeTheNameOfWhoProvesHimself) {
  for (const std::string proof : {"identityProofV2.enable=true\n", "identityProof.enable=true\n"}) {
    EXPECT_THAT(left_out(proof), ElementsAre(HasSubstr("without identification.enable=true")));
    EXPECT_THAT(left_out(proof + "decryptedPop.enable=true\n"),
                ElementsAre(HasSubstr("without identification.enable=true")));
    EXPECT_THAT(left_out(proof + "identification.enable=true\n"), IsEmpty());
  }
  EXPECT_THAT(left_out("transactionMgt.enable=true\nsenderNonce.enable=true\n"), IsEmpty());
}

class LeftOut : public Tools {};

TEST_F(LeftOut, IsSaidByTheToolWhoseMessageGoesWithout) {
  const auto key_id = request("alice");
  EXPECT_EQ(configured("CMCRequest",
                       of_request("nickname=signer\nrevRequest.enable=true\nrevRequest.serial=1\n"
                                  "revRequest.reason=superseded\ntransactionMgt.enable=true\n")),
            kDone);
  EXPECT_THAT(err.str(), HasSubstr("cfg: transactionMgt.enable=true has no effect"));

  EXPECT_EQ(configured("CMCRequest",
                       of_request("nickname=signer\nnumRequests=0\npopLinkWitnessV2.enable=true\n"
                                  "witness.sharedSecret=s\ndataReturn.enable=true\n"
                                  "dataReturn.data=d\nrequest.privKeyId=" +
                                  key_id + "\n")),
            kDone);
  EXPECT_THAT(err.str(), HasSubstr("popLinkWitnessV2.enable=true has no effect: there is no"));
}

}  // namespace
}  // namespace signet::dogtag
