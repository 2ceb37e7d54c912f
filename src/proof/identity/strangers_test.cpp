// What deriving keys for somebody who is not known yet takes.
#include <gtest/gtest.h>

#include <ctime>
#include <functional>

#include "crypto/digest.h"
#include "proof/identity/identity.h"
#include "proof/identity/revocation_secret.h"
#include "store/memory_engine.h"
#include "support/fakes.h"
#include "support/opened.h"
#include "support/secret_message.h"
#include "support/test_records.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

class Stranger : public testing::Test {
 protected:
  IdentityContext context() {
    return {.trust = trust,
            .store = engine,
            .tokens = engine,
            .secrets = &secrets,
            .rules = rules,
            .authority = ca.certificate(),
            .now = {},
            .failed_proof = failed_proof,
            .tolerated = tolerated,
            .life = &engine,
            .may_take_time = may_take_time};
  }
  Result<ProvenIdentity> prove(const Bytes& message) {
    const auto opened = test::open(message);
    return prove_identity(opened.request(), {}, context());
  }
  static Bytes authenticated(const std::string& identification = "alice") {
    return test::SecretMessage{.identification = identification, .in_authenticated_data = true}
        .encode();
  }
  Bytes revocation(std::uint64_t serial_number, std::string_view secret) {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = ca.certificate()->subject;
    wanted.serial_number = asn1::Integer::from(serial_number);
    wanted.shared_secret = to_bytes(secret);
    const auto control =
        test::control(1, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
    test::SignedMessage message;
    message.content = test::pki_data({control}, {});
    return message.encode();
  }

  test::TestCa ca;
  Trust trust = test::unwrap(Trust::make({ca.certificate()}, {}));
  store::MemoryEngine engine;
  test::FakeSecretSource secrets;
  IdentityRules rules;
  std::optional<store::TokenFailure> failed_proof;
  UsedTolerances tolerated;
  bool may_take_time = true;
};

TEST_F(Stranger, HasNothingDerivedWhereThatMayNotTakeTime) {
  secrets.entries["alice"] = {.secret = test::kSecret};
  const std::vector<Bytes> messages{authenticated("alice"), authenticated("nobody"),
                                    revocation(7, "guess")};
  may_take_time = false;
  for (const auto& message : messages) {
    const auto refused = prove(message);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::takes_time);
    EXPECT_FALSE(failed_proof);
  }
  EXPECT_TRUE(prove(test::SecretMessage{}.encode()).ok()) << "an identityProof is a MAC or two";
  may_take_time = true;
  EXPECT_TRUE(prove(messages[0]).ok());
  EXPECT_EQ(prove(messages[1]).error().fault, Fault::mac_mismatch);
  EXPECT_EQ(prove(messages[2]).error().fault, Fault::unknown_identity);
}

TEST_F(Stranger, WhoKnowsARevocationSecretHasANameAndNoIdentification) {
  const auto verifier = test::unwrap(
      make_revocation_verifier(SecretBytes(std::string_view("right")), crypto::system_random()));
  store::Commit commit;
  commit.revocation_secrets = {{asn1::Integer::from(1), verifier}};
  audit::MemoryJournal journal;
  const store::Commit* batch[] = {&commit};
  ASSERT_TRUE(engine.apply(batch, journal).front().durable());
  const auto known = test::unwrap(prove(revocation(1, "right")));
  EXPECT_EQ(known.name(), "who knows the revocation secret of 0x01");
  EXPECT_EQ(known.identification(), "") << "nobody sent the control";
  secrets.entries["alice"] = {.secret = test::kSecret};
  const auto alice = test::unwrap(prove(test::SecretMessage{}.encode()));
  EXPECT_EQ(alice.identification(), "alice");
  EXPECT_EQ(alice.name(), "alice");
}

/// Of this thread's processor, not of the wall's clock.
std::clock_t time_of(const std::function<void()>& work) {
  timespec begin{};
  timespec end{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
  for (int i = 0; i < 20; ++i) work();
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
  return (end.tv_sec - begin.tv_sec) * 1'000'000 + (end.tv_nsec - begin.tv_nsec) / 1'000;
}

TEST_F(Stranger, CannotTellByTheTimeWhetherARevocationSecretIsKeptOrLocked) {
  const auto verifier = test::unwrap(
      make_revocation_verifier(SecretBytes(std::string_view("right")), crypto::system_random()));
  rules.secrets.most_failures = 1;
  store::Commit commit;
  commit.revocation_secrets = {{asn1::Integer::from(1), verifier},
                               {asn1::Integer::from(2), verifier}};
  commit.token_failure = {revocation_token_id(asn1::Integer::from(2)), Time{}};
  audit::MemoryJournal journal;
  const store::Commit* batch[] = {&commit};
  ASSERT_TRUE(engine.apply(batch, journal).front().durable());
  const auto refusal_of = [&](std::uint64_t serial) {
    return time_of([&, message = revocation(serial, "wrong")] {
      EXPECT_EQ(prove(message).error().fault, Fault::unknown_identity);
    });
  };
  const auto wrong = refusal_of(1);
  EXPECT_GT(refusal_of(2), wrong / 2) << "locked";
  EXPECT_GT(refusal_of(3), wrong / 2) << "none is kept";
}

}  // namespace
}  // namespace signet::proof
