#include "proof/trust/trust.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/crypto_vectors.h"

namespace signet::proof {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using test::certificate_vector;

constexpr Time date(int y, unsigned m, unsigned d) {
  return sys_days{year{y} / std::chrono::month{m} / std::chrono::day{d}};
}

constexpr Time kNow = date(2028, 6, 1);

Trust trust_in_root(std::vector<pkix::Certificate> intermediates = {},
                    std::size_t remembered = 16) {
  return test::unwrap(
      Trust::make({certificate_vector("root")}, std::move(intermediates), remembered));
}

void expect_untrusted(const Result<void>& validated, const std::string& word) {
  ASSERT_FALSE(validated.ok());
  EXPECT_EQ(validated.error().fault, Fault::untrusted_signer);
  EXPECT_NE(validated.error().detail.find(word), std::string::npos) << validated.error().detail;
}

TEST(Trust, FindsThePathThroughItsOwnIntermediates) {
  const auto trust = trust_in_root({certificate_vector("intermediate")});
  EXPECT_TRUE(trust.validate(certificate_vector("leaf"), {}, kNow).ok());
}

TEST(Trust, FindsThePathThroughHints) {
  const auto trust = trust_in_root();
  expect_untrusted(trust.validate(certificate_vector("leaf"), {}, kNow), "local issuer");
  EXPECT_TRUE(
      trust.validate(certificate_vector("leaf"), {certificate_vector("intermediate")}, kNow).ok());
}

TEST(Trust, DoesNotTrustAHint) {
  const auto trust = trust_in_root();
  expect_untrusted(trust.validate(certificate_vector("leaf-of-impostor"),
                                  {certificate_vector("impostor")}, kNow),
                   "");
}

TEST(Trust, RemembersAValidCertificateWithoutItsHints) {
  const auto trust = trust_in_root();
  const auto leaf = certificate_vector("leaf");
  ASSERT_TRUE(trust.validate(leaf, {certificate_vector("intermediate")}, kNow).ok());
  EXPECT_TRUE(trust.validate(leaf, {}, kNow).ok());
}

TEST(Trust, RemembersNoFailure) {
  const auto trust = trust_in_root();
  const auto leaf = certificate_vector("leaf");
  ASSERT_FALSE(trust.validate(leaf, {}, kNow).ok());
  EXPECT_TRUE(trust.validate(leaf, {certificate_vector("intermediate")}, kNow).ok());
}

TEST(Trust, DoesNotRememberPastTheEndOfTheLeaf) {
  const auto trust = trust_in_root({certificate_vector("intermediate")});
  const auto leaf = certificate_vector("leaf");
  const auto end = date(2031, 1, 1);
  ASSERT_TRUE(trust.validate(leaf, {}, kNow).ok());
  EXPECT_TRUE(trust.validate(leaf, {}, end - std::chrono::seconds{1}).ok());
  expect_untrusted(trust.validate(leaf, {}, end), "expired");
}

TEST(Trust, DoesNotRememberPastTheEndOfTheIntermediate) {
  const auto trust = trust_in_root({certificate_vector("intermediate")});
  const auto leaf = certificate_vector("leaf-outlives-intermediate");
  ASSERT_TRUE(trust.validate(leaf, {}, kNow).ok());
  expect_untrusted(trust.validate(leaf, {}, date(2041, 1, 1)), "CN=Intermediate");
}

TEST(Trust, DoesNotRememberBeforeTheBeginningOfTheLeaf) {
  const auto trust = trust_in_root({certificate_vector("intermediate")});
  const auto leaf = certificate_vector("leaf");
  ASSERT_TRUE(trust.validate(leaf, {}, kNow).ok());
  expect_untrusted(trust.validate(leaf, {}, date(2026, 12, 31)), "not yet valid");
  EXPECT_TRUE(trust.validate(leaf, {}, kNow).ok());
}

TEST(Trust, DoesNotTakeAChangedCertificateForTheOneItRemembers) {
  const auto trust = trust_in_root();
  auto leaf = certificate_vector("leaf-of-root");
  ASSERT_TRUE(trust.validate(leaf, {}, kNow).ok());
  leaf.der.back() ^= 0x01;
  expect_untrusted(trust.validate(leaf, {}, kNow), "signature failure");
}

TEST(Trust, ForgetsWhatWasNotAskedForLongest) {
  const auto trust = trust_in_root({}, 1);
  const std::vector hints{certificate_vector("intermediate")};
  const auto leaf = certificate_vector("leaf");
  ASSERT_TRUE(trust.validate(leaf, hints, kNow).ok());
  ASSERT_TRUE(trust.validate(certificate_vector("leaf-of-root"), {}, kNow).ok());
  EXPECT_FALSE(trust.validate(leaf, {}, kNow).ok());
}

TEST(Trust, WorksWithoutMemory) {
  const auto trust = trust_in_root({}, 0);
  const auto leaf = certificate_vector("leaf-of-root");
  EXPECT_TRUE(trust.validate(leaf, {}, kNow).ok());
  EXPECT_TRUE(trust.validate(leaf, {}, kNow).ok());
}

TEST(Trust, RefusesAnchorsThatCannotBeRead) {
  auto broken = certificate_vector("root");
  broken.der.pop_back();
  const auto made = Trust::make({broken}, {});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::malformed);
}

TEST(Trust, IsSafeForManyThreads) {
  const auto trust = trust_in_root({certificate_vector("intermediate")}, 2);
  const std::vector leaves{certificate_vector("leaf"), certificate_vector("leaf-of-root"),
                           certificate_vector("leaf-for-servers")};
  std::array<int, 4> valid{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < valid.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 60; ++i) {
        if (trust.validate(leaves[(t + i) % leaves.size()], {}, kNow).ok()) ++valid[t];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(valid, (std::array<int, 4>{60, 60, 60, 60}));
}

}  // namespace
}  // namespace signet::proof
