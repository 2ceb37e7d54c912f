// Who may ask by a profile that does not say so.
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/profile.h"
#include "support/shared_data.h"

namespace signet::policy {
namespace {

/// The profile of bare requests with lines added; a key given again takes the later value.
Profile::Parsed simple_with(const std::string& lines) {
  const auto octets = test::file(test::source_folder() + "/profiles/caSimpleCMCUserCert.cfg");
  return Profile::parse("caSimple.cfg", std::string{as_text(octets)} + "\n" + lines);
}

bool warns(const Profile::Parsed& parsed, std::string_view words) {
  return std::any_of(parsed.faults.begin(), parsed.faults.end(), [&](const ProfileFault& fault) {
    return fault.severity == ProfileFault::Severity::warning && fault.line > 0 &&
           fault.reason.find(words) != std::string::npos;
  });
}

TEST(AssumedAuthenticator, IsOfSignedMessagesWhereWhatIsGivenSpeaksForTheAuthority) {
  const auto giving = [](const std::string& class_id, const std::string& parameter) {
    return "auth.instance_id=\npolicyset.cmcUserCertSet.list=1,2,3,4,20\npolicyset.cmcUserCertSet."
           "20.default.class_id=" +
           class_id + "\npolicyset.cmcUserCertSet.20.default.params." + parameter +
           "\npolicyset.cmcUserCertSet.20.constraint.class_id=noConstraintImpl\n";
  };
  const auto with = [](const std::string& lines) {
    const auto parsed = simple_with(lines);
    EXPECT_NE(parsed.profile, nullptr) << lines;
    EXPECT_TRUE(parsed.profile->assumes_authenticator()) << lines;
    EXPECT_EQ(warns(parsed, "treated as CMCAuth"),
              parsed.profile->authenticator() == Authenticator::agent_signed)
        << lines;
    return parsed.profile->authenticator();
  };
  const std::string critical =
      "policyset.cmcUserCertSet.20.default.params.basicConstraintsCritical=true\n";
  EXPECT_EQ(with(giving("basicConstraintsExtDefaultImpl", "basicConstraintsIsCA=TRUE") + critical),
            Authenticator::agent_signed);
  EXPECT_EQ(with(giving("basicConstraintsExtDefaultImpl", "basicConstraintsIsCA=false")),
            Authenticator::agent_tls);
  EXPECT_EQ(with(giving("keyUsageExtDefaultImpl", "keyUsageKeyCertSign=true")),
            Authenticator::agent_signed);
  EXPECT_EQ(with(giving("keyUsageExtDefaultImpl", "keyUsageCrlSign=true")),
            Authenticator::agent_signed);
  EXPECT_EQ(with(giving("keyUsageExtDefaultImpl", "keyUsageDigitalSignature=true")),
            Authenticator::agent_tls);
  EXPECT_EQ(with(giving("extendedKeyUsageExtDefaultImpl",
                        "exKeyUsageOIDs=1.3.6.1.5.5.7.3.2,1.3.6.1.5.5.7.3.9")),
            Authenticator::agent_signed);
  EXPECT_EQ(with(giving("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=1.3.6.1.5.5.7.3.28")),
            Authenticator::agent_signed);
  for (const std::string reserved : {"1.3.6.1.4.1.311.10.12.1", "1.3.6.1.4.1.311.20.2.1"}) {
    EXPECT_EQ(with(giving("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=" + reserved)),
              Authenticator::agent_signed);
  }
  EXPECT_EQ(with(giving("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=1.3.6.1.5.5.7.3.2")),
            Authenticator::agent_tls);
  EXPECT_EQ(with(giving("ocspNoCheckExtDefaultImpl", "ocspNoCheckCritical=false")),
            Authenticator::agent_signed);
}

TEST(AssumedAuthenticator, IsNoneWhereOneIsNamed) {
  const auto named = simple_with(
      "auth.instance_id=AgentCertAuth\npolicyset.cmcUserCertSet.list=1,2,3,4,20\n"
      "policyset.cmcUserCertSet.20.default.class_id=ocspNoCheckExtDefaultImpl\n"
      "policyset.cmcUserCertSet.20.constraint.class_id=noConstraintImpl\n");
  EXPECT_EQ(named.profile->authenticator(), Authenticator::agent_tls);
  EXPECT_FALSE(named.profile->assumes_authenticator());
  EXPECT_FALSE(warns(named, "treated as"));
}

}  // namespace
}  // namespace signet::policy
