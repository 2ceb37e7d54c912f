#include "adapters/pkcs11/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <thread>

#include "adapters/pkcs11/key_pair.h"
#include "adapters/pkcs11/token_key.h"
#include "support/private_key_contract.h"
#include "support/token_scene.h"

namespace signet::pkcs11 {
namespace {

using test::SoftHsm;
using test::unwrap;

std::atomic<int> refusals = 0;  // PKCS#11 functions have no place for a reference of ours
CK_FUNCTION_LIST* real_module = nullptr;

CK_RV log_in_and_count(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin,
                       CK_ULONG size) {
  const auto answer = real_module->C_Login(session, user, pin, size);
  if (answer == CKR_PIN_INCORRECT) ++refusals;
  return answer;
}

/// SoftHSM2's token "one", which tells of what is done with it, and counts the PINs that it
/// refuses.
class WatchedPlace final : public Place {
 public:
  struct Events {
    std::function<void()> missed = [] {};
    std::function<void()> starts_again = [] {};
  };
  explicit WatchedPlace(Events events) : events_(std::move(events)) {}

  Use use() override { return place_->use(); }
  std::uint64_t restarts() const override { return place_->restarts(); }
  void start_again(std::uint64_t restarts) override {
    events_.starts_again();
    place_->start_again(restarts);
  }
  Result<Slot> find() override {
    const auto found = place_->find();
    if (!found.ok()) {
      events_.missed();
      return found.error();
    }
    real_module = found->functions;
    functions_ = *found->functions;
    functions_.C_Login = log_in_and_count;
    return Slot{&functions_, found->id};
  }
  [[nodiscard]] const std::string& name() const override { return place_->name(); }
  [[nodiscard]] bool keys_may_leave() const override { return false; }

 private:
  std::unique_ptr<Place> place_ = unwrap(place_by_uri(unwrap(read_uri(SoftHsm::uri("token=one")))));
  Events events_;
  CK_FUNCTION_LIST functions_{};
};

std::shared_ptr<Connection> open(WatchedPlace::Events events = {}) {
  return unwrap(Connection::open(std::make_unique<WatchedPlace>(std::move(events)),
                                 SecretBytes(std::string_view("1234"))));
}

std::unique_ptr<crypto::PrivateKey> make_key(const std::shared_ptr<Connection>& connection) {
  return unwrap(TokenKey::make(connection, unwrap(make_key_pair(*connection, "ec:p256", "key"))));
}

Result<Bytes> sign(const crypto::PrivateKey& key) {
  return key.sign(test::signature_named("SHA256withEC"), Bytes{1});
}

bool signs(const crypto::PrivateKey& key) {
  const auto signature = sign(key);
  return signature.ok() && test::public_key_of(key)
                               .verify(test::signature_named("SHA256withEC"), Bytes{1}, *signature)
                               .ok();
}

class SharedModule : public ::testing::Test {
 protected:
  [[nodiscard]] std::uint64_t restarts() const {
    const auto use = modules->use();
    return modules->restarts();
  }
  void remove_token() const { std::filesystem::rename(hsm.tokens(), hsm.tokens() + ".away"); }
  void restore_token() const { std::filesystem::rename(hsm.tokens() + ".away", hsm.tokens()); }

  SoftHsm hsm;
  std::shared_ptr<Modules> modules = unwrap(Modules::at(test::kSoftHsmModule));
};

TEST_F(SharedModule, IsStartedAnewOnceForTwoThatMissTheirTokenAtOneMoment) {
  std::barrier both_miss_it(2, [this]() noexcept { restore_token(); });
  const WatchedPlace::Events events{.missed = [&] { both_miss_it.arrive_and_wait(); }};
  const auto one = make_key(open(events));
  const auto other = make_key(open(events));
  remove_token();
  bool signed_by_one = false;
  std::thread thread([&] { signed_by_one = sign(*one).ok(); });
  EXPECT_TRUE(sign(*other).ok());
  thread.join();
  EXPECT_TRUE(signed_by_one);
  EXPECT_EQ(restarts(), 1U);
}

TEST_F(SharedModule, IsNotStartedAnewUnderAnothersOperation) {
  std::latch one_wants_it(1);
  const auto one = make_key(open({.starts_again = [&] { one_wants_it.count_down(); }}));
  const auto other = open();
  remove_token();
  std::thread thread;
  const auto answer = other->run([&](Session& session) {
    thread = std::thread([&] { EXPECT_FALSE(sign(*one).ok()); });
    one_wants_it.wait();
    for (int times = 0; times < 1'000; ++times) {
      CK_SESSION_INFO info{};
      session.note(session->C_GetSessionInfo(session.handle(), &info));
      std::this_thread::yield();
    }
  });
  thread.join();
  EXPECT_EQ(unwrap(answer), CKR_OK);
  EXPECT_EQ(restarts(), 1U);
}

/// SoftHSM2 counts handles from one each time, so those of before are another's session and key.
TEST_F(SharedModule, HasNoHandlesOfBeforeOnceItIsStartedAnew) {
  hsm.add_token("two");
  const auto info = make_key(open())->public_key_info();
  unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("ec:p256", "key"));
  modules->start_again(restarts());
  const auto other = unwrap(unwrap(SoftHsm::try_open("token=two"))->find_key({}));
  modules->start_again(restarts());
  const auto one = open();
  EXPECT_TRUE(signs(*unwrap(TokenKey::make(one, info))));
  unwrap(one->run([&](const Session& session) {
    std::thread([&] { EXPECT_TRUE(signs(*other)); }).join();
    CK_SESSION_INFO told{};
    EXPECT_EQ(session->C_GetSessionInfo(session.handle(), &told), CKR_OK);
  }));
}

TEST_F(SharedModule, IsShownARefusedPinOnceByEachHoweverOftenItIsStartedAnew) {
  refusals = 0;
  const auto one = make_key(open());
  const auto other = make_key(open());
  remove_token();
  std::filesystem::create_directory(hsm.tokens());
  test::run_tool("softhsm2-util --init-token --free --label one --pin 4711 --so-pin 5678");
  for (std::uint64_t times = 0; times < 3; ++times) {
    EXPECT_EQ(sign(*one).error().fault, Fault::decryption_failed);
    EXPECT_EQ(sign(*other).error().fault, Fault::decryption_failed);
    modules->start_again(restarts());
  }
  EXPECT_EQ(refusals, 2);
}

}  // namespace
}  // namespace signet::pkcs11
