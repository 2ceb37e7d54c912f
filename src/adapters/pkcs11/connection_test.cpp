#include "adapters/pkcs11/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <thread>

#include "adapters/pkcs11/key_pair.h"
#include "adapters/pkcs11/public_half.h"
#include "adapters/pkcs11/token_key.h"
#include "support/private_key_contract.h"
#include "support/token_scene.h"

namespace signet::pkcs11 {
namespace {

using test::SoftHsm;
using test::unwrap;
using testing::HasSubstr;

std::atomic<int> logins = 0;
std::atomic<int> refusals = 0;  // PKCS#11 functions have no place for a reference of ours
CK_FUNCTION_LIST* real_module = nullptr;

CK_RV log_in_and_count(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin,
                       CK_ULONG size) {
  ++logins;
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
    std::function<bool()> hides = [] { return false; };
  };
  explicit WatchedPlace(Events events) : events_(std::move(events)) {}

  Result<Use> use() override { return place_->use(); }
  std::uint64_t restarts() const override { return place_->restarts(); }
  Result<void> start_again(std::uint64_t restarts, Occasion occasion) override {
    events_.starts_again();
    return place_->start_again(restarts, occasion);
  }
  void came_back() override { place_->came_back(); }
  void settle(const Slot& slot) override { place_->settle({real_module, slot.id}); }
  void leave(const Slot& slot) override { place_->leave({real_module, slot.id}); }
  [[nodiscard]] Pace::Clock::time_point now() const override { return place_->now(); }
  Result<Slot> find() override {
    if (events_.hides()) return Error{Fault::bad_configuration, "hidden"};
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
    const auto use = unwrap(modules->use());
    return modules->restarts();
  }
  void start_again() const {
    EXPECT_TRUE(modules->start_again(restarts(), Occasion::opening).ok());
  }
  void remove_token() const { std::filesystem::rename(hsm.tokens(), hsm.tokens() + ".away"); }
  void restore_token() const { std::filesystem::rename(hsm.tokens() + ".away", hsm.tokens()); }

  void pass(std::chrono::milliseconds time) { now = now.load() + time; }

  SoftHsm hsm;
  std::atomic<Pace::Clock::time_point> now = Pace::Clock::time_point(std::chrono::hours{1});
  std::shared_ptr<Modules> modules =
      unwrap(Modules::at(test::kSoftHsmModule, {.now = [this] { return now.load(); },
                                                .patience = std::chrono::hours{1}}));
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
  start_again();
  const auto other = unwrap(unwrap(SoftHsm::try_open("token=two"))->find_key({}));
  start_again();
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
    EXPECT_EQ(sign(*one).error().fault, Fault::signing_failed);
    EXPECT_THAT(sign(*other).error().detail, HasSubstr("refuses the PIN"));
    start_again();
  }
  EXPECT_EQ(refusals, 2);
}

/// What is asked of a token that is away, so many times in a second, for so many seconds.
void ask_in_vain(const crypto::PrivateKey& key, int seconds,
                 const std::function<void(std::chrono::milliseconds)>& pass) {
  constexpr int kTimes = 10;
  for (int times = 0; times < seconds * kTimes; ++times) {
    ASSERT_FALSE(sign(key).ok());
    pass(std::chrono::milliseconds{1000} / kTimes);
  }
}

TEST_F(SharedModule, IsStartedAnewOnceInAWhileHoweverOftenKeysThatAreAwayAreAskedFor) {
  const auto one = make_key(open());
  const auto other = make_key(open());
  remove_token();
  for (int times = 0; times < 20; ++times) {
    for (const auto* key : {&one, &other}) {
      const auto refused = sign(**key);
      ASSERT_FALSE(refused.ok());
      EXPECT_EQ(refused.error().fault, Fault::token_failed);
      EXPECT_THAT(refused.error().detail, HasSubstr("token \"one\" is not there"));
      EXPECT_THAT(refused.error().detail, HasSubstr("looked for again in"));
    }
  }
  EXPECT_EQ(restarts(), 1U);
  EXPECT_THAT(sign(*one).error().detail, HasSubstr("looked for again in 1 s"));
  pass(std::chrono::seconds{1});
  EXPECT_THAT(sign(*one).error().detail, HasSubstr("looked for again in 2 s"));
  EXPECT_EQ(restarts(), 2U);
  ask_in_vain(*one, 60, [&](auto time) { pass(time); });
  EXPECT_LE(restarts(), 11U);
}

TEST_F(SharedModule, HasATokenThatCameBackInUseWithinTheLongWait) {
  const auto one = make_key(open());
  remove_token();
  ask_in_vain(*one, 60, [&](auto time) { pass(time); });
  restore_token();
  pass(Pace::kLong);
  EXPECT_TRUE(signs(*one));
}

TEST_F(SharedModule, IsLeftAloneForASecondAfterATokenCameBackToo) {
  const auto one = make_key(open());
  remove_token();
  ask_in_vain(*one, 60, [&](auto time) { pass(time); });
  restore_token();
  pass(Pace::kLong);
  ASSERT_TRUE(signs(*one));
  const auto before = restarts();
  remove_token();
  ask_in_vain(*one, 1, [&](auto) {});
  EXPECT_EQ(restarts(), before);
  restore_token();
  pass(Pace::kFirst);
  EXPECT_TRUE(signs(*one));
}

class TwoTokens : public SharedModule {
 protected:
  TwoTokens() {
    first = std::filesystem::directory_iterator(hsm.tokens())->path();
    hsm.add_token("two");
    away = make_key(open());
    at_work = unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("ec:p256", "key"));
  }
  void remove_first() const { std::filesystem::rename(first, hsm.tokens() + ".away"); }
  void restore_first() const { std::filesystem::rename(hsm.tokens() + ".away", first); }

  std::filesystem::path first;
  std::unique_ptr<crypto::PrivateKey> away;
  std::unique_ptr<crypto::PrivateKey> at_work;
};

/// Each time the other one's keys must log in again.
TEST_F(TwoTokens, OfWhichOneIsAwayForGoodAreStartedAnewOnceAMinute) {
  remove_first();
  const auto ask = [&](int seconds) {
    ask_in_vain(*away, seconds, [&](auto time) {
      EXPECT_TRUE(sign(*at_work).ok());
      pass(time);
    });
  };
  ask(120);
  const auto before = restarts();
  ask(300);
  EXPECT_LE(restarts() - before, 5U);
  std::string told;
  for (int times = 0; times < 3; ++times) {
    pass(Pace::kLong);
    told += sign(*away).error().detail;
  }
  EXPECT_THAT(told, HasSubstr("which others use, is started anew in"));
  restore_first();
  pass(Pace::kLongest);
  EXPECT_TRUE(sign(*away).ok());
}

TEST_F(TwoTokens, OfWhichNoneIsThereAreStartedAnewAsIfThereWereOne) {
  remove_token();
  ask_in_vain(*away, 60, [&](auto time) { pass(time); });
  const auto before = restarts();
  ask_in_vain(*away, 80, [&](auto time) { pass(time); });
  EXPECT_GE(restarts() - before, 9U);
}

TEST_F(SharedModule, IsNotStartedAnewForATokenThatItShowsAgain) {
  int misses = 0;
  const auto one = make_key(open({.hides = [&] { return misses-- > 0; }}));
  misses = 2;
  start_again();
  EXPECT_FALSE(sign(*one).ok());
  const auto before = restarts();
  pass(Pace::kFirst);
  EXPECT_TRUE(signs(*one));
  EXPECT_EQ(restarts(), before);
}

TEST_F(SharedModule, IsOpenedAtOnceWhateverIsAway) {
  const auto one = make_key(open());
  remove_token();
  EXPECT_FALSE(sign(*one).ok());
  EXPECT_EQ(SoftHsm::try_open().error().fault, Fault::bad_configuration);
  restore_token();
  EXPECT_TRUE(SoftHsm::try_open().ok());
  EXPECT_TRUE(signs(*one)) << "it was started anew meanwhile";
}

TEST_F(SharedModule, LogsInAnewOnceInACallHoweverOftenTheTokenVanishesInIt) {
  const auto connection = open();
  logins = 0;
  int tries = 0;
  const auto refused = connection->run([&](Session& session) {
    ++tries;
    session.note(CKR_TOKEN_NOT_PRESENT);
    pass(Pace::kFirst);  // so that it might be looked for again
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::token_failed);
  EXPECT_THAT(refused.error().detail, HasSubstr("the token is looked for again"));
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(logins, 1);
  EXPECT_TRUE(connection->run_to_end("be there", [](Session&) {}).ok());
}

/// A key that was removed from its token; others of the same login are still there.
TEST_F(SharedModule, HasKeysOfOneLoginThatDoNotKeepEachOtherFromSigning) {
  logins = 0;
  const auto connection = open();
  const auto good = make_key(connection);
  const auto bad = make_key(connection);
  const auto id = unwrap(nss_key_id(bad->public_key_info()));
  const auto removed = connection->run_to_end(
      "remove a key",
      [&](Session& session) {
        for (const auto object : session.find(Template(CKO_PRIVATE_KEY).octets(CKA_ID, id))) {
          session.note(session->C_DestroyObject(session.handle(), object));
        }
      },
      Connection::Access::write);
  ASSERT_TRUE(removed.ok());
  for (int times = 0; times < 20; ++times) {
    EXPECT_FALSE(sign(*bad).ok());
    EXPECT_TRUE(sign(*good).ok());
  }
  EXPECT_EQ(logins, 2);
}

/// SoftHSM2 reads its settings when it starts: from a pipe that nobody writes to, without end.
TEST(HangingModule, LetsCallersOfItsOtherTokensGoAtOnceAndServesThemOnceItStarted) {
  const SoftHsm hsm;
  hsm.add_token("two");
  const auto modules =
      unwrap(Modules::at(test::kSoftHsmModule, {.patience = std::chrono::milliseconds{0}}));
  const auto other = unwrap(unwrap(SoftHsm::try_open("token=two"))->generate_key("ec:p256", "key"));
  const std::string settings = std::getenv("SOFTHSM2_CONF");
  std::filesystem::rename(settings, settings + ".kept");
  ASSERT_EQ(::mkfifo(settings.c_str(), 0600), 0);
  std::thread starts([&] { EXPECT_TRUE(modules->start_again(0, Occasion::opening).ok()); });
  std::ofstream pipe(settings);  // opens once the module reads
  const auto refused = sign(*other);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::token_failed);
  EXPECT_THAT(refused.error().detail, HasSubstr("is being started anew"));
  EXPECT_FALSE(modules->start_again(0, Occasion::coming_back).ok());
  pipe << std::ifstream(settings + ".kept").rdbuf();
  pipe.close();
  starts.join();
  EXPECT_TRUE(signs(*other));
}

TEST_F(SharedModule, ServesAProcessThatWasMadeByFork) {
  const auto one = make_key(open());
  const auto child = ::fork();
  if (child == 0) ::_exit(signs(*one) ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(signs(*one));
  EXPECT_EQ(restarts(), 0U);
}

}  // namespace
}  // namespace signet::pkcs11
