// Tokens that go away while their keys are in use, and come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "adapters/pkcs11/modules.h"
#include "codec/pkix/oids.h"
#include "crypto/private_key.h"
#include "support/private_key_contract.h"
#include "support/token_scene.h"

namespace signet::test {
namespace {

using testing::HasSubstr;

bool still_signs(const crypto::PrivateKey& key) {
  const auto algorithm = unwrap(crypto::default_signature_algorithm(key));
  const auto signature = key.sign(algorithm, Bytes{1, 2, 3});
  return signature.ok() && public_key_of(key).verify(algorithm, Bytes{1, 2, 3}, *signature).ok();
}

/// What a key says of being asked to open something, by each way.
struct Opening {
  std::string way;
  std::function<Result<SecretBytes>()> open;
};
Fault fault_of(const Opening& opening) {
  const auto opened = opening.open();
  EXPECT_FALSE(opened.ok()) << opening.way;
  return opened.ok() ? Fault::busy : opened.error().fault;
}

/// In the one token, or one of two. Time passes only where a test says so.
class RemovedToken : public testing::Test {
 protected:
  void remove_token() const {
    std::filesystem::rename(hsm.tokens(), hsm.tokens() + ".away");
    std::filesystem::create_directory(hsm.tokens());
  }
  void restore_token() const {
    std::filesystem::remove_all(hsm.tokens());
    std::filesystem::rename(hsm.tokens() + ".away", hsm.tokens());
  }
  /// What its keys could open.
  static std::vector<Opening> openings(const crypto::PrivateKey& rsa,
                                       const crypto::PrivateKey& ec) {
    const SecretBytes secret(Bytes(16, 5));
    const auto transport = [&](pkix::AlgorithmIdentifier algorithm) {
      auto sealed = unwrap(crypto::encrypt_key_transport(public_key_of(rsa), algorithm, secret));
      return [&rsa, algorithm, sealed] { return rsa.decrypt(algorithm, sealed); };
    };
    const auto peer = public_key_of(*unwrap(crypto::generate_private_key("ec:p256")));
    return {{"PKCS#1 v1.5", transport({pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}})},
            {"OAEP", transport(crypto::rsaes_oaep(crypto::DigestAlgorithm::sha1))},
            {"ECDH", [&ec, peer] { return ec.agree(peer); }}};
  }
  /// As long as a token is not looked for again at the most.
  void wait() { now = now.load() + pkcs11::Pace::kLong; }

  const SoftHsm hsm;
  std::atomic<pkcs11::Pace::Clock::time_point> now =
      pkcs11::Pace::Clock::time_point(std::chrono::hours{1});
  const std::shared_ptr<pkcs11::Modules> modules = unwrap(pkcs11::Modules::at(
      kSoftHsmModule, {.now = [this] { return now.load(); }, .patience = std::chrono::hours{1}}));
};

TEST_F(RemovedToken, SignsAgainWhenItIsBack) {
  const auto token = SoftHsm::open();
  const auto key = unwrap(token->generate_key("ec:p256", "ca"));
  ASSERT_TRUE(still_signs(*key));
  remove_token();
  const auto algorithm = signature_named("SHA256withEC");
  ASSERT_FALSE(key->sign(algorithm, Bytes{1}).ok());
  EXPECT_THAT(key->sign(algorithm, Bytes{1}).error().detail, HasSubstr("token \"one\""));
  restore_token();
  wait();
  EXPECT_TRUE(still_signs(*key));
  EXPECT_TRUE(token->find_key({.label = "ca"}).ok());
}

TEST_F(RemovedToken, IsToldFromAKeyThatIsOfNoUse) {
  const auto token = SoftHsm::open();
  const auto rsa = unwrap(token->generate_key("rsa:2048", "rsa"));
  const auto ec = unwrap(token->generate_key("ec:p256", "ec"));
  const auto all = openings(*rsa, *ec);
  for (const auto& each : all) EXPECT_TRUE(each.open().ok()) << each.way;
  const auto sign = [&] { return ec->sign(signature_named("SHA256withEC"), Bytes{1}).error(); };
  remove_token();
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(sign().fault, Fault::token_failed);
    for (const auto& each : all) EXPECT_EQ(fault_of(each), Fault::token_failed) << each.way;
  }
  hsm.add_token("one");  // another one with its name, without its keys
  wait();
  EXPECT_EQ(sign().fault, Fault::signing_failed);
  for (const auto& each : all) {
    wait();
    EXPECT_EQ(fault_of(each), Fault::key_not_found) << each.way;
  }
}

TEST_F(RemovedToken, ThatRefusesThePinLaterSaysNothingOfWhatWasToBeOpened) {
  const auto token = SoftHsm::open();
  const auto rsa = unwrap(token->generate_key("rsa:2048", "rsa"));
  const auto ec = unwrap(token->generate_key("ec:p256", "ec"));
  const auto all = openings(*rsa, *ec);
  remove_token();
  run_tool("softhsm2-util --init-token --free --label one --pin 4711 --so-pin 5678");
  EXPECT_EQ(ec->sign(signature_named("SHA256withEC"), Bytes{1}).error().fault,
            Fault::signing_failed);
  for (const auto& each : all) EXPECT_EQ(fault_of(each), Fault::bad_configuration) << each.way;
}

TEST_F(RemovedToken, LetsEachOfItsKeysSignAgain) {
  const auto idle = SoftHsm::open();
  const auto ca = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  const auto ocsp = unwrap(SoftHsm::open()->generate_key("ec:p256", "ocsp"));
  remove_token();
  EXPECT_FALSE(still_signs(*ca));
  EXPECT_FALSE(still_signs(*ocsp));
  restore_token();
  wait();
  EXPECT_TRUE(still_signs(*ca));
  EXPECT_TRUE(still_signs(*ocsp));
  EXPECT_TRUE(idle->find_key({.label = "ca"}).ok());
}

TEST_F(RemovedToken, ComesBackWithAnotherTokenOfItsModule) {
  hsm.add_token("two");
  const auto ca = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  const auto ocsp =
      unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("rsa:2048", "ocsp"));
  remove_token();
  EXPECT_FALSE(still_signs(*ca));
  EXPECT_FALSE(still_signs(*ocsp));
  restore_token();
  wait();
  EXPECT_TRUE(still_signs(*ca));
  EXPECT_TRUE(still_signs(*ocsp));
}

TEST_F(RemovedToken, ComesBackWhereItsModuleIsNamedByALinkToo) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(kSoftHsmModule, folder / "module.so");
  const auto uri =
      unwrap(pkcs11::read_uri("pkcs11:token=one?module-path=" + (folder / "module.so")));
  const auto linked = unwrap(pkcs11::open_token(uri, SecretBytes(std::string_view("1234"))));
  const auto ca = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  remove_token();
  EXPECT_FALSE(still_signs(*ca));
  restore_token();
  wait();
  EXPECT_TRUE(still_signs(*ca));
  EXPECT_TRUE(linked->find_key({.label = "ca"}).ok());
}

/// Threads that sign all the time, two with each key.
class Signers {
 public:
  Signers(std::function<void()> wait, const std::vector<const crypto::PrivateKey*>& keys)
      : wait_(std::move(wait)), rounds_(2 * keys.size()) {
    for (std::size_t i = 0; i < rounds_.size(); ++i) {
      threads_.emplace_back([this, i, key = keys[i / 2]] {
        while (!ended_) rounds_[i] += still_signs(*key) ? 1 : 0;
      });
    }
  }
  ~Signers() {
    ended_ = true;
    for (auto& thread : threads_) thread.join();
  }
  Signers(const Signers&) = delete;
  Signers& operator=(const Signers&) = delete;

  /// Waits until each of them has signed some times more.
  void all_sign() {
    for (auto& round : rounds_) round = 0;
    while (std::ranges::any_of(rounds_, [](const auto& round) { return round < 5; })) {
      wait_();
      std::this_thread::yield();
    }
  }

 private:
  std::function<void()> wait_;
  std::vector<std::atomic<int>> rounds_;
  std::atomic<bool> ended_{false};
  std::vector<std::thread> threads_;
};

TEST_F(RemovedToken, SignsAgainForManyThreads) {
  const auto key = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  Signers signers([this] { wait(); }, {key.get()});
  signers.all_sign();
  remove_token();
  EXPECT_FALSE(still_signs(*key));
  restore_token();
  signers.all_sign();
}

TEST_F(RemovedToken, SignsAgainForManyThreadsWithKeysInTwoTokens) {
  hsm.add_token("two");
  const auto ca = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  const auto cmc = unwrap(SoftHsm::open()->generate_key("rsa:2048", "cmc"));
  const auto ocsp = unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("ec:p256", "ocsp"));
  Signers signers([this] { wait(); }, {ca.get(), cmc.get(), ocsp.get()});
  signers.all_sign();
  for (int times = 0; times < 3; ++times) {
    remove_token();
    EXPECT_FALSE(still_signs(*ca));
    EXPECT_FALSE(still_signs(*ocsp));
    restore_token();
    signers.all_sign();
  }
}

TEST_F(RemovedToken, DoesNotKeepKeysOfAnotherFromSigningWhileItIsLookedFor) {
  const auto one = std::filesystem::directory_iterator(hsm.tokens())->path();
  hsm.add_token("two");
  const auto ca = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"));
  const auto ocsp = unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("ec:p256", "ocsp"));
  std::filesystem::rename(one, hsm.tokens() + ".away");
  const Signers looking([] {}, {ca.get()});
  for (int times = 0; times < 200; ++times) {
    ASSERT_TRUE(still_signs(*ocsp)) << times;
    wait();
  }
  EXPECT_FALSE(still_signs(*ca));
}

TEST_F(RemovedToken, IsNotMistakenForAnotherWithItsLabel) {
  const auto token = SoftHsm::open();
  const auto key = unwrap(token->generate_key("ec:p256", "ca"));
  remove_token();
  hsm.add_token("one");
  ASSERT_FALSE(key->sign(signature_named("SHA256withEC"), Bytes{1}).ok());
  const auto other = unwrap(token->generate_key("ec:p256", "ca"));
  EXPECT_TRUE(still_signs(*other));
  const auto signature = key->sign(signature_named("SHA256withEC"), Bytes{1});
  ASSERT_FALSE(signature.ok());
  EXPECT_THAT(signature.error().detail, HasSubstr("key"));
}

}  // namespace
}  // namespace signet::test
