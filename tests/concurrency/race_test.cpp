// What must happen once, asked for by many at once: secrets, challenges, nonces, keys, serial
// numbers, decisions. Made to be run under ThreadSanitizer too (preset tsan).
#include <gtest/gtest.h>

#include <set>

#include "authority/agent_desk.h"
#include "authority/crl_maker.h"
#include "client/answer_challenge.h"
#include "client/build_revocation.h"
#include "client/read_response.h"
#include "concurrency/crowd.h"
#include "support/reseal.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using client::SentRequest;

constexpr std::size_t kCrowd = 8;
constexpr const char* kSecret = "correct horse battery staple";
constexpr const char* kEncryptionProfile = "caFullCMCUserSignedEncryptionCert";

RandomSource& random() {
  return crypto::system_random();
}

std::shared_ptr<const crypto::PrivateKey> new_key() {
  return unwrap(crypto::generate_private_key("ec:p256"));
}

SentRequest ask_by_secret(const std::string& identification) {
  const SecretBytes secret{std::string_view(kSecret)};
  const client::SecretHolder holder{identification, secret};
  const auto key = new_key();
  const auto link = unwrap(client::make_link_random(random()));
  auto request = unwrap(client::make_certification_request(
      {.subject = unwrap(pkix::name_from_text("CN=Bob,O=Test")),
       .subject_alt_names = {},
       .extensions = {},
       .key = *key,
       .link_witness =
           unwrap(client::make_link_witness(holder, link, client::LinkKey::of_secret))}));
  return unwrap(
      client::make_secret_request({.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                                   .data_return = std::nullopt,
                                   .more_controls = {},
                                   .key = *key,
                                   .holder = holder,
                                   .link_random = link},
                                  random()));
}

/// How many of the answers brought a certificate.
std::size_t granted(const std::vector<Told>& answers) {
  return static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(),
                                                [](const Told& told) { return told.issued(); }));
}

std::vector<Told> send_at_once(RealAuthority& ca, const std::vector<Bytes>& messages,
                               const std::string& profile = "") {
  std::vector<Told> answers(messages.size());
  crowd(messages.size(),
        [&](std::size_t at) { answers[at] = ca.send(messages[at], ca->alice, profile); });
  return answers;
}

/// The same controls and requests, but another content, or another nonce, signed anew.
Bytes with_nonce(const Bytes& message, std::uint8_t nonce, const Holder& signer) {
  auto parts = parts_of(message);
  for (auto& each : parts.control_sequence) {
    if (each.attr_type == cmc::oid::kSenderNonce) {
      each.attr_values = {cmc::write_octets_value(Bytes(32, nonce))};
    }
  }
  return seal(parts, signer);
}

TEST(Race, ASecretGoodForOneRequestGrantsOneOfMany) {
  RealAuthority ca;
  ca->secrets->entries["bob"] = {kSecret, "CN=Bob,O=Test", {}, 1};
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCrowd; ++i) messages.push_back(ask_by_secret("bob").octets);
  const auto before = ca->certificates_on_record();
  EXPECT_EQ(granted(send_at_once(ca, messages)), 1U);
  EXPECT_EQ(ca->certificates_on_record(), before + 1);
}

TEST(Race, ASecretGoodForThreeGrantsThreeOfMany) {
  RealAuthority ca;
  ca->secrets->entries["bob"] = {kSecret, "CN=Bob,O=Test", {}, 3};
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCrowd; ++i) messages.push_back(ask_by_secret("bob").octets);
  EXPECT_EQ(granted(send_at_once(ca, messages)), 3U);
}

TEST(Race, AChallengeIsAnsweredOnce) {
  RealAuthority ca;
  const auto key = new_key();
  auto request = unwrap(client::make_certification_request(
      {.subject = unwrap(pkix::name_from_text("CN=Alice,O=Test")),
       .subject_alt_names = {},
       .extensions = {},
       .key = *key,
       .possession = client::ShowPossession::by_challenge}));
  const auto make = [&](std::vector<client::RequestItem> items,
                        const client::Continuation* continues) {
    return unwrap(client::make_full_request({.requests = std::move(items),
                                             .data_return = std::nullopt,
                                             .more_controls = {},
                                             .signer = ca->alice.certificate,
                                             .signer_key = *ca->alice.key,
                                             .chain = {},
                                             .continues = continues},
                                            random()));
  };
  const auto first = make({{client::RequestForm::pkcs10, std::move(request)}}, nullptr);
  authority::Inquiry inquiry;
  inquiry.octets = first.octets;
  inquiry.profile_id = kEncryptionProfile;
  inquiry.peer = {ca->alice.certificate.der, "192.0.2.1"};
  const auto response = ca->deliver_octets(inquiry);
  const auto trust = unwrap(proof::Trust::make({ca->certificate()}, {}));
  const auto checked =
      unwrap(client::read_response(response.octets, first, trust, ca->clock.now()));
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCrowd; ++i) {
    auto answer = unwrap(client::answer_challenge(checked.challenges.at(0), first, *key, random()));
    const client::Continuation continues{
        first, checked.sender_nonce, checked.request_id, {std::move(answer)}};
    messages.push_back(make({}, &continues).octets);
  }
  EXPECT_EQ(granted(send_at_once(ca, messages, kEncryptionProfile)), 1U);
}

TEST(Race, OneNonceIsTakenOnce) {
  RealAuthority ca;
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCrowd; ++i) {
    messages.push_back(with_nonce(ca->request(ca->alice, "CN=Alice,O=Test").octets, 9, ca->alice));
  }
  EXPECT_EQ(granted(send_at_once(ca, messages)), 1U);
}

TEST(Race, OneKeyIsCertifiedOnceWhereKeysAreUnique) {
  RealAuthority ca;
  const auto one = ca->request(ca->alice, "CN=Alice,O=Test").octets;
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCrowd; ++i) {
    messages.push_back(with_nonce(one, static_cast<std::uint8_t>(i + 1), ca->alice));
  }
  EXPECT_EQ(granted(send_at_once(ca, messages)), 1U);
}

/// Two ways to spell it, as changeSubjectName of this user's request.
Bytes ask_for_name(const Holder& user, std::size_t number) {
  const std::string wanted =
      number % 2 == 0 ? "CN=Clara,O=Test" : "CN=#1305436c617261,O=#130454657374";
  const auto key = new_key();
  auto request = unwrap(client::make_certification_request(
      {.subject = user.certificate->subject,
       .subject_alt_names = {},
       .extensions = {},
       .key = *key,
       .new_names = cmc::ChangeSubjectName{.subject = unwrap(pkix::name_from_text(wanted)),
                                           .subject_alt = {}}}));
  return unwrap(client::make_full_request(
                    {.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                     .data_return = std::nullopt,
                     .more_controls = {},
                     .signer = user.certificate,
                     .signer_key = *user.key,
                     .chain = {}},
                    random()))
      .octets;
}

TEST(Race, ANameThatNobodyHadIsGivenToOneOfMany) {
  constexpr int kRounds = 4;
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  for (int round = 0; round < kRounds; ++round) {
    RealAuthority ca({.more_profiles = std::string(as_text(text)) +
                                       "\nauth.changeSubjectNameAllowed=true"
                                       "\nauth.changeSubjectNameApprovalRequired=false\n"});
    std::vector<Holder> users;
    std::vector<Bytes> messages;
    for (std::size_t i = 0; i < kCrowd; ++i) {
      users.push_back(ca->enroll("CN=User " + std::to_string(i) + ",O=Test"));
      messages.push_back(ask_for_name(users.back(), i));
    }
    std::vector<Told> answers(kCrowd);
    crowd(kCrowd, [&](std::size_t at) { answers[at] = ca.send(messages[at], users[at], "extra"); });
    EXPECT_EQ(granted(answers), 1U);
    for (const auto& told : answers) {
      const bool is_refused = told.text().find("no agent has approved") != std::string::npos;
      EXPECT_TRUE(told.issued() || is_refused) << told.text();
    }
  }
}

TEST(Race, OneMessageGetsOneAnswerHoweverOftenItComes) {
  RealAuthority ca;
  const auto before = ca->certificates_on_record();
  const std::vector<Bytes> messages(kCrowd, ca->request(ca->alice, "CN=Alice,O=Test").octets);
  const auto answers = send_at_once(ca, messages);
  for (const auto& told : answers) EXPECT_EQ(told.certificates, answers.front().certificates);
  EXPECT_EQ(granted(answers), kCrowd);
  EXPECT_EQ(ca->certificates_on_record(), before + 1);
}

TEST(Race, EverySerialNumberIsGivenOnceAndOnRecord) {
  constexpr std::size_t kEach = 6;
  RealAuthority ca;
  std::vector<std::vector<Told>> answers(kCrowd);
  crowd(kCrowd, [&](std::size_t number) {
    for (std::size_t i = 0; i < kEach; ++i) {
      const auto octets = ca->request(ca->alice, "CN=Alice,O=Test").octets;
      answers[number].push_back(ca.send(octets, ca->alice));
    }
  });
  std::set<Bytes> serials;
  for (const auto& of_one : answers) {
    for (const auto& told : of_one) {
      ASSERT_TRUE(told.issued()) << told.text();
      const auto& serial = told.certificates.front()->serial_number;
      EXPECT_TRUE(unwrap(ca.engine().find_certificate(serial)).has_value());
      serials.insert(serial.octets);
    }
  }
  EXPECT_EQ(serials.size(), kCrowd * kEach);
}

TEST(Race, ARevocationAndEnrollmentsByTheRevokedEndInOneOrder) {
  RealAuthority ca;
  const auto message = unwrap(client::make_revocation_request(
      {.revocations = {{.issuer = ca->alice.certificate->issuer,
                        .serial_number = ca->alice.certificate->serial_number,
                        .reason = pkix::CRLReason::keyCompromise}},
       .signer = ca->alice.certificate,
       .signer_key = *ca->alice.key,
       .chain = {}},
      random()));
  std::vector<Bytes> messages{message.octets};
  for (std::size_t i = 1; i < kCrowd; ++i) {
    messages.push_back(ca->request(ca->alice, "CN=Alice,O=Test").octets);
  }
  send_at_once(ca, messages);
  const auto after = ca.send(ca->request(ca->alice, "CN=Alice,O=Test").octets, ca->alice);
  EXPECT_FALSE(after.issued());
  EXPECT_NE(after.text().find("revoked"), std::string::npos) << after.text();
}

TEST(Race, CrlsMadeAtOnceHaveNumbersWithoutGapsAndOneMakerEach) {
  RealAuthority ca;
  SilentLog log;
  audit::MemoryJournal journal;
  store::Committer committer(ca.engine(), journal);
  const auto algorithm = unwrap(crypto::default_signature_algorithm(ca->key()));
  std::atomic<std::size_t> published{0};
  crowd(4, [&](std::size_t) {
    authority::CrlMaker maker({.issuer = ca->authority().issuer(),
                               .signature_algorithm = algorithm,
                               .store = ca.engine(),
                               .committer = committer,
                               .clock = ca->clock,
                               .settings = {}});
    published += unwrap(maker.make_due()).made;
  });
  EXPECT_EQ(unwrap(ca.engine().find_crl({}))->number, 1U);
  EXPECT_EQ(published, 1U);
}

TEST(Race, ARequestThatWaitsIsDecidedOnce) {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  RealAuthority ca(
      {.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n"});
  const auto told = ca.send(ca->request(ca->alice, "CN=Alice,O=Test").octets, ca->alice, "extra");
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  const auto before = ca->certificates_on_record();
  std::atomic<int> decided{0};
  crowd(kCrowd, [&](std::size_t number) {
    const proof::Peer agent{ca->agent.certificate.der, "192.0.2.9"};
    if (ca->desk().decide(agent, {token, number % 2 == 0, {}, ""}).ok()) ++decided;
  });
  EXPECT_EQ(decided, 1);
  EXPECT_LE(ca->certificates_on_record(), before + 1);
}

TEST(Race, ProfilesThatChangeUnderManyMessagesAreTakenWhole) {
  RealAuthority ca;
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 4 * kCrowd; ++i) {
    messages.push_back(ca->request(ca->alice, "CN=Alice,O=Test").octets);
  }
  std::atomic<bool> ended = false;
  std::thread operator_thread([&] {
    while (!ended) {
      ca->profiles().offer(policy::ProfileSet());
      ca->profiles().offer(shipped_profiles());
    }
  });
  const auto before = ca->certificates_on_record();
  const auto answers = send_at_once(ca, messages);
  ended = true;
  operator_thread.join();
  for (const auto& told : answers) {
    const bool not_offered = told.text().find("is not offered here") != std::string::npos;
    EXPECT_TRUE(told.issued() || not_offered) << told.text();
  }
  EXPECT_EQ(ca->certificates_on_record(), before + granted(answers));
}

}  // namespace
}  // namespace signet::test
