#include "authority/refusal.h"

#include <gtest/gtest.h>

#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

TEST(RefusalText, IsShortenedOnceAndTellsItsLength) {
  const auto once = in_short({Fault::malformed,
                              std::string(2000, 'a') + "ü" + std::string(99, 'b'),
                              {},
                              std::string(2048, 'c')});
  EXPECT_EQ(once.detail.substr(once.detail.size() - 17), "... (2101 octets)");
  EXPECT_EQ(once.confidential, std::string(2048, 'c'));
  EXPECT_LE(once.detail.size(), 2048U);
  EXPECT_EQ(in_short(once), once);
  EXPECT_EQ(in_short({Fault::malformed, std::string(2007, 'a') + "ü" + std::string(99, 'b')})
                .detail.substr(2000, 10),
            "aaaaaaa...")
      << "no character is cut in two";
}

TEST(RefusalText, AroundOtherMessagesClaimsNothingOfWhatWasGranted) {
  for (const auto fault : {Fault::busy, Fault::token_failed, Fault::storage_failed}) {
    const Error error{fault, "confidential"};
    EXPECT_NE(refusal_text(error).find("issued"), std::string::npos);
    const auto around = refusal_text_around_others(error);
    EXPECT_EQ(around.find("issued"), std::string::npos) << around;
    EXPECT_EQ(around.find("confidential"), std::string::npos) << around;
    EXPECT_NE(around.find("Send the same message again"), std::string::npos) << around;
  }
  for (const auto fault : {Fault::malformed, Fault::in_doubt}) {
    const Error error{fault, "what is wrong"};
    EXPECT_EQ(refusal_text_around_others(error), refusal_text(error));
  }
}

TEST(RefusalStatus, TellsWhoseFailureItIsAndWhetherItPasses) {
  for (const auto fault : {Fault::storage_failed, Fault::signing_failed, Fault::internal}) {
    EXPECT_TRUE(is_our_failure(fault)) << to_text(fault);
    EXPECT_FALSE(may_pass_by_itself(fault)) << to_text(fault);
  }
  for (const auto fault : {Fault::in_doubt, Fault::token_failed}) {
    EXPECT_TRUE(is_our_failure(fault)) << to_text(fault);
    EXPECT_TRUE(may_pass_by_itself(fault)) << to_text(fault);
  }
  EXPECT_FALSE(is_our_failure(Fault::busy)) << "that is nobody's";
  EXPECT_TRUE(may_pass_by_itself(Fault::busy));
  EXPECT_FALSE(is_our_failure(Fault::malformed));
  EXPECT_FALSE(may_pass_by_itself(Fault::malformed));
}

TEST(RefusalStatus, MapsEachFaultToItsFailInfo) {
  /* matrix: A09, E41, E73 */
  const std::pair<Fault, CMCFailInfo> table[] = {
      {Fault::malformed, CMCFailInfo::badRequest},
      {Fault::unknown_control, CMCFailInfo::badRequest},
      {Fault::replayed, CMCFailInfo::badRequest},
      {Fault::bad_signature, CMCFailInfo::badMessageCheck},
      {Fault::mac_mismatch, CMCFailInfo::badMessageCheck},
      {Fault::auth_data_failed, CMCFailInfo::authDataFail},
      {Fault::stale_time, CMCFailInfo::badTime},
      {Fault::unsupported_algorithm, CMCFailInfo::badAlg},
      {Fault::weak_key, CMCFailInfo::badAlg},
      {Fault::certificate_not_found, CMCFailInfo::badCertId},
      {Fault::extension_not_allowed, CMCFailInfo::unsupportedExt},
      {Fault::identity_mismatch, CMCFailInfo::badIdentity},
      {Fault::tls_mismatch, CMCFailInfo::badIdentity},
      {Fault::possession_missing, CMCFailInfo::popRequired},
      {Fault::possession_failed, CMCFailInfo::popFailed},
      {Fault::key_reuse, CMCFailInfo::noKeyReuse},
      {Fault::storage_failed, CMCFailInfo::internalCAError},
      {Fault::key_not_found, CMCFailInfo::internalCAError},
      {Fault::signing_failed, CMCFailInfo::internalCAError},
      {Fault::token_failed, CMCFailInfo::tryLater},
      {Fault::busy, CMCFailInfo::tryLater},
      {Fault::in_doubt, CMCFailInfo::tryLater},
  };
  for (const auto& [fault, expected] : table) {
    EXPECT_EQ(refusal_status(fault).fail_info, expected) << to_text(fault);
    EXPECT_EQ(refusal_status(fault).status, CMCStatus::failed);
  }
}

TEST(RefusalStatus, OfAnUnknownRequestTypeIsNoSupportWithoutFailInfo) {
  /* matrix: E19, E65 */
  EXPECT_EQ(refusal_status(Fault::unsupported_request_type).status, CMCStatus::noSupport);
  EXPECT_FALSE(refusal_status(Fault::unsupported_request_type).fail_info.has_value());
}

TEST(RefusalText, TellsThePeerWhatItDidAndNothingOfOurInside) {
  EXPECT_EQ(refusal_text({Fault::malformed, "octet 7"}), "octet 7");
  for (const auto fault :
       {Fault::storage_failed, Fault::internal, Fault::signing_failed, Fault::token_failed}) {
    EXPECT_EQ(refusal_text({fault, "/var/lib/signet/store.db is full"}).find("/var"),
              std::string::npos);
  }
}

TEST(RefusalText, NamesAControlUnlessARequestHasItsId) {
  cmc::FullPkiRequest message;
  message.pki_data.control_sequence.push_back({{1}, cmc::oid::kIdentification, {}});
  message.pki_data.control_sequence.push_back({{2}, cmc::oid::kRegInfo, {}});
  message.pki_data.req_sequence.push_back({cmc::OtherReqMsg{{2}, {}, {}}, {}});
  EXPECT_EQ(naming_its_control({Fault::malformed, "octet 7", {1}}, message).detail,
            "identification: octet 7");
  EXPECT_EQ(naming_its_control({Fault::malformed, "octet 7", {2}}, message).detail, "octet 7")
      << "the request's value may be what cannot be read";
}

TEST(RefusalText, PromisesNothingOfWhatIsInDoubt) {
  const auto text = refusal_text({Fault::in_doubt, "standby db2 is away"});
  EXPECT_NE(text.find("the very same message"), std::string::npos) << text;
  EXPECT_EQ(text.find("db2"), std::string::npos) << text;
  for (const auto fault : {Fault::storage_failed, Fault::busy, Fault::token_failed}) {
    EXPECT_NE(refusal_text({fault, ""}).find("same message"), std::string::npos)
        << "a retry is the way out of each";
  }
}

}  // namespace
}  // namespace signet::authority
