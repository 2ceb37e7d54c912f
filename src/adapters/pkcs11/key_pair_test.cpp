#include "adapters/pkcs11/key_pair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/token_scene.h"

namespace signet::pkcs11 {
namespace {

using test::SoftHsm;
using test::unwrap;
using ::testing::HasSubstr;

/// What the module is to answer in the place of its own words, and how often yet.
struct Failures {
  int setting = 0;
  int destroying = 0;
};
Failures failures;  // PKCS#11 functions have no place for a reference of ours
CK_FUNCTION_LIST* real = nullptr;

CK_RV set_or_fail(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* values,
                  CK_ULONG count) {
  if (failures.setting > 0 && failures.setting-- > 0) return CKR_DEVICE_ERROR;
  return real->C_SetAttributeValue(session, object, values, count);
}

CK_RV destroy_or_fail(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  if (failures.destroying > 0 && failures.destroying-- > 0) return CKR_DEVICE_ERROR;
  return real->C_DestroyObject(session, object);
}

/// SoftHSM2's token, whose module fails when it is told to.
class FailingPlace final : public Place {
 public:
  explicit FailingPlace(std::unique_ptr<Place> place) : place_(std::move(place)) {}
  Result<Slot> find() override {
    const auto slot = TRY(place_->find());
    real = slot.functions;
    functions_ = *slot.functions;
    functions_.C_SetAttributeValue = set_or_fail;
    functions_.C_DestroyObject = destroy_or_fail;
    return Slot{&functions_, slot.id};
  }
  [[nodiscard]] const std::string& name() const override { return place_->name(); }
  [[nodiscard]] bool keys_may_leave() const override { return false; }

 private:
  std::unique_ptr<Place> place_;
  CK_FUNCTION_LIST functions_{};
};

class MakeKeyPair : public ::testing::Test {
 protected:
  MakeKeyPair() { failures = {}; }
  [[nodiscard]] std::size_t keys() const {
    std::size_t count = 0;
    EXPECT_TRUE(connection
                    ->run_to_end("count",
                                 [&](Session& session) {
                                   Template any;
                                   any.octets(CKA_LABEL, as_bytes("ca"));
                                   count = session.find(any).size();
                                 })
                    .ok());
    return count;
  }

  SoftHsm hsm;
  std::shared_ptr<Connection> connection =
      unwrap(Connection::open(std::make_unique<FailingPlace>(unwrap(
                                  place_by_uri(unwrap(read_uri(SoftHsm::uri("token=one")))))),
                              SecretBytes(std::string_view("1234"))));
};

TEST_F(MakeKeyPair, LeavesOnePairWhereTheTokenFailedBetweenKeyAndId) {
  failures.setting = 1;
  EXPECT_TRUE(make_key_pair(*connection, "ec:p256", "ca").ok());
  EXPECT_EQ(keys(), 2U) << "two halves of one pair";
}

TEST_F(MakeKeyPair, LeavesNothingWhereItCannotBeNamed) {
  failures.setting = 1000;
  EXPECT_EQ(make_key_pair(*connection, "ec:p256", "ca").error().fault, Fault::token_failed);
  EXPECT_EQ(keys(), 0U);
}

TEST_F(MakeKeyPair, MakesNoSecondPairBesideOneThatItCannotRemove) {
  failures.setting = 1;
  failures.destroying = 2;
  const auto made = make_key_pair(*connection, "ec:p256", "ca");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::token_failed);
  EXPECT_THAT(made.error().detail, HasSubstr("remove it before another one is made"));
  EXPECT_EQ(keys(), 2U);
}

}  // namespace
}  // namespace signet::pkcs11
