#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "apps/tool/command_line.h"
#include "support/commands_scene.h"
#include "support/each_command.h"

namespace signet::tool {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// ------------------------------------------------------------ called wrongly

/// Nothing that these calls name is there.
class WrongCall : public Commands {
 protected:
  /// `told`: what is wrong, which is told for programs, too.
  void wrong(std::vector<std::string> words, const std::string& told,
             const std::vector<std::vector<std::string>>& more) {
    for (const auto& each : more) words.insert(words.end(), each.begin(), each.end());
    EXPECT_EQ(signet(words), 2) << told << "\n" << err.str();
    EXPECT_THAT(err.str(), HasSubstr(told));
    EXPECT_THAT(err.str(), HasSubstr("\nSee signet " + words.front() + " "));
    words.push_back("--json");
    EXPECT_EQ(signet(words), 2) << told;
    EXPECT_EQ(json()["error"]["fault"], "usage");
    EXPECT_THAT(json()["error"]["detail"].get<std::string>(), HasSubstr(told));
  }

  const std::vector<std::string> server{"--url", "https://ca.test:8443", "--ca", "@nowhere.pem"};
  const std::vector<std::string> signer{"--signer", "@nowhere.pem", "--signer-key", "@nowhere.key"};
};

/// What the command line alone shows ends with 2, whoever found it; nothing was read or sent.
TEST_F(WrongCall, EndsWithTwoWhoeverFoundIt) {
  wrong({"get", "--crl"}, "--out is required", {server, signer});
  wrong({"get", "--out", "@x"}, "give --serial", {server, signer});
  wrong({"get", "--out", "@x", "--crl", "--trust-anchors"}, "one of them", {server, signer});
  wrong({"get", "--out", "@x", "--crl"}, "nothing says who asks", {server});
  wrong({"get", "--out", "@x", "--serial", "pear"}, "no serial number", {server, signer});
  wrong({"enroll"}, "nothing says where the files go", {server, signer});
  wrong({"enroll", "--output", "@x"}, "nothing says who asks", {server});
  wrong({"enroll", "--output", "@x", "--identity", "a"}, "give one of them", {server, signer});
  wrong({"enroll", "--output", "@x", "--form", "simple"}, "needs a --subject", {server});
  const std::vector<std::string> registers{"--revocation-secret-file", "@y", "--subject", "CN=a"};
  wrong({"enroll", "--output", "@x", "--form", "simple"},
        "has no place for --revocation-secret-file", {server, signer, registers});
  wrong({"enroll", "--output", "@x", "--key-usage", "encryption"}, "leaves no place to register it",
        {server, signer, registers});
  wrong({"enroll", "--output", "@x", "--key", "ec:p1"}, "ec:p256", {server, signer});
  wrong({"enroll", "--output", "@x", "--san", "FAX:1"}, "no kind of name", {server, signer});
  wrong({"enroll", "--output", "@x", "--subject", "Alice"}, "--subject: ", {server, signer});
  wrong({"enroll", "--output", "@x", "--path", "/y", "--url", "https://ca.test/x", "--ca", "@y"},
        "leave out --path", {signer});
  wrong({"enroll", "--output", "@x", "--signer-key", "@y"}, "--signer must name", {server});
  wrong({"renew"}, "give --output DIR, or --in-place", {server, signer});
  wrong({"renew", "--in-place", "--signer-p12", "@y"}, "give both", {server});
  wrong({"renew", "--output", "@x", "--before", "soon"}, "--before: ", {server, signer});
  wrong({"revoke"}, "nothing to revoke", {server, signer});
  wrong({"revoke", "--serial", "1", "--secret-file", "@y"}, "two ways", {server, signer});
  wrong({"revoke", "--serial", "1", "--serial", "2", "--secret-file", "@y"}, "one certificate",
        {server});
  wrong({"revoke", "--serial", "1", "--invalid-since", "once"}, "is no time", {server, signer});
  wrong({"poll", "--output", "@x"}, "nothing says who asks", {server});
  wrong({"confirm", "--certificate", "@x"}, "nothing says who asks", {server});
  wrong({"status", "--certificate", "@x", "--no-ocsp", "--no-crl"}, "--no-ocsp", {server});
  wrong({"relay", "@a.crq"}, "a registration authority signs", {server});
  wrong({"relay"}, "give the messages to relay, or --rest", {server, signer});
  wrong({"relay", "@a.crq", "--rest", "@b"}, "give the messages to relay, or", {server, signer});
  wrong({"relay", "--rest", "@b", "--saw-identity"}, "nothing is said of them", {server, signer});
  wrong({"relay", "--rest", "@b", "--out-dir", "@x"}, "no --out-dir", {server, signer});
  wrong({"relay", "--rest", "@b", "--san", "DNS:a"}, "nothing is said of them", {server, signer});
  wrong({"relay", "@a.crq", "@a.crq"}, "would be one file", {server, signer});
  wrong({"relay", "@a.crq", "@b/../a.p7m"}, "would be one file", {server, signer});
  wrong({"relay", "@a/x.crq", "@b/x.crq", "--out-dir", "@x"}, "would be one", {server, signer});
  wrong({"relay", "@a.crp"}, "would be one file", {server, signer});
  wrong({"relay", "@a", "--san", "DNS:a", "--leave-out", "2.5.29.17"}, "give one of them",
        {server, signer});
  wrong({"relay", "@a", "--add-extension", "2.5.29.37=00", "--leave-out", "2.5.29.37"},
        "give one of them", {server, signer});
  wrong({"relay", "@a", "--add-extension", "2.5.29.17=00", "--san", "DNS:a"}, "give one of them",
        {server, signer});
  wrong({"relay", "@a", "--add-extension", "pear"}, "--add-extension", {server, signer});
  wrong({"relay", "@a", "--decrypt-key", "@key"}, "--decrypt-certificate", {server, signer});
  wrong({"relay", "@a", "--decrypt-certificate", "@x"}, "--decrypt-key", {server, signer});
  wrong({"relay", "@a", "--decrypt-key", "@k", "--decrypt-certificate", "@x", "--url",
         "tcp://ca.test", "--ca", "@nowhere.pem"},
        "send it over https://", {signer});
  wrong({"answer", "--in", "@a", "--exchange", "@b", "--ca", "@c", "--key-file", "@d", "--out",
         "@e", "--out-exchange", "@f", "--through-ra"},
        "--through-ra", {signer});
  wrong({"relay", "@a", "--leave-out", "SAN"}, "--leave-out", {server, signer});
  wrong({"agent", "list"}, "an agent signs in", {server});
  wrong({"agent", "approve", "00", "--without-extension", "pear"}, "--without-extension",
        {server, signer});
  wrong({"agent", "approve", "00", "--extension", "pear=00"}, "--extension", {server, signer});
  wrong({"secret", "revocation", "--directory", "@x"}, "give --certificate or --serial", {});
  wrong({"secret", "unlock", "--directory", "@x"}, "give an IDENTIFICATION or --serial", {});
  wrong({"secret", "unlock", "a", "--serial", "1", "--directory", "@x"}, "one of them", {});
  wrong({"secret", "unlock", "--serial", "pear", "--directory", "@x"}, "no serial number", {});
  wrong({"secret", "create", "a", "--subject", "A", "--directory", "@x"}, "--subject: ", {});
  wrong({"secret", "create", "a", "--uses", "-1", "--directory", "@x"}, "--uses", {});
  wrong({"ca", "renew", "--directory", "@x"}, "nothing to renew", {});
  wrong({"ca", "renew", "tsl", "--directory", "@x"}, "is none of tls", {});
  wrong({"ca", "init", "--directory", "@x", "--address", "here"}, "is no IP address", {});
  wrong({"import", "dogtag", "@x", "--directory", "@y", "--key", "@z"}, "--key with --certificate",
        {});
  wrong({"renew", "--same-key", "--output", "@x", "--signer-p12", "@y"}, "--same-key keeps",
        {server});
  wrong({"renew", "--in-place", "--signer", "@y", "--signer-key", "@y"}, "name one", {server});
  EXPECT_FALSE(exists("x"));
}

/// Of each option its own kind; what all options refuse is sound_values_test's.
TEST_F(WrongCall, OfAValueThatAnOptionCannotTakeEndsWithTwo) {
  const std::vector<std::string> init{"--directory", "@x"};
  wrong({"ca", "init", "--subject", ""}, "--subject: an authority has a name", {init});
  wrong({"ca", "init", "--host", ""}, "--host: it is empty; wanted: NAME", {init});
  wrong({"ca", "init", "--host", "a b"}, "--host \"a b\" is neither a host name", {init});
  wrong({"ca", "init", "--store", "foo://"}, "--store \"foo://\" is no PostgreSQL URI", {init});
  wrong({"ca", "init", "--pkcs11", "token"}, "--pkcs11: \"token\" is no pkcs11 URI", {init});
  wrong({"ca", "rollover", "--pkcs11", "nss:"}, "--pkcs11: \"nss:\" names no folder", {init});
  wrong({"import", "dogtag", "@y", "--pkcs12", "@y", "--host", "*"}, "--host \"*\"", {init});
  wrong({"import", "dogtag", "@y", "--pkcs12", "@y", "--agent", "A"}, "--agent: ", {init});
  wrong({"import", "dogtag", "@y", "--pkcs12", "@y", "--time-zone", "Mars"},
        "--time-zone Mars is not known", {init});
  wrong({"import", "dogtag", "@y", "--certificate", "@y", "--key", "pkcs11:x"}, "--key: ", {init});
  wrong({"agent", "approve", "zz"}, "ID: \"zz\" is no id", {server, signer});
  wrong({"agent", "show", "../x"}, "ID: \"../x\" is no id", {server, signer});
  wrong({"enroll", "--output", "@x", "--path", "/a b"}, "--path: \"/a b\"", {server, signer});
  wrong({"enroll", "--output", "@x", "--key-file", "pkcs11:x"}, "--key-file: ", {server, signer});
  wrong({"enroll", "--output", "@x", "--signer-key", "nss:"}, "--signer-key: ", {server});
  wrong({"agent", "list", "--url", "https://a b", "--ca", "@y"}, "--url: \"https://a b\"",
        {signer});
  wrong({"status", "--certificate", "@y", "--ocsp", "ocsp"}, "--ocsp: \"ocsp\" is neither",
        {server});
  wrong({"get", "--crl", "--crl-name", "x", "--out", "@x"}, "--crl-name: ", {server, signer});
  wrong({"secret", "create", ""}, "IDENTIFICATION: it is empty", {init});
  wrong({"secret", "create", std::string(1025, 'a')}, "1 to 1024 octets", {init});
  wrong({"secret", "wrap", "--certificate", "@y", "--ldif", "alice"}, "--ldif: ", {});
  EXPECT_FALSE(exists("x"));
}

/// Nearest to what is refused: it goes on to the files, which are not there.
TEST_F(WrongCall, IsNoneWithValuesThatTheOptionsTake) {
  const auto taken = [&](std::vector<std::string> words) {
    words.insert(words.end(), server.begin(), server.end());
    EXPECT_EQ(signet(words), 1) << err.str();
    EXPECT_THAT(err.str(), HasSubstr("No such file"));
  };
  for (const auto* place : {"/ocsp", "http://ocsp.test/a%20b", "/ocsp?x=y"}) {
    taken({"status", "--certificate", "@y", "--ocsp", place});
  }
  for (const auto* name : {"http://a.test/crl?x=y", "ldap://a.test/cn=CA?crl"}) {
    taken({"get", "--crl", "--crl-name", name, "--out", "@x", "--signer", "@y", "--signer-key",
           "@y"});
  }
}

/// What is wanted is said on the command line; what it leaves open, the environment may.
TEST_F(WrongCall, IsNoneWhereTheEnvironmentNamesServerAndAuthority) {
  ::setenv("SIGNET_URL", "https://env.test", 1);
  ::setenv("SIGNET_CA", (folder / "ca.pem").c_str(), 1);
  signet({"get", "--crl", "--out", "@x", "--signer", "@agent.pem", "--signer-key", "@agent.key"});
  EXPECT_EQ(last_url, "https://env.test/cmc");
  wrong({"enroll", "--output", "@y", "--identity", "bob", "--trust-by-secret"},
        "excludes --ca (or SIGNET_CA", {});
  ::unsetenv("SIGNET_URL");
  ::unsetenv("SIGNET_CA");
}

TEST_F(Commands, WhatFilesShowEndsWithOne) {
  EXPECT_EQ(signet({"get", "--crl", "--out", "@x", "--url", "https://ca.test:8443", "--ca",
                    "@nowhere.pem", "--signer", "@agent.pem", "--signer-key", "@agent.key"}),
            1);
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "x", {"--encrypt-to", "@nowhere"}), 1);
  EXPECT_FALSE(exists("x/key.pem")) << "no key is made for what cannot be sent";
}

TEST_F(Commands, ASayingOfTheParserIsNotRepeated) {
  EXPECT_EQ(signet({"enroll", "--url", "localhost:8443", "--ca", "@ca.pem"}), 2);
  EXPECT_THAT(err.str(), ::testing::StartsWith("--url \"localhost:8443\" is no address"));
}

// ------------------------------------------------------------ for programs

/// A value of the kind that an option wants; files that are not there.
std::string value_for(const CLI::Option& option) {
  const auto type = option.get_type_name();
  if (type.starts_with("URL")) return "https://ca.test:8443";
  return type.starts_with("FILE") || type.starts_with("DIR") ? "@nowhere" : "00";
}

std::vector<std::string> with_what_is_required(const CLI::App& command,
                                               std::vector<std::string> words) {
  for (const auto* option : command.get_options()) {
    if (!option->get_required()) continue;
    if (!option->get_positional()) words.push_back(option->get_name());
    words.push_back(value_for(*option));
  }
  return words;
}

TEST_F(Commands, EachTellsItsEndInOneJsonObjectAndNothingElse) {
  CLI::App app;
  Context context{.out = out, .err = err};
  add_commands(app, context, surroundings);
  test::for_each_command(app, {}, [&](const CLI::App& command, std::vector<std::string> words) {
    words = with_what_is_required(command, words);
    words.push_back("--json");
    const auto status = signet(words);
    const auto told = nlohmann::json::parse(out.str(), nullptr, false);
    ASSERT_TRUE(told.is_object()) << words[0] << " " << words[1] << "\n" << out.str() << err.str();
    EXPECT_EQ(told["ok"], status == 0) << out.str();
    EXPECT_EQ(told.contains("error"), status != 0) << out.str();
    std::filesystem::remove_all(folder / "nowhere");
  });
}

// ------------------------------------------------------------ what is no file, and wrong files

TEST_F(Commands, ReadPutsNothingBesideWhatIsNoFile) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const auto reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_EQ(signet({"read", "--in", "@carol/response.crp", "--exchange", "@carol/exchange.json",
                    "--ca", "@ca.pem", "--out-certificate", "@pipe", "--json"}),
            0)
      << err.str();
  Bytes read(16384);
  read.resize(static_cast<std::size_t>(::read(reader, read.data(), read.size())));
  ::close(reader);
  EXPECT_EQ(as_text(read), pkix::to_pem({certificate("carol/certificate.pem")}));
  EXPECT_FALSE(exists("pipe.chain.pem"));
  EXPECT_THAT(err.str(), HasSubstr("The chain (1 certificate) is not written"));
  EXPECT_THAT(err.str(), HasSubstr("--out-chain"));
  EXPECT_FALSE(json()["files"].contains("chain"));
}

TEST_F(Commands, InspectSaysOfAFileWhatIsWrongWithIt) {
  write("empty", "");
  write("text", "this is no message\n");
  write("cut.pem", std::string(as_text(read("ca.pem"))).substr(0, 200));
  const auto told = [&](const std::string& file) {
    EXPECT_EQ(signet({"inspect", "@" + file}), 1);
    EXPECT_THAT(err.str(), Not(HasSubstr("--type")));
    return err.str();
  };
  EXPECT_THAT(told("empty"), HasSubstr("empty: the file is empty\n"));
  EXPECT_THAT(told("text"), HasSubstr("it is text, neither PEM nor base64"));
  EXPECT_THAT(told("cut.pem"), HasSubstr("It was cut off"));
  EXPECT_THAT(told(""), HasSubstr("Is a directory\n  Name a file in it."));
  EXPECT_THAT(told("nowhere"), HasSubstr("Check the path."));
  EXPECT_EQ(signet({"inspect", "@ca.pem", "--type", "pkcs10"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("--type asn1"));
}

TEST_F(Commands, AFileOfAnotherKindIsToldForWhatItIs) {
  write("request.pem", to_pem("CERTIFICATE REQUEST", Bytes{0x30, 0x00}));
  const auto told = [&](const std::string& option, const std::string& file) {
    std::map<std::string, std::string> files{
        {"--ca", "@ca.pem"}, {"--signer", "@agent.pem"}, {"--signer-key", "@agent.key"}};
    files[option] = file;
    std::vector<std::string> words{
        "enroll", "--url", "https://ca.test:8443", "--subject", "CN=Carol", "--output", "@carol"};
    for (const auto& [name, value] : files) words.insert(words.end(), {name, value});
    EXPECT_EQ(signet(words), 1) << option << file;
    EXPECT_FALSE(exists("carol/key.pem"));
    return err.str();
  };
  EXPECT_THAT(told("--ca", "@request.pem"),
              HasSubstr("holds no certificate: it holds CERTIFICATE REQUEST (PEM)"));
  EXPECT_THAT(told("--ca", "@agent.key"), HasSubstr("it holds PRIVATE KEY (PEM)"));
  EXPECT_THAT(told("--signer-key", "@agent.pem"),
              HasSubstr("holds no private key: it holds CERTIFICATE (PEM)"));
  EXPECT_THAT(told("--signer-key", "@alice.key"), HasSubstr("is not the key of"));
  EXPECT_THAT(told("--encrypt-to", "@request.pem"), HasSubstr("holds no certificate"));
}

TEST_F(Commands, PollMakesNoFolder) {
  EXPECT_EQ(signet({"poll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                    "@agent.pem", "--signer-key", "@agent.key", "--output", "@nothing"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("is no folder"));
  EXPECT_FALSE(exists("nothing"));
}

}  // namespace
}  // namespace signet::tool
