#include "policy/request_pattern.h"

#include <gtest/gtest.h>

#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using test::name;
using test::PolicyScene;
using test::unwrap;

std::optional<std::string> filled(const PolicyScene& scene, std::string_view text) {
  return unwrap(RequestPattern::parse(text)).fill(scene.facts());
}

TEST(RequestPattern, PutsTheRequestsNameIntoItsPlaces) {
  PolicyScene scene;
  scene.subject = name("UID=al,CN=Alice,O=Test");
  EXPECT_EQ(filled(scene, "CN=$request.req_subject_name.cn$,OU=x"), "CN=Alice,OU=x");
  EXPECT_EQ(filled(scene, "$request.req_subject_name.uid$@$request.profileId$"), "al@caTest");
  EXPECT_EQ(filled(scene, "$request.bodyPartId$"), "7");
}

TEST(RequestPattern, LooksAttributesUpIgnoringCase) {
  const PolicyScene scene;
  EXPECT_EQ(filled(scene, "$request.REQ_SUBJECT_NAME.CN$"), "Alice");
}

TEST(RequestPattern, IsNotFilledWhenTheRequestLacksAPart) {
  PolicyScene scene;
  scene.subject = name("O=Test");
  EXPECT_EQ(filled(scene, "CN=$request.req_subject_name.cn$"), std::nullopt);
  EXPECT_EQ(filled(scene, "$request.auth_token.mail[0]$"), std::nullopt);
  EXPECT_EQ(filled(scene, "$request.cmcSigningCert$"), std::nullopt);
}

TEST(RequestPattern, NamesTheSignerWhenThereIsOne) {
  PolicyScene scene;
  scene.signer =
      scene.ca.issue({.subject = "CN=Bob,O=Test", .serial_number = pkix::Integer::from(300)})
          .certificate;
  EXPECT_EQ(filled(scene, "$request.authenticatedName$"), "CN=Bob,O=Test");
  EXPECT_EQ(filled(scene, "$request.cmcSigningCert$"), "300");
}

TEST(RequestPattern, KeepsValuesFromAddingAttributesToAName) {
  PolicyScene scene;
  scene.subject = name("CN=Alice\\,O=Evil,O=Test");
  const auto pattern = unwrap(RequestPattern::parse("CN=$request.req_subject_name.cn$,O=Good"));
  EXPECT_EQ(pattern.fill_name(scene.facts()), "CN=Alice\\,O\\=Evil,O=Good");
  EXPECT_EQ(name(*pattern.fill_name(scene.facts())).last(asn1::Oid{"2.5.4.3"}), "Alice,O=Evil");
  scene.subject = name("CN=Alice\\+O\\=Evil");
  EXPECT_EQ(pattern.fill_name(scene.facts()), "CN=Alice\\+O\\=Evil,O=Good");
}

TEST(RequestPattern, RefusesALoneSignAndAPlaceOfAnotherSet) {
  for (const auto* text : {"CN=$", "a$request.x", "$server.source$", "$x$", "$$"}) {
    const auto pattern = RequestPattern::parse(text);
    ASSERT_FALSE(pattern.ok()) << text;
    EXPECT_EQ(pattern.error().fault, Fault::malformed);
  }
}

TEST(RequestPattern, KnowsWhatNoRequestHas) {
  const auto pattern = unwrap(RequestPattern::parse("$request.req_subject_name.cn$$request.mail$"));
  EXPECT_EQ(pattern.unknown_attributes(), std::vector<std::string>{"mail"});
  EXPECT_FALSE(pattern.is_literal());
  EXPECT_TRUE(unwrap(RequestPattern::parse("O=Test")).is_literal());
}

}  // namespace
}  // namespace signet::policy
