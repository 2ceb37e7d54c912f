#include "apps/tool/what_to_do.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WhatToDo, SendsAnOperatorToNoProfileAndNoSigner) {
  const Error weak{Fault::not_allowed, "the secret is too weak"};
  EXPECT_EQ(what_to_do(weak, "secret create"), "");
  const Error name{Fault::name_not_allowed, "the profile takes no such subject"};
  EXPECT_EQ(what_to_do(name, "profile check"), "");
  EXPECT_THAT(std::string(what_to_do(name, "enroll")), HasSubstr("profile"));
  const Error none{Fault::unknown_identity, "no secret in force for 'bob'"};
  EXPECT_THAT(std::string(what_to_do(none, "secret revoke")), HasSubstr("signet secret list"));
  EXPECT_EQ(what_to_do(none, "secret unlock"), "") << "of those that are not locked";
  EXPECT_THAT(std::string(what_to_do(none, "secret revoke")), Not(HasSubstr("--signer")));
  EXPECT_THAT(std::string(what_to_do(none, "revoke")), HasSubstr("--signer"));
}

TEST(WhatToDo, AddsNothingWhereTheDetailNamesWhatWasTyped) {
  EXPECT_EQ(what_to_do({Fault::malformed, "--subject: the name \"foo\" has a part without '='"}),
            "");
  EXPECT_EQ(what_to_do({Fault::malformed, "\"9q\" is no duration"}), "");
  EXPECT_EQ(what_to_do({Fault::malformed, "http://ca/cmc: this is no https:// address"}), "");
  EXPECT_EQ(what_to_do({Fault::bad_configuration, "--url \"ca\" is no address"}), "");
  EXPECT_THAT(std::string(what_to_do({Fault::malformed, "octet 4: SEQUENCE wanted"})),
              HasSubstr("signet inspect"));
}

TEST(WhatToDo, SpeaksOfASettingOnlyWhereOneStandsInAFile) {
  EXPECT_EQ(what_to_do({Fault::bad_configuration, "nothing says who asks: give --signer"}), "");
  EXPECT_EQ(what_to_do({Fault::bad_configuration, "ca is not empty; name a new directory"}), "");
  EXPECT_THAT(std::string(what_to_do({Fault::bad_configuration, "ca/signetd.toml:7: no [http]"})),
              HasSubstr("setting"));
}

TEST(WhatToDo, SendsNobodyToAProfileThatDidNotRefuse) {
  const Error refused{Fault::not_allowed, "the authority says: agents only: ..."};
  EXPECT_EQ(what_to_do(refused, "agent list"), "");
  EXPECT_EQ(what_to_do({Fault::not_allowed, "key.pem: the file holds a private key"}, "status"),
            "");
}

TEST(WhatToDo, AddsNothingWhereTheDetailTellsTheNextStep) {
  EXPECT_EQ(what_to_do({Fault::untrusted_signer,
                        "https://ca: the server's TLS certificate is for another name; use ..."}),
            "");
  EXPECT_EQ(what_to_do({Fault::already_exists, "key.pem exists and is not written over: give ..."}),
            "");
  EXPECT_EQ(what_to_do({Fault::already_exists, "there is a secret for 'dev': revoke it first"},
                       "secret create"),
            "");
  EXPECT_THAT(std::string(what_to_do({Fault::already_exists, "ca exists"})),
              HasSubstr("another name"));
}

TEST(WhatToDo, TellsWhoeverWasRefusedOfCertificateAndSecretAlike) {
  const std::string step{what_to_do(cmc::CMCFailInfo::badIdentity)};
  EXPECT_THAT(step, HasSubstr("--signer"));
  EXPECT_THAT(step, HasSubstr("--identity"));
}

TEST(WhatToDo, NamesTheOptionOrCommandThatHelps) {
  EXPECT_THAT(std::string(what_to_do(cmc::CMCFailInfo::unsupportedExt)), HasSubstr("--profile"));
  EXPECT_THAT(std::string(what_to_do(cmc::CMCFailInfo::badAlg)),
              AllOf(HasSubstr("--key"), Not(HasSubstr("rsa"))));  // the profile may take none
  EXPECT_THAT(std::string(what_to_do(cmc::CMCStatus::pending)), HasSubstr("signet poll"));
  EXPECT_THAT(std::string(what_to_do(cmc::CMCStatus::confirmRequired)),
              HasSubstr("signet confirm"));
}

TEST(WhatToDo, SpeaksOfAFileAsItsOwnLookOrTheSystemDoes) {
  const auto step = [](Fault fault, const char* detail) {
    return std::string(what_to_do({fault, detail}));
  };
  EXPECT_EQ(step(Fault::storage_failed, "cannot open x: No such file or directory"),
            "Check the path.");
  EXPECT_EQ(step(Fault::storage_failed, "cannot read x: Is a directory"), "Name a file in it.");
  for (const auto* detail :
       {"the store x failed: database or disk is full (SQLite 13); make room on the disk",
        "the store's database cannot be reached: refused; see that it runs",
        "x is not there: name the folder that `signet ca init` made",
        "x is empty: bring it back from a backup (signet ca restore)"}) {
    EXPECT_EQ(step(Fault::storage_failed, detail), "") << "it says so itself";
  }
  EXPECT_THAT(step(Fault::storage_failed, "cannot use the store x: Permission denied"),
              HasSubstr("as whom this runs"));
  EXPECT_THAT(step(Fault::storage_failed, "cannot open x: Permission denied"),
              HasSubstr("permissions"));
  EXPECT_THAT(step(Fault::storage_failed, "cannot write x: Input/output error"),
              HasSubstr("the space on its disk"));
  for (const auto* detail :
       {"x holds no certificate: it holds CERTIFICATE REQUEST (PEM)",
        "x holds no private key: it is text, neither PEM nor base64", "x: the file is empty"}) {
    EXPECT_THAT(step(Fault::malformed, detail), HasSubstr("Name another file"));
    EXPECT_THAT(step(Fault::malformed, detail), Not(HasSubstr("inspect")));
  }
  for (const auto* detail :
       {"x: PEM block CERTIFICATE has no END line", "x: SEQUENCE at octet 0 is cut short"}) {
    EXPECT_THAT(step(Fault::malformed, detail), HasSubstr("cut off"));
  }
  EXPECT_EQ(step(Fault::malformed, "x: no exchange: use the file that was made"), "");
}

TEST(WhatToDo, SendsAnOperatorToNoIssuerWhoseCertificateWasGiven) {
  const Error none{Fault::certificate_not_found, "none of the 1 certificates is for this key"};
  EXPECT_EQ(what_to_do(none, "ca install-certificate"), "");
  EXPECT_THAT(std::string(what_to_do(none, "revoke")), HasSubstr("serial number"));
}

TEST(WhatToDo, DoesNotAskWhetherAServerRunsThatAnswers) {
  const Error answered{Fault::directory_unreachable, "https://ca/x answered HTTP 404"};
  EXPECT_THAT(std::string(what_to_do(answered)), HasSubstr("--path"));
  EXPECT_THAT(std::string(what_to_do(answered)), Not(HasSubstr("runs")));
  EXPECT_THAT(std::string(what_to_do(answered, "agent list")), Not(HasSubstr("--path")));
  EXPECT_THAT(std::string(what_to_do({Fault::directory_unreachable, "https://ca: nobody answers"})),
              HasSubstr("that the server runs"));
}

TEST(WhatToDo, TellsWhoIsNotKnownOfASignerInForce) {
  EXPECT_THAT(std::string(what_to_do(cmc::CMCFailInfo::badIdentity)), HasSubstr("in force"));
}

}  // namespace
}  // namespace signet::tool
