// The authority's key goes away (a token pulled, a module that hangs up) and comes back.
#include <gtest/gtest.h>

#include "base/log.h"
#include "support/counting_key.h"
#include "support/losable_key.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

std::shared_ptr<LosableKey> make_losable(const std::string& kind = "ec:p256") {
  return std::make_shared<LosableKey>(unwrap(crypto::generate_private_key(kind)));
}

authority::Inquiry inquiry_of(Bytes octets, const Holder& who) {
  authority::Inquiry inquiry;
  inquiry.octets = std::move(octets);
  inquiry.peer.tls_client_certificate = who.certificate.der;
  return inquiry;
}

TEST(LostKey, IsAnsweredWithoutContentAndSignersAndNothingIsIssued) {
  /* matrix: E43 */
  const auto key = make_losable();
  TestAuthority ca{{.own_key = key}};
  const auto before = ca.certificates_on_record();
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto inquiry = inquiry_of(sent.octets, ca.alice);

  key->lost = true;
  key->fault = Fault::signing_failed;
  EXPECT_FALSE(ca.deliver_octets(inquiry).is_for_now) << "broken";
  key->fault = Fault::token_failed;
  const auto answer = ca.deliver_octets(inquiry);
  EXPECT_EQ(answer.kind, authority::ResponseKind::unable);
  EXPECT_TRUE(answer.is_for_now) << "away";
  EXPECT_EQ(answer.issued, 0U);
  const auto told =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer.octets)).content));
  EXPECT_FALSE(told.encap_content_info.e_content.has_value());
  EXPECT_TRUE(told.signer_infos.empty());
  EXPECT_TRUE(told.certificates.empty());
  EXPECT_EQ(ca.certificates_on_record(), before);

  key->lost = false;
  EXPECT_TRUE(ca.send(sent.octets, &ca.alice).issued()) << "the same message, later";
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

/// The last line that it was given.
class LastLine final : public Log {
 public:
  void write(Level given, std::string_view, std::initializer_list<Field> fields) override {
    level = given;
    text.clear();
    for (const auto& field : fields) text += std::string(field.value) + "\n";
  }
  Level level = Level::debug;
  std::string text;
};

/// An authority whose responses are signed by another key than its own.
struct Delegating {
  explicit Delegating(std::shared_ptr<const crypto::PrivateKey> own_key)
      : ca([&] {
          TestAuthority::Choices choices;
          choices.own_key = std::move(own_key);
          choices.delegates = true;
          choices.log = &log;
          return choices;
        }()) {}

  LastLine log;
  TestAuthority ca;
};

TEST(LostKey, ThatSignsCertificatesIsTryLaterWhileItIsAwayAndInternalErrorWhereItIsBroken) {
  const auto key = make_losable();
  Delegating scene{key};
  auto& ca = scene.ca;
  const auto before = ca.certificates_on_record();
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  key->lost = true;
  const auto away = ca.send(sent.octets, &ca.alice);
  EXPECT_EQ(away.fail_info(), cmc::CMCFailInfo::tryLater) << away.text();
  EXPECT_NE(away.text().find("Send the same message again"), std::string::npos) << away.text();
  EXPECT_EQ(away.text().find("token"), std::string::npos) << away.text();
  EXPECT_TRUE(away.has_event("CERT_REQUEST_PROCESSED", audit::EventOutcome::failure));
  EXPECT_EQ(scene.log.level, Log::Level::warning);
  EXPECT_NE(scene.log.text.find("token \"ca\" is away"), std::string::npos) << scene.log.text;

  key->fault = Fault::signing_failed;
  const auto broken = ca.send(sent.octets, &ca.alice);
  EXPECT_EQ(broken.fail_info(), cmc::CMCFailInfo::internalCAError) << broken.text();

  key->lost = false;
  EXPECT_TRUE(ca.send(sent.octets, &ca.alice).issued()) << "the same message, later";
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST(LostKey, ThatSignsResponsesHasNothingMoreSignedWhileItIsAway) {
  const auto own = std::make_shared<CountingKey>(unwrap(crypto::generate_private_key("ec:p256")));
  Delegating scene{own};
  auto& ca = scene.ca;
  const auto cmc = std::make_shared<LosableKey>(ca.cmc.key);
  ca.authority().sign_responses_with(
      unwrap(authority::make_response_signer(ca.cmc.certificate, cmc, {ca.certificate()})));
  const auto sent = inquiry_of(ca.request(ca.alice, "CN=Alice,O=Test").octets, ca.alice);
  const auto simple = inquiry_of(ca.certification_request("CN=printer,O=Test"), ca.agent);
  const auto before = ca.certificates_on_record();
  cmc->lost = true;
  ca.deliver_octets(sent);
  const auto wasted = own->signatures();
  for (int time = 0; time < 3; ++time) {
    const auto answer = ca.deliver_octets(sent);
    EXPECT_EQ(answer.kind, authority::ResponseKind::unable);
    EXPECT_TRUE(answer.is_for_now);
  }
  EXPECT_EQ(own->signatures(), wasted) << "it is known to be away";
  EXPECT_EQ(ca.certificates_on_record(), before);
  EXPECT_EQ(ca.deliver_octets(simple).issued, 1U) << "nobody signs the answer";
  cmc->lost = false;
  EXPECT_EQ(ca.deliver_octets(sent).issued, 1U);
  EXPECT_EQ(ca.certificates_on_record(), before + 2);
}

}  // namespace
}  // namespace signet::test
