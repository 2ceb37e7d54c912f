// What is wrong in a configuration is told with its line and with what is
// allowed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/configuration_text.h"

namespace signet::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ReadConfiguration, TellsWhereTheTextIsNoToml) {
  EXPECT_THAT(detail_of("[authority]\nkey = \n"), HasSubstr(std::string(kFile) + ":2: "));
  EXPECT_THAT(detail_of("[log]\nlevel = \"info\"\nlevel = \"error\"\n"),
              HasSubstr(std::string(kFile) + ":3: "));
}

TEST(ReadConfiguration, TellsEveryFaultAtOnce) {
  EXPECT_THAT(detail_of(std::string(kLeast) + "[log]\nlevel = \"loud\"\nformat = \"xml\"\n"),
              AllOf(HasSubstr(":13: level"), HasSubstr("\n/srv/ca/signetd.toml:14: format")));
}

/// One wrong line after [section] at line 12, and what is said of it.
struct Wrong {
  const char* section;
  const char* line;
  const char* words;
};
class WrongSetting : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSetting, IsToldWithItsLineAndWhatIsAllowed) {
  const auto text = std::string(kLeast) + "[" + GetParam().section + "]\n" + GetParam().line + "\n";
  EXPECT_EQ(detail_of(text), std::string(kFile) + ":13: " + GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongSetting,
    ::testing::Values(
        Wrong{"identity", "tls_match = \"name\"",
              "tls_match must be one of \"certificate\", \"subject\""},
        Wrong{"identity", "tls_match = 1", "tls_match must be a string"},
        Wrong{"identity", "agents = \"00ff\"", "agents must be a list of strings"},
        Wrong{"identity", "agents = [1]", "agents must be a list of strings"},
        Wrong{"identity", "foreign_issuers = [true]", "foreign_issuers must be a list of strings"},
        Wrong{"identity", "cmc_ra_is_agent = 1", "cmc_ra_is_agent must be true or false"},
        Wrong{"identity", "agent = []", "unknown setting \"agent\" in [identity]"},
        Wrong{"compatibility", "dogtag = \"yes\"", "dogtag must be true or false"},
        Wrong{"compatibility", "dogtags = true", "unknown setting \"dogtags\" in [compatibility]"},
        Wrong{"approval", "days = 0", "days must be a number from 1 to 365"},
        Wrong{"confirmation", "otherwise = \"forget\"",
              "otherwise must be one of \"hold\", \"revoke\""},
        Wrong{"confirmation", "profiles = \"one\"", "profiles must be a list of strings"},
        Wrong{"revocation", "key_transport = \"plain\"",
              "key_transport must be one of \"oaep\", \"pkcs1\""},
        Wrong{"possession", "content_encryption = \"aes-512-gcm\"",
              "content_encryption must be one of \"aes-128-cbc\", \"aes-128-gcm\", "
              "\"aes-256-cbc\", \"aes-256-gcm\""},
        Wrong{"possession", "key_transport = \"\"",
              "key_transport must be one of \"oaep\", \"pkcs1\""},
        Wrong{"compatibility", "header_lines = 6", "header_lines must be a number from 0 to 5"},
        Wrong{"ocsp", "enabled = 1", "enabled must be true or false"},
        Wrong{"ocsp", "certificate_days = 0", "certificate_days must be a number from 1 to 365"},
        Wrong{"ocsp", "validity = 60", "unknown setting \"validity\" in [ocsp]"},
        Wrong{"log", "level = \"loud\"",
              "level must be one of \"debug\", \"error\", \"info\", \"warning\""},
        Wrong{"limits", "burst_seconds = 0", "burst_seconds must be a number from 1 to 3600"},
        Wrong{"limits", "address_connections = -1",
              "address_connections must be a number from 0 to 1000000"},
        Wrong{"limits", "requester_waiting = -1",
              "requester_waiting must be a number from 0 to 1000000"},
        Wrong{"limits", "rate = 1", "unknown setting \"rate\" in [limits]"},
        Wrong{"server", "seccomp = 1", "seccomp must be true or false"},
        Wrong{"log", "format = \"xml\"", "format must be one of \"json\", \"text\""}));

class WrongNumber : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WrongNumber, IsToldWithItsLimits) {
  const auto& [line, words] = GetParam();
  EXPECT_EQ(detail_of(std::string(kLeast) + line), std::string(kFile) + ":12: " + words);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongNumber,
    ::testing::Values(std::pair{"port = -1", "port must be a number from 0 to 65535"},
                      std::pair{"port = 65536", "port must be a number from 0 to 65535"},
                      std::pair{"port = \"8443\"", "port must be a number from 0 to 65535"},
                      std::pair{"port = 8443.0", "port must be a number from 0 to 65535"},
                      std::pair{"maximum_body_octets = 1023",
                                "maximum_body_octets must be a number from 1024 to 16777216"},
                      std::pair{"maximum_body_octets = 16777217",
                                "maximum_body_octets must be a number from 1024 to 16777216"},
                      std::pair{"read_timeout_seconds = 0",
                                "read_timeout_seconds must be a number from 1 to 3600"},
                      std::pair{"idle_timeout_seconds = 3601",
                                "idle_timeout_seconds must be a number from 1 to 3600"},
                      std::pair{"maximum_connections = 0",
                                "maximum_connections must be a number from 1 to 1000000"},
                      std::pair{"threads = 0", "threads must be a number from 1 to 256"},
                      std::pair{"threads = 257", "threads must be a number from 1 to 256"}));

TEST(ReadConfiguration, RefusesControlCharactersBeforeTheReaderOfTomlMeetsThem) {
  for (const char each : {'\0', '\x01', '\x0B', '\x1F', '\x7F'}) {
    EXPECT_THAT(detail_of("[http]\n[" + std::string(1, each) + "totr]\n"),
                HasSubstr(std::string(kFile) + ":2: a control character"));
  }
  EXPECT_TRUE(read_configuration(kFile, "\t\r\n" + std::string(kLeast)).ok());
}

TEST(ReadConfiguration, RefusesUnknownSections) {
  EXPECT_THAT(detail_of(std::string(kLeast) + "[https]\nport = 1"),
              HasSubstr(":12: unknown section or setting \"https\""));
  EXPECT_THAT(detail_of("port = 1\n" + std::string(kLeast)),
              HasSubstr(":1: unknown section or setting \"port\""));
}

TEST(ReadConfiguration, RefusesASettingInPlaceOfASection) {
  EXPECT_THAT(detail_of("log = \"info\"\n" + std::string(kLeast)),
              HasSubstr(":1: [log] must be a table"));
}

TEST(ReadConfiguration, RefusesAStoreEngineThatThereIsNot) {
  EXPECT_THAT(detail_of("[store]\nengine = \"oracle\"\n"),
              HasSubstr(":2: engine must be one of \"memory\", \"postgres\", \"sqlite\""));
}

}  // namespace
}  // namespace signet::server
