#include "apps/configuration/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "apps/configuration/tolerances.h"
#include "support/configuration_text.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The least, and the key of what lies sealed in the store.
std::string with_store_key() {
  const std::string before = "path = \"store.db\"\n";
  std::string text = kLeast;
  return text.insert(text.find(before) + before.size(), "key = \"store.key\"\n");
}

TEST(ReadConfiguration, NeedsFilesOnly) {
  const auto read = unwrap(read_configuration(kFile, kLeast));
  EXPECT_EQ(read.authority.user_profile, "caFullCMCUserSignedCert");
  EXPECT_EQ(read.authority.signing_time_window_seconds, 86400);
  EXPECT_EQ(read.store.engine, StoreEngine::sqlite);
  EXPECT_EQ(read.http.address, "127.0.0.1");
  EXPECT_EQ(read.http.port, 8443);
  EXPECT_EQ(read.identity.tls_match, TlsMatch::certificate);
  EXPECT_TRUE(read.identity.cmc_ra_is_agent);
  EXPECT_FALSE(read.compatibility.replace_subject);
  EXPECT_FALSE(read.authority.record_intent);
  EXPECT_EQ(read.log.format, LogFormat::text);
}

TEST(ReadConfiguration, TakesPathsFromItsOwnFolder) {
  const auto read = unwrap(read_configuration(kFile, kLeast));
  EXPECT_EQ(read.authority.key, "/srv/ca/ca.key");
  EXPECT_EQ(read.store.path, "/srv/ca/store.db");
  EXPECT_EQ(read.audit.journal, "/srv/ca/audit.jsonl");
  EXPECT_EQ(read.http.certificate, "/srv/ca/tls.pem");
  EXPECT_EQ(read.http.key_passphrase_file, "");
}

TEST(ReadConfiguration, LeavesAbsolutePathsAsTheyAre) {
  const auto text =
      std::string(kLeast) + "[identity]\nforeign_issuers = [\"/etc/a.pem\", \"b.pem\"]";
  const auto read = unwrap(read_configuration(kFile, text));
  EXPECT_EQ(read.identity.foreign_issuers,
            (std::vector<std::string>{"/etc/a.pem", "/srv/ca/b.pem"}));
}

TEST(ReadConfiguration, LeavesAKeyInATokenAsItIs) {
  auto text = std::string(kLeast);
  text +=
      "[encryption]\ncertificate = \"e.pem\"\nkey = "
      "\"nss:/srv/db?nickname=e\"\n";
  const auto read = unwrap(read_configuration(kFile, text));
  EXPECT_EQ(read.encryption.key, "nss:/srv/db?nickname=e");
  EXPECT_EQ(read.encryption.certificate, "/srv/ca/e.pem");
}

TEST(ReadConfiguration, ReadsEverySetting) {
  const auto read = unwrap(read_configuration(kFile, R"([authority]
certificate = "ca.pem"
key = "ca.key"
key_passphrase_file = "ca.pass"
profiles = "profiles"
ocsp_uri = "http://ocsp.test"
signing_algorithm = "SHA384withEC"
allow_past_ca_validity = true
record_intent = true
agent_profile = "a"
user_profile = "b"
simple_profile = "c"
signing_time_window_seconds = 60
[store]
engine = "memory"
[audit]
journal = "audit.jsonl"
[http]
address = "::"
port = 443
certificate = "tls.pem"
key = "tls.key"
key_passphrase_file = "tls.pass"
maximum_body_octets = 4096
read_timeout_seconds = 1
idle_timeout_seconds = 2
maximum_connections = 3
threads = 4
[identity]
tls_match = "subject"
agents = ["00ff"]
cmc_ra_is_agent = false
[compatibility]
dogtag = true
replace_subject = false
[log]
level = "warning"
format = "json"
)"));
  EXPECT_EQ(read.authority.key_passphrase_file, "/srv/ca/ca.pass");
  EXPECT_EQ(read.authority.ocsp_uri, "http://ocsp.test");
  EXPECT_EQ(read.authority.signing_algorithm, "SHA384withEC");
  EXPECT_TRUE(read.authority.allow_past_ca_validity && read.authority.record_intent);
  EXPECT_EQ(
      read.authority.agent_profile + read.authority.user_profile + read.authority.simple_profile,
      "abc");
  EXPECT_EQ(read.authority.signing_time_window_seconds, 60);
  EXPECT_EQ(read.store.engine, StoreEngine::memory);
  EXPECT_EQ(read.http.address, "::");
  EXPECT_EQ(read.http.port, 443);
  EXPECT_EQ(read.http.maximum_body_octets, 4096);
  EXPECT_EQ(read.http.read_timeout_seconds, 1);
  EXPECT_EQ(read.http.idle_timeout_seconds, 2);
  EXPECT_EQ(read.http.maximum_connections, 3);
  EXPECT_EQ(read.http.threads, 4);
  EXPECT_EQ(read.identity.tls_match, TlsMatch::subject);
  EXPECT_EQ(read.identity.agents, std::vector<std::string>{"00ff"});
  EXPECT_FALSE(read.identity.cmc_ra_is_agent);
  EXPECT_TRUE(read.compatibility.dogtag);
  EXPECT_FALSE(read.compatibility.replace_subject);
  EXPECT_EQ(read.log.level, Log::Level::warning);
  EXPECT_EQ(read.log.format, LogFormat::json);
}

TEST(ReadConfiguration, TakesMessagesOverTcpOnlyWhereToldTo) {
  /* matrix: F19 */
  EXPECT_EQ(unwrap(read_configuration(kFile, kLeast)).tcp.port, 0);
  const auto read = unwrap(
      read_configuration(kFile, std::string(kLeast) + "[tcp]\naddress = \"::\"\nport = 5318\n"));
  EXPECT_EQ(read.tcp.address, "::");
  EXPECT_EQ(read.tcp.port, 5318);
  EXPECT_FALSE(read_configuration(kFile, std::string(kLeast) + "[tcp]\nport = 65536\n").ok());
  EXPECT_FALSE(read_configuration(kFile, std::string(kLeast) + "[tcp]\nplain_port = 1\n").ok());
}

TEST(ReadConfiguration, ReadsHowMuchOneClientMayAsk) {
  const auto usual = unwrap(read_configuration(kFile, kLeast));
  EXPECT_EQ(usual.limits.address_connections, 256);
  EXPECT_EQ(usual.limits.address_requests_per_second, 200);
  EXPECT_EQ(usual.limits.certificate_requests_per_second, 0);
  EXPECT_EQ(usual.limits.requester_waiting, 1000);
  EXPECT_TRUE(usual.server.seccomp);
  const auto read = unwrap(read_configuration(kFile, std::string(kLeast) + R"([limits]
address_connections = 1
address_connections_per_second = 2
address_requests_per_second = 3
certificate_requests_per_second = 4
burst_seconds = 5
requester_waiting = 6
[server]
seccomp = false
)"));
  EXPECT_EQ(read.limits.address_connections, 1);
  EXPECT_EQ(read.limits.address_connections_per_second, 2);
  EXPECT_EQ(read.limits.address_requests_per_second, 3);
  EXPECT_EQ(read.limits.certificate_requests_per_second, 4);
  EXPECT_EQ(read.limits.burst_seconds, 5);
  EXPECT_EQ(read.limits.requester_waiting, 6);
  EXPECT_FALSE(read.server.seccomp);
}

/// [compatibility] with these lines.
Configuration::Compatibility compatibility_with(const std::string& lines) {
  return unwrap(read_configuration(kFile, std::string(kLeast) + "[compatibility]\n" + lines))
      .compatibility;
}

TEST(ReadConfiguration, TurnsOnEveryToleranceByOneSwitch) {
  const auto all = compatibility_with("dogtag = true");
  const auto none = compatibility_with("");
  for (const auto& tolerance : tolerances()) {
    EXPECT_EQ(all.*tolerance.value, tolerance.follows_dogtag) << tolerance.name;
    EXPECT_FALSE(none.*tolerance.value) << tolerance.name;
  }
  EXPECT_FALSE(all.sha1_challenge) << "Dogtag's clients do not need it";
}

TEST(ReadConfiguration, HasASwitchForEachToleranceThatTheAuditNames) {
  std::set<Tolerance> all;
  for (const auto& each : tolerances()) all.insert(each.tolerance);
  for (int number = 0; std::string_view(to_text(Tolerance{number})) != ""; ++number) {
    const bool is_number = Tolerance{number} == Tolerance::header_lines;
    EXPECT_EQ(all.count(Tolerance{number}), is_number ? 0U : 1U) << to_text(Tolerance{number});
  }
}

TEST(ReadConfiguration, TurnsEachToleranceOnAndOffByItsOwnName) {
  for (const auto& tolerance : tolerances()) {
    const std::string name = tolerance.name;
    const auto alone = compatibility_with(name + " = true");
    const auto others = compatibility_with("dogtag = true\n" + name + " = false");
    for (const auto& other : tolerances()) {
      const bool is_same = other.value == tolerance.value;
      EXPECT_EQ(alone.*other.value, is_same) << name << ", " << other.name;
      EXPECT_EQ(others.*other.value, !is_same && other.follows_dogtag) << name << other.name;
    }
  }
}

TEST(ReadConfiguration, ReadsWhereSharedSecretsAre) {
  const auto none = unwrap(read_configuration(kFile, kLeast));
  EXPECT_EQ(none.secrets.source, SecretsFrom::none);
  EXPECT_EQ(none.secrets.most_failures, 5);
  EXPECT_EQ(none.secrets.lock_minutes, 15);
  const auto store = unwrap(read_configuration(
      kFile, with_store_key() + "[secrets]\nsource = \"store\"\nmost_failures = 3\n"
                                "lock_minutes = 60\nlink_required = true"));
  EXPECT_EQ(store.secrets.source, SecretsFrom::store);
  EXPECT_TRUE(store.store.key.ends_with("/store.key"));
  EXPECT_EQ(store.secrets.most_failures, 3);
  EXPECT_EQ(store.secrets.lock_minutes, 60);
  EXPECT_TRUE(store.secrets.link_required);
}

TEST(ReadConfiguration, ReadsWhatComesAfterTheEnrollment) {
  const auto least = unwrap(read_configuration(kFile, kLeast));
  EXPECT_TRUE(least.confirmation.profiles.empty());
  EXPECT_EQ(least.approval.days, 7);
  EXPECT_FALSE(least.compatibility.bare_revocation);
  EXPECT_EQ(least.compatibility.header_lines, 0);
  const auto read = unwrap(read_configuration(
      kFile, std::string(kLeast) + "[approval]\ndays = 30\n[confirmation]\nprofiles = [\"one\", "
                                   "\"two\"]\n"
                                   "within_minutes = 5\notherwise = \"hold\"\n[revocation]\n"
                                   "protection_key = \"protection.key\"\nkey_transport = \"oaep\"\n"
                                   "[compatibility]\ndogtag = true\nheader_lines = 5\n"));
  EXPECT_EQ(read.approval.days, 30);
  EXPECT_EQ(read.confirmation.profiles, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(read.confirmation.within_minutes, 5);
  EXPECT_EQ(read.confirmation.otherwise, Unconfirmed::hold);
  EXPECT_EQ(read.revocation.protection_key, "/srv/ca/protection.key");
  EXPECT_EQ(read.revocation.key_transport, KeyTransport::oaep);
  EXPECT_TRUE(read.compatibility.bare_revocation);
  EXPECT_EQ(read.compatibility.header_lines, 5);
}

TEST(ReadConfiguration, DemandsTheFileThatASourceOfSecretsNeeds) {
  for (const auto& [source, needs] :
       {std::pair{"store", "[store] key is missing"}, {"file", "[secrets] file is missing"}}) {
    const auto refused =
        read_configuration(kFile, std::string(kLeast) + "[secrets]\nsource = \"" + source + "\"");
    ASSERT_FALSE(refused.ok()) << source;
    EXPECT_NE(refused.error().detail.find(needs), std::string::npos) << refused.error().detail;
  }
}

TEST(ReadConfiguration, ReadsHowKeysThatCannotSignAreProven) {
  const auto usual = unwrap(read_configuration(kFile, kLeast));
  EXPECT_TRUE(usual.possession.challenges);
  EXPECT_EQ(usual.possession.challenge_minutes, 60);
  EXPECT_EQ(usual.possession.key_transport, KeyTransport::oaep);
  EXPECT_FALSE(usual.possession.ra_witness);
  const auto read = unwrap(read_configuration(
      kFile, with_store_key() + "[possession]\nchallenges = false\nchallenge_minutes = 5\n"
                                "most_wrong_answers = 1\ncontent_encryption = \"aes-128-cbc\"\n"
                                "icv_octets = 12\nkey_transport = \"pkcs1\"\nra_witness = true"));
  EXPECT_FALSE(read.possession.challenges);
  EXPECT_EQ(read.possession.challenge_minutes, 5);
  EXPECT_EQ(read.possession.most_wrong_answers, 1);
  EXPECT_EQ(read.possession.content_encryption, ContentEncryption::aes_128_cbc);
  EXPECT_EQ(read.possession.icv_octets, 12);
  EXPECT_EQ(read.possession.key_transport, KeyTransport::pkcs1);
  EXPECT_TRUE(read.possession.ra_witness);
}

TEST(ReadConfiguration, ReadsADirectoryThatIsPublishedTo) {
  EXPECT_EQ(unwrap(read_configuration(kFile, kLeast)).publishing.uri, "");
  const std::string section =
      "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ldap-ca.pem\"\n"
      "bind_dn = \"CN=Signet\"\nbind_password_file = \"p\"\n";
  const auto read =
      unwrap(read_configuration(kFile, kLeast + section +
                                           "user_dn = \"UID=$subj.UID,O=Test\"\nprofiles = "
                                           "[\"caOne\"]\nca_dn = \"CN=CA,O=Test\"\n"
                                           "create_ca_entry = true\ntimeout_seconds = 2\n"))
          .publishing;
  EXPECT_EQ(read.uri, "ldaps://d.test");
  EXPECT_TRUE(read.ca.ends_with("/ldap-ca.pem"));
  EXPECT_EQ(read.bind_dn, "CN=Signet");
  EXPECT_TRUE(read.bind_password_file.ends_with("/p"));
  EXPECT_EQ(read.timeout_seconds, 2);
  EXPECT_EQ(read.user_dn, "UID=$subj.UID,O=Test");
  EXPECT_EQ(read.profiles, std::vector<std::string>{"caOne"});
  EXPECT_EQ(read.ca_dn, "CN=CA,O=Test");
  EXPECT_TRUE(read.create_ca_entry);
  EXPECT_EQ(read.certificate_attribute, "userCertificate;binary");
  EXPECT_EQ(read.ca_certificate_attribute, "cACertificate;binary");
  EXPECT_EQ(read.crl_attribute, "certificateRevocationList;binary");
  const auto by_mail = unwrap(read_configuration(
      kFile, kLeast + section + "base = \"O=Test\"\nfilter = \"(mail=$subj.E)\""));
  EXPECT_EQ(by_mail.publishing.filter, "(mail=$subj.E)");
  EXPECT_TRUE(by_mail.publishing.profiles.empty());
}

TEST(ReadConfiguration, RefusesPublishingThatDoesNotFitTogether) {
  const std::string section =
      "[publishing]\nuri = \"ldaps://d.test\"\nca = \"ldap-ca.pem\"\n"
      "bind_dn = \"CN=Signet\"\nbind_password_file = \"p\"\n";
  const std::string dn = "user_dn = \"UID=$subj.UID\"\n";
  const std::string ca = "ca_dn = \"CN=CA\"\n";
  const std::vector<std::pair<std::string, std::string>> faults{
      {"[publishing]\n" + dn, "[publishing] uri is missing"},
      {"[publishing]\nuri = \"ldap://d.test\"\n" + dn, "[publishing] ca is missing"},
      {"[publishing]\nplaintext = true\n" + dn, "[publishing] bind_dn is missing"},
      {"[publishing]\nbind_dn = \"CN=x\"\n" + dn, "[publishing] bind_password_file is missing"},
      {section, "nothing would be published"},
      {section + dn + "base = \"O=Test\"\n", "base and filter go together"},
      {section + "filter = \"(mail=$subj.E)\"\n", "base and filter go together"},
      {section + dn + "base = \"O=T\"\nfilter = \"(mail=$subj.E)\"\n", "exclude each other"},
      {section + dn + "profiles = []\n", "profiles is empty"},
      {section + ca + "profiles = [\"caOne\"]\n", "profiles needs user_dn or filter"},
      {section + dn + "create_ca_entry = true\n", "create_ca_entry needs ca_dn"},
      {section + dn + "crl_attribute = \"\"\n", "crl_attribute is missing"},
      {section + dn + "user_filter = \"x\"\n", "unknown setting \"user_filter\""}};
  for (const auto& [text, words] : faults) {
    EXPECT_THAT(detail_of(kLeast + text), HasSubstr(words)) << text;
  }
}

TEST(ReadConfiguration, ReadsADirectoryOfSecrets) {
  const std::string source = "[secrets]\nsource = \"ldap\"\n[ldap]\n";
  const auto read = unwrap(
      read_configuration(kFile, kLeast + source +
                                    "uri = \"ldaps://directory.test\"\nca = \"ldap-ca.pem\"\n"
                                    "base = \"ou=people,o=Test\"\nprotection_key = "
                                    "\"protection.key\"\nuses = 0"));
  EXPECT_EQ(read.secrets.ldap.uri, "ldaps://directory.test");
  EXPECT_TRUE(read.secrets.ldap.ca.ends_with("/ldap-ca.pem"));
  EXPECT_EQ(read.secrets.ldap.secret_attribute, "shrTok");
  EXPECT_EQ(read.secrets.ldap.key_transport, KeyTransport::pkcs1);
  EXPECT_EQ(read.secrets.ldap.uses, 0);
  const auto refused = read_configuration(kFile, kLeast + source + "uri = \"ldap://d.test\"");
  ASSERT_FALSE(refused.ok());
  for (const auto* missing :
       {"[ldap] ca is missing", "[ldap] base is missing", "[ldap] protection_key is missing"}) {
    EXPECT_NE(refused.error().detail.find(missing), std::string::npos) << missing;
  }
}

TEST(ReadConfiguration, TakesTheKeyTransportsOfSecretsOnly) {
  const std::string directory =
      "[secrets]\nsource = \"ldap\"\n[ldap]\nuri = "
      "\"ldaps://d.test\"\nca = \"ca.pem\"\n"
      "base = \"o=Test\"\nprotection_key = "
      "\"protection.key\"\nkey_transport = ";
  const auto read = unwrap(read_configuration(kFile, kLeast + directory + "\"oaep\""));
  EXPECT_EQ(read.secrets.ldap.key_transport, KeyTransport::oaep);
  EXPECT_THAT(detail_of(kLeast + directory + "\"OAEP\""),
              HasSubstr("key_transport must be one of \"oaep\", \"pkcs1\""));
}

TEST(ReadConfiguration, NamesEverySettingThatIsMissing) {
  const auto detail = detail_of("");
  for (const auto* missing :
       {"[authority] certificate", "[authority] key", "[authority] profiles", "[store] path",
        "[audit] journal", "[http] certificate", "[http] key"}) {
    EXPECT_THAT(detail, HasSubstr(std::string(missing) + " is missing"));
  }
}

TEST(ReadConfiguration, NeedsNoPathForAStoreInMemory) {
  EXPECT_THAT(detail_of("[store]\nengine = \"memory\""), Not(HasSubstr("[store]")));
}

TEST(ReadConfiguration, NeedsAUriForAStoreThatNodesShare) {
  const auto detail = detail_of("[store]\nengine = \"postgres\"");
  EXPECT_THAT(detail, HasSubstr("[store] uri is missing"));
  EXPECT_THAT(detail, Not(HasSubstr("[store] path")));
  EXPECT_THAT(detail_of("[store]\nengine = \"postgres\"\nuri = \"postgresql://db/signet\""),
              Not(HasSubstr("[store]")));
  EXPECT_THAT(detail_of("[store]\nengine = \"oracle\""),
              HasSubstr("engine must be one of \"memory\", \"postgres\", \"sqlite\""));
}

TEST(ReadConfiguration, TakesProfilesFromTheFolderUnlessTheStoreIsNamed) {
  const auto with = [](const std::string& line) {
    auto text = std::string(kLeast);
    const std::string profiles = "profiles = \"profiles\"\n";
    return text.insert(text.find(profiles) + profiles.size(), line);
  };
  EXPECT_EQ(read_configuration(kFile, kLeast)->authority.profiles_from, ProfilesFrom::folder);
  EXPECT_EQ(read_configuration(kFile, with("profiles_from = \"store\"\n"))->authority.profiles_from,
            ProfilesFrom::store);
  EXPECT_THAT(detail_of(with("profiles_from = \"both\"\n")),
              HasSubstr("profiles_from must be one of \"folder\", \"store\""));
}

TEST(ReadConfiguration, WantsOcspAnswersThatTheirSignerOutlives) {
  const auto with = [](const char* minutes) {
    return std::string(kLeast) + "[ocsp]\ncertificate_days = 1\nvalidity_minutes = " + minutes;
  };
  EXPECT_TRUE(read_configuration(kFile, with("720")).ok());
  EXPECT_THAT(detail_of(with("721")), HasSubstr("at most half of certificate_days"));
}
}  // namespace
}  // namespace signet::server
