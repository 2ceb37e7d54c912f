#include "issuance/authority_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "codec/pkix/oids.h"
#include "issuance/authority_certificates.h"
#include "issuance/sign_tbs.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using std::chrono::days;
using test::fault_of;
using test::kTestTime;
using test::name;
using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A root, an authority below it, and ours below that.
class AuthorityChain : public ::testing::Test {
 protected:
  AuthorityChain() {
    root = unwrap(
        make_root({.subject = name("CN=Root"), .key = *root_key, .now = kTestTime}, random()));
    middle = certify("CN=Middle,O=Test", *middle_key, root, *root_key);
    own = certify("CN=Ours,O=Test", *own_key, middle, *middle_key);
  }

  static RandomSource& random() { return crypto::system_random(); }
  static pkix::Certificate certify(const std::string& subject, const crypto::PrivateKey& key,
                                   const pkix::Certificate& issuer,
                                   const crypto::PrivateKey& issuer_key) {
    return unwrap(make_authority_certificate({.subject = name(subject),
                                              .key = key.public_key_info(),
                                              .validity = {kTestTime, kTestTime + days{1000}}},
                                             issuer, issuer_key, random()));
  }
  /// Ours again, one extension having another value; none: left out.
  pkix::Certificate own_with(const asn1::Oid& type, const std::optional<Bytes>& value) {
    return changed(own, type, value, *middle_key);
  }
  static pkix::Certificate changed(const pkix::Certificate& certificate, const asn1::Oid& type,
                                   const std::optional<Bytes>& value,
                                   const crypto::PrivateKey& issuer_key) {
    auto tbs = certificate.tbs.value;
    const auto place = std::find_if(tbs.extensions.begin(), tbs.extensions.end(),
                                    [&](const auto& each) { return each.extn_id == type; });
    if (value) place->extn_value = *value;
    if (!value) tbs.extensions.erase(place);
    auto der = pkix::write_tbs_certificate(tbs);
    return unwrap(sign_linted({std::move(tbs), std::move(der)}, issuer_key));
  }
  Result<std::vector<pkix::Certificate>> find(const std::vector<pkix::Certificate>& given) {
    const auto self_name = name("CN=Ours,O=Test");
    return find_authority_chain({own_key->public_key_info(), self_name}, given,
                                kTestTime + days{1});
  }
  static Bytes usage(std::initializer_list<pkix::KeyUsageBit> bits) {
    pkix::KeyUsage all;
    for (const auto bit : bits) {
      all.bits = static_cast<std::uint16_t>(all.bits | static_cast<std::uint16_t>(bit));
    }
    return pkix::write_key_usage(all);
  }
  /// A user's certificate that ours issued.
  pkix::Certificate user() {
    return unwrap(make_service_certificate({.kind = ServiceKind::agent,
                                            .subject = name("CN=User,O=Test"),
                                            .key = root_key->public_key_info(),
                                            .now = kTestTime},
                                           {own}, *own_key, random()));
  }

  test::Key root_key = test::test_key("ec:p256");
  test::Key middle_key = test::test_key("ec:p256", 1);
  test::Key own_key = test::test_key("ec:p256", 2);
  pkix::Certificate root;
  pkix::Certificate middle;
  pkix::Certificate own;
};

TEST_F(AuthorityChain, IsFoundInAnyOrderAndGivenFromOursToTheRoot) {
  EXPECT_THAT(unwrap(find({own, middle, root})), ElementsAre(own, middle, root));
  EXPECT_THAT(unwrap(find({root, own, middle})), ElementsAre(own, middle, root));
}

TEST_F(AuthorityChain, LeavesOutWhatDoesNotBelongToIt) {
  const auto stranger = unwrap(make_root(
      {.subject = name("CN=Stranger"), .key = *test::test_key("ec:p384"), .now = kTestTime},
      random()));
  EXPECT_THAT(unwrap(find({stranger, own, middle, root})), ElementsAre(own, middle, root));
}

TEST_F(AuthorityChain, RefusesACertificateForAnotherKey) {
  const auto other = certify("CN=Ours,O=Test", *test::test_key("ec:p384"), middle, *middle_key);
  const auto found = find({other, middle, root});
  EXPECT_EQ(fault_of(found), Fault::certificate_not_found);
  EXPECT_EQ(fault_of(find({})), Fault::certificate_not_found);
}

TEST_F(AuthorityChain, RefusesACertificateUnderAnotherName) {
  const auto renamed = certify("CN=Theirs,O=Test", *own_key, middle, *middle_key);
  const auto found = find({renamed, middle, root});
  EXPECT_EQ(fault_of(found), Fault::identity_mismatch);
  EXPECT_THAT(found.error().detail, HasSubstr("CN=Theirs"));
}

TEST_F(AuthorityChain, RefusesACertificateThatIsNoAuthoritys) {
  EXPECT_EQ(fault_of(find({own_with(oid::kBasicConstraints, std::nullopt), middle, root})),
            Fault::not_allowed);
  const auto not_ca = pkix::write_basic_constraints({.ca = false, .path_len_constraint = {}});
  EXPECT_EQ(fault_of(find({own_with(oid::kBasicConstraints, not_ca), middle, root})),
            Fault::not_allowed);
}

TEST_F(AuthorityChain, RefusesAKeyUsageWithoutCertificatesOrCrls) {
  using pkix::KeyUsageBit;
  for (const auto bit : {KeyUsageBit::keyCertSign, KeyUsageBit::cRLSign}) {
    const auto found = find({own_with(oid::kKeyUsage, usage({bit})), middle, root});
    EXPECT_EQ(fault_of(found), Fault::not_allowed);
  }
}

TEST_F(AuthorityChain, RefusesWhatSignedItself) {
  const auto self_signed = unwrap(
      make_root({.subject = name("CN=Ours,O=Test"), .key = *own_key, .now = kTestTime}, random()));
  EXPECT_EQ(fault_of(find({self_signed})), Fault::not_allowed);
}

TEST_F(AuthorityChain, RefusesAPathThatEndsBelowTheRoot) {
  const auto found = find({own, middle});
  EXPECT_EQ(fault_of(found), Fault::untrusted_signer);
  EXPECT_THAT(found.error().detail, HasSubstr("--chain"));
  EXPECT_EQ(fault_of(find({own, root})), Fault::untrusted_signer);
}

TEST_F(AuthorityChain, RefusesAPathThatIsNotValidNow) {
  const auto self_name = name("CN=Ours,O=Test");
  const FutureAuthority self{own_key->public_key_info(), self_name};
  EXPECT_EQ(fault_of(find_authority_chain(self, {own, middle, root}, kTestTime + days{1001})),
            Fault::untrusted_signer);
}

TEST_F(AuthorityChain, LetsItIssueWhereNothingAboveForbidsIt) {
  EXPECT_TRUE(check_may_issue({own, middle, root}, user(), kTestTime + days{1}).ok());
}

TEST_F(AuthorityChain, SeesThatAPathLengthAboveForbidsWhatItWouldIssue) {
  const auto no_more = pkix::write_basic_constraints({.ca = true, .path_len_constraint = 0});
  const auto short_middle = changed(middle, oid::kBasicConstraints, no_more, *root_key);
  EXPECT_EQ(fault_of(check_may_issue({own, short_middle, root}, user(), kTestTime + days{1})),
            Fault::not_allowed);
}

TEST_F(AuthorityChain, GivesAnotherKeyOfTheSameAuthorityACertificateWithinItsIssuersTime) {
  const auto again =
      unwrap(make_authority_certificate({.subject = own->subject,
                                         .key = root_key->public_key_info(),
                                         .validity = {kTestTime, kTestTime + days{5000}}},
                                        own, *own_key, random()));
  EXPECT_EQ(again->issuer, own->subject);
  EXPECT_EQ(again->validity.not_after, own->validity.not_after);
  EXPECT_FALSE(is_self_signed(again));
  EXPECT_TRUE(is_self_signed(root));
}

}  // namespace
}  // namespace signet::issuance
