// Keys that cannot sign: encryptedPOP and decryptedPOP (RFC 10002 §6.7). What is granted in two
// rounds stands beside the nearest things that are refused.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "authority/agent_desk.h"
#include "client/answer_challenge.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "envelope/encrypted_data.h"
#include "proof/witness/encrypted_pop.h"
#include "proof/witness/identity_proof.h"
#include "support/challenge_answers.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using client::RequestForm;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

constexpr const char* kProfile = "caFullCMCUserSignedEncryptionCert";
constexpr const char* kKinds[] = {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "x25519", "x448"};

class Challenge : public testing::Test {
 protected:
  Challenge() = default;
  explicit Challenge(TestAuthority::Choices choices) : ca(std::move(choices)) {}
  static Credential credential(const Holder& holder) { return {holder.key, holder.certificate}; }
  static std::uint32_t fresh_nonce() {
    static std::atomic<std::uint32_t> next{1};
    return next++;
  }
  static cmc::TaggedAttribute nonce() {
    const auto number = fresh_nonce();
    Bytes octets(16, 5);
    for (int i = 0; i < 4; ++i)
      octets[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (8 * i));
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }

  Told first_round(const std::vector<Bytes>& requests, const Holder& signer,
                   std::vector<cmc::TaggedAttribute> controls = {}) {
    controls.push_back(nonce());
    return ca.send(full_request(credential(signer), requests, controls).encode(), &signer, profile);
  }
  Told first_round(const std::vector<Bytes>& requests) { return first_round(requests, ca.alice); }

  /// The second message. As it stands it is right.
  struct Second {
    std::vector<Bytes> requests;
    std::vector<cmc::DecryptedPOP> answers;
    std::optional<Bytes> request_id;
    std::vector<cmc::TaggedAttribute> more_controls = {};
  };
  Second second_to(const Told& first, const std::vector<Bytes>& requests,
                   const std::vector<Key>& keys) {
    Second second{requests, {}, octets_in(first, cmc::oid::kResponseInfo)};
    const auto challenges = challenges_in(first);
    for (std::size_t at = 0; at < challenges.size(); ++at) {
      second.answers.push_back(answer_to(challenges[at], *keys.at(at)));
    }
    return second;
  }
  Bytes encode(const Second& second, const Holder& signer) {
    auto controls = second.more_controls;
    controls.push_back(nonce());
    std::uint32_t id = 900;
    for (const auto& answer : second.answers) {
      controls.push_back(control(id++, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(answer)));
    }
    if (second.request_id) {
      controls.push_back(
          control(id++, cmc::oid::kRegInfo, cmc::write_octets_value(*second.request_id)));
    }
    return full_request(credential(signer), second.requests, controls).encode();
  }
  Told send(const Second& second, const Holder& signer) {
    return ca.send(encode(second, signer), &signer, profile);
  }
  Told send(const Second& second) { return send(second, ca.alice); }

  void expect_challenged(const Told& told, std::size_t keys = 1) {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired) << told.text();
    ASSERT_EQ(challenges_in(told).size(), keys);
    EXPECT_EQ(octets_in(told, cmc::oid::kResponseInfo).size(), 16U);
    EXPECT_TRUE(told.has_event("PROOF_OF_POSSESSION", EventOutcome::failure));
  }
  void expect_refused(const Told& told, CMCFailInfo why = CMCFailInfo::popFailed,
                      const std::string& words = "") {
    EXPECT_FALSE(told.issued());
    EXPECT_TRUE(challenges_in(told).empty());
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", EventOutcome::failure));
  }
  void expect_granted(const Told& told, std::size_t certificates = 1) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_EQ(told.certificates.size(), certificates);
    EXPECT_TRUE(told.has_event("PROOF_OF_POSSESSION", EventOutcome::success));
  }

  TestAuthority ca;
  std::string profile = kProfile;
};

// ------------------------------------------------------------ granted

TEST_F(Challenge, BringsACertificateInTwoRoundsForEveryKindOfKeyAndBothForms) {
  /* matrix: B32, C43, C46, C60, C63, E107, E108, E109, E168 */
  for (const auto* kind : kKinds) {
    const auto key = test_key(kind);
    for (const auto form : {RequestForm::crmf, RequestForm::pkcs10}) {
      SCOPED_TRACE(kind);
      TestAuthority fresh;  // the profile certifies a key once
      const std::vector<Bytes> requests{unsigned_request(20, key, form)};
      auto controls = std::vector{nonce()};
      const auto first = fresh.send(
          full_request({fresh.alice.key, fresh.alice.certificate}, requests, controls).encode(),
          &fresh.alice, profile);
      expect_challenged(first);
      const auto challenge = challenges_in(first).at(0);
      EXPECT_EQ(challenge.request.der, requests[0]) << "the request goes back as it came";
      EXPECT_EQ(challenge.witness, crypto::sha256(proof_value(challenge, *key).view()));
      const auto second = second_to(first, requests, {key});
      const auto told = fresh.send(encode(second, fresh.alice), &fresh.alice, profile);
      expect_granted(told);
      ASSERT_TRUE(told.issued());
      EXPECT_EQ(told.certificates.front()->subject_public_key_info, key->public_key_info());
    }
  }
}

TEST_F(Challenge, AKeyThatSignsIsNotChallenged) {
  const auto told = first_round({tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))});
  expect_granted(told);
}

TEST_F(Challenge, SeveralKeysGetOneChallengeEach) {
  const std::vector<Key> keys{test_key("rsa:2048"), test_key("ec:p256", 1)};
  const std::vector<Bytes> requests{unsigned_request(20, keys[0]), unsigned_request(21, keys[1])};
  const auto first = first_round(requests);
  expect_challenged(first, 2);
  expect_granted(send(second_to(first, requests, keys)), 2);
}

TEST_F(Challenge, ASigningAndAnEncryptionKeyGetBothOrNone) {
  profile = "caFullCMCUserSignedPairCert";
  const auto usage = [](pkix::KeyUsageBit bit) {
    pkix::KeyUsage value;
    value.bits = static_cast<std::uint16_t>(bit);
    return pkix::Extension{pkix::oid::kKeyUsage, true, pkix::write_key_usage(value)};
  };
  const auto signing =
      tagged(20, pkcs10({.subject = "CN=Alice,O=Test",
                         .extensions = {usage(pkix::KeyUsageBit::digitalSignature)}}));
  const auto key = test_key("rsa:2048");
  const auto encryption = tagged(crmf({.id = 21,
                                       .subject = "CN=Alice,O=Test",
                                       .key = key,
                                       .extensions = {usage(pkix::KeyUsageBit::keyEncipherment)},
                                       .possession = Possession::no_signature}));
  const auto before = ca.certificates_on_record();
  const auto first = first_round({signing, encryption});
  expect_challenged(first);
  EXPECT_TRUE(first.names(20)) << "the signing request was not granted either";
  EXPECT_TRUE(first.names(21));
  EXPECT_EQ(ca.certificates_on_record(), before);
  const auto second = second_to(first, {signing, encryption}, {key});
  auto alone = second;
  alone.requests = {encryption};
  expect_refused(send(alone));
  expect_granted(send(second), 2);
}

TEST_F(Challenge, ASharedSecretAsksForAnEncryptionKeyToo) {
  /* matrix: B31, E169 */
  const std::string secret = "correct horse battery staple";
  ca.secrets->entries["carol"] = {.secret = secret, .subject = "UID=carol,O=Test"};
  const auto key = test_key("x25519");
  const std::vector<Bytes> requests{unsigned_request(20, key, RequestForm::pkcs10, "")};
  const auto message = [&](std::vector<cmc::TaggedAttribute> controls) {
    const SecretBytes shared{std::string_view(secret)};
    controls.push_back(nonce());
    controls.push_back(control(2, cmc::oid::kIdentification, cmc::write_utf8_value("carol")));
    controls.push_back(control(3, cmc::oid::kIdentityProofV2,
                               cmc::write_identity_proof_v2(proof::make_identity_proof_v2(
                                   {}, {shared, "carol"}, cmc::write_req_sequence(requests)))));
    SignedMessage made{.content = pki_data(controls, requests)};
    made.signers = {signed_by_nobody(key_identifier_of(*key))};
    return made.encode();
  };
  const std::string by_secret = "caFullCMCSharedTokenEncryptionCert";
  const auto first = ca.send(message({}), nullptr, by_secret);
  expect_challenged(first);
  const auto answer = answer_to(challenges_in(first).at(0), *key);
  const auto id = octets_in(first, cmc::oid::kResponseInfo);
  const auto second = [&](const cmc::DecryptedPOP& with) {
    return message({control(4, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(with)),
                    control(5, cmc::oid::kRegInfo, cmc::write_octets_value(id))});
  };
  auto wrong = answer;
  wrong.the_pop[0] ^= 1;
  expect_refused(ca.send(second(wrong), nullptr, by_secret));
  const auto told = ca.send(second(answer), nullptr, by_secret);
  expect_granted(told);
  EXPECT_EQ(pkix::to_text(told.certificates.at(0)->subject), "UID=carol,O=Test");
  const auto again = ca.send(message({}), nullptr, by_secret);
  expect_refused(again, CMCFailInfo::badIdentity, "used up");
}

TEST_F(Challenge, WhatTheClientMakesIsGranted) {
  /* matrix: B29, B30, C38, C41, C44, C58, C61, E112, E166 */
  for (const auto form : {RequestForm::crmf, RequestForm::pkcs10}) {
    const auto key = test_key(form == RequestForm::crmf ? "rsa:2048" : "ec:p384");
    const client::WantedCertificate wanted{.subject = ca.alice.certificate->subject,
                                           .subject_alt_names = {},
                                           .extensions = {},
                                           .key = *key,
                                           .possession = client::ShowPossession::by_challenge};
    const client::RequestItem item{
        form, form == RequestForm::crmf
                  ? unwrap(client::make_cert_req_msg(wanted, cmc::BodyPartID{7}))
                  : unwrap(client::make_certification_request(wanted))};
    const auto request = [&](const client::Continuation* continues) {
      return unwrap(client::make_full_request({.requests = {item},
                                               .data_return = std::nullopt,
                                               .more_controls = {},
                                               .signer = ca.alice.certificate,
                                               .signer_key = *ca.alice.key,
                                               .chain = {},
                                               .continues = continues},
                                              crypto::system_random()));
    };
    const auto sent = request(nullptr);
    const auto first = ca.send(sent.octets, &ca.alice, profile);
    expect_challenged(first);
    const auto answer = unwrap(
        client::answer_challenge(challenges_in(first).at(0), sent, *key, crypto::system_random()));
    const client::Continuation continues{sent,
                                         octets_in(first, cmc::oid::kSenderNonce),
                                         octets_in(first, cmc::oid::kResponseInfo),
                                         {answer}};
    expect_granted(ca.send(request(&continues).octets, &ca.alice, profile));
  }
}

TEST_F(Challenge, NamesARecipientWithoutAnIdentifierByItsBodyPart) {
  /* matrix: E110 */
  const auto key = test_key("rsa:2048");
  const auto first = first_round({tagged(20, pkcs10({.subject = "CN=Alice,O=Test",
                                                     .key = key,
                                                     .without_ski = true,
                                                     .possession = Possession::no_signature}))});
  expect_challenged(first);
  std::optional<cms::RecipientIdentifier> named;
  const auto challenge = challenges_in(first).at(0);
  unwrap(envelope::open_encrypted(
      challenge.cms, *key,
      [&](const auto& rid) {
        named = rid;
        return true;
      },
      crypto::system_random()));
  const auto& id = std::get<cms::IssuerAndSerialNumber>(named.value());
  EXPECT_TRUE(id.issuer.empty());
  EXPECT_EQ(id.serial_number.to_uint64(), 20U);
}

// ------------------------------------------------------------ answers that are not right

TEST_F(Challenge, AnAlteredAnswerIsRefusedAndCountedAndTheRightOneStillGood) {
  /* matrix: E114 */
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto first = first_round(requests);
  const auto right = second_to(first, requests, {key});
  for (int i = 0; i < 2; ++i) {
    auto wrong = right;
    wrong.answers[0].the_pop[0] ^= 1;
    expect_refused(send(wrong), CMCFailInfo::popFailed, "thePOP");
  }
  expect_granted(send(right));
}

TEST_F(Challenge, AnAnswerThatIsCutShortIsRefused) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto right = second_to(first_round(requests), requests, {key});
  for (const std::size_t octets : {0U, 31U}) {
    auto cut = right;
    cut.answers[0].the_pop.resize(octets);
    expect_refused(send(cut), CMCFailInfo::popFailed, "thePOP");
  }
  expect_granted(send(right));
}

TEST_F(Challenge, WhatOneKeyOpensProvesNothingForAnother) {
  const std::vector<Key> keys{test_key("rsa:2048"), test_key("ec:p256", 1)};
  const std::vector<Bytes> requests{unsigned_request(20, keys[0]), unsigned_request(21, keys[1])};
  const auto first = first_round(requests);
  const auto right = second_to(first, requests, keys);
  const auto opened = proof_value(challenges_in(first).at(0), *keys[0]);
  auto wrong = right;
  wrong.answers[1].the_pop = proof::the_pop(crypto::MacAlgorithm::hmac_sha256, opened, requests[1]);
  expect_refused(send(wrong), CMCFailInfo::popFailed, "thePOP");
  expect_granted(send(right), 2);
}

TEST_F(Challenge, ClosesAfterThreeWrongAnswers) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto first = first_round(requests);
  const auto right = second_to(first, requests, {key});
  for (int i = 0; i < 3; ++i) {
    auto wrong = right;
    wrong.answers[0].the_pop.back() ^= 0x80;
    expect_refused(send(wrong));
  }
  expect_refused(send(right), CMCFailInfo::popFailed, "too often");
  expect_challenged(first_round(requests));
}

TEST_F(Challenge, IsAnsweredOnce) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  expect_granted(send(second));
  expect_refused(send(second), CMCFailInfo::popFailed, "answered before");
}

TEST_F(Challenge, TheSameMessagesAgainGetTheFirstAnswers) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto message = full_request(credential(ca.alice), requests, {nonce()}).encode();
  const auto first = ca.send(message, &ca.alice, profile);
  const auto repeated = ca.send(message, &ca.alice, profile);
  expect_challenged(first);
  ASSERT_EQ(challenges_in(repeated).size(), 1U);
  EXPECT_EQ(octets_in(first, cmc::oid::kResponseInfo),
            octets_in(repeated, cmc::oid::kResponseInfo));
  EXPECT_EQ(challenges_in(first)[0].witness, challenges_in(repeated)[0].witness);

  const auto answer = encode(second_to(repeated, requests, {key}), ca.alice);
  const auto told = ca.send(answer, &ca.alice, profile);
  expect_granted(told);
  const auto told_again = ca.send(answer, &ca.alice, profile);
  ASSERT_EQ(told_again.certificates.size(), 1U);
  EXPECT_EQ(told_again.certificates[0], told.certificates[0]);
  expect_refused(ca.send(message, &ca.alice, profile), CMCFailInfo::badRequest, "has ended");
}

TEST_F(Challenge, AnEndedOneIsNotGivenAgain) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto with_nonce = full_request(credential(ca.alice), requests, {nonce()}).encode();
  const auto without = full_request(credential(ca.alice), requests).encode();
  expect_challenged(ca.send(with_nonce, &ca.alice, profile));
  const auto first = ca.send(without, &ca.alice, profile);
  ca.clock.advance(std::chrono::hours{2});
  expect_refused(ca.send(with_nonce, &ca.alice, profile), CMCFailInfo::badRequest, "has ended");
  const auto second = ca.send(without, &ca.alice, profile);
  expect_challenged(second);
  EXPECT_NE(octets_in(first, cmc::oid::kResponseInfo), octets_in(second, cmc::oid::kResponseInfo));
  expect_refused(send(second_to(first, requests, {key})), CMCFailInfo::popFailed, "expired");
  expect_granted(send(second_to(second, requests, {key})));
}

TEST_F(Challenge, TwoAnswersAtOnceGetOneCertificate) {
  for (int round = 0; round < 8; ++round) {
    const auto key = test_key("ec:p256", round);
    const std::vector<Bytes> requests{unsigned_request(20, key)};
    const auto second = second_to(first_round(requests), requests, {key});
    const auto before = ca.certificates_on_record();
    std::vector<Told> told(2);
    std::vector<std::thread> peers;
    for (std::size_t i = 0; i < 2; ++i) {
      authority::Inquiry inquiry;
      inquiry.octets = encode(second, ca.alice);
      inquiry.profile_id = profile;
      inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
      peers.emplace_back([this, &told, i, inquiry = std::move(inquiry)]() mutable {
        told[i] = ca.deliver(std::move(inquiry));
      });
    }
    for (auto& peer : peers) peer.join();
    EXPECT_NE(told[0].issued(), told[1].issued());
    EXPECT_EQ(ca.certificates_on_record(), before + 1);
  }
}

TEST_F(Challenge, EndsWhenItExpires) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  ca.clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  expect_refused(send(second), CMCFailInfo::popFailed, "expired");
  const auto next = second_to(first_round(requests), requests, {key});
  ca.clock.advance(std::chrono::hours{1});
  expect_granted(send(next));
}

TEST_F(Challenge, BelongsToItsRequester) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  const auto alice_again = ca.enroll("CN=Alice,O=Test");
  expect_refused(send(second, alice_again), CMCFailInfo::badIdentity, "another requester");
  auto unknown = second;
  unknown.request_id->back() ^= 1;
  expect_refused(send(unknown), CMCFailInfo::popFailed, "names no challenge");
  expect_granted(send(second));
}

TEST_F(Challenge, BelongsToItsRequestsAndProfileAndTransaction) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto transaction = [](std::uint8_t number) {
    return control(800, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer::from(number)));
  };
  const auto first = first_round(requests, ca.alice, {transaction(7)});
  auto right = second_to(first, requests, {key});
  right.more_controls = {transaction(7)};

  auto altered = right;
  altered.requests = {unsigned_request(20, key, RequestForm::pkcs10)};
  expect_refused(send(altered));
  auto more = right;
  more.requests.push_back(tagged(22, pkcs10({.subject = "CN=Alice,O=Test"})));
  expect_refused(send(more));
  auto none = right;
  none.requests.clear();
  expect_refused(send(none), CMCFailInfo::badRequest, "without requests");
  auto other_transaction = right;
  other_transaction.more_controls = {transaction(8)};
  expect_refused(send(other_transaction));
  auto without = right;
  without.more_controls.clear();
  expect_refused(send(without));
  profile = "caFullCMCUserSignedCert";
  expect_refused(send(right));
  profile = kProfile;
  expect_granted(send(right));
}

TEST_F(Challenge, AnswersOfAnotherChallengeAreRefused) {
  const std::vector<Key> keys{test_key("rsa:2048"), test_key("ec:p256", 1)};
  const std::vector<Bytes> requests{unsigned_request(20, keys[0]), unsigned_request(21, keys[1])};
  const auto right = second_to(first_round(requests), requests, keys);

  auto swapped = right;
  std::swap(swapped.answers[0].the_pop, swapped.answers[1].the_pop);
  expect_refused(send(swapped));
  auto one_missing = right;
  one_missing.answers.pop_back();
  expect_refused(send(one_missing), CMCFailInfo::popFailed, "no decryptedPOP");
  const auto other = second_to(first_round(requests), requests, keys);
  auto crossed = right;
  crossed.answers = other.answers;
  expect_refused(send(crossed));
  expect_granted(send(right), 2);
}

TEST_F(Challenge, AnAnswerOfNoMeaningIsRefused) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto right = second_to(first_round(requests), requests, {key});
  auto malformed = right;
  malformed.answers.clear();
  malformed.more_controls = {control(850, cmc::oid::kDecryptedPOP, {0x30, 0x00})};
  expect_refused(send(malformed), CMCFailInfo::badRequest);
  auto other_reference = right;
  other_reference.answers[0].body_part_id = cmc::BodyPartID{1};
  expect_refused(send(other_reference), CMCFailInfo::popFailed, "no decryptedPOP");
  expect_granted(send(right));
}

TEST_F(Challenge, AMessageHasSixtyFourAnswersAtMost) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  auto second = second_to(first_round(requests), requests, {key});
  second.answers.resize(65, second.answers.front());
  expect_refused(send(second), CMCFailInfo::badRequest, "too many");
  second.answers.pop_back();
  expect_granted(send(second));
}

TEST_F(Challenge, WeakMacsInAnswersAreRefused) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto first = first_round(requests);
  auto weak = second_to(first, requests, {key});
  const auto challenge = challenges_in(first).at(0);
  weak.answers[0].the_pop_alg_id = crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha1);
  weak.answers[0].the_pop =
      proof::the_pop(crypto::MacAlgorithm::hmac_sha1, proof_value(challenge, *key), requests[0]);
  expect_refused(send(weak), CMCFailInfo::badAlg, "SHA-1");
}

TEST_F(Challenge, AsksForSha1WhereTheOperatorSaysSo) {
  /* matrix: B33 */
  TestAuthority::Choices choices;
  choices.possession_rules.challenges->sha1 = true;
  TestAuthority old{choices};
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto first =
      old.send(full_request({old.alice.key, old.alice.certificate}, requests, {nonce()}).encode(),
               &old.alice, profile);
  const auto challenge = challenges_in(first).at(0);
  EXPECT_EQ(challenge.witness,
            crypto::digest(crypto::DigestAlgorithm::sha1, proof_value(challenge, *key).view()));
  const auto second = second_to(first, requests, {key});
  auto weak = second;
  weak.answers[0].the_pop_alg_id = crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha224);
  expect_refused(old.send(encode(weak, old.alice), &old.alice, profile), CMCFailInfo::badAlg);
  const auto told = old.send(encode(second, old.alice), &old.alice, profile);
  expect_granted(told);
}

TEST_F(Challenge, GivenUpByItsRequesterItIsClosed) {
  /* matrix: E111 */
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{20}};
  status.other_info = CMCFailInfo::popFailed;
  Second given_up;
  given_up.request_id = second.request_id;
  given_up.more_controls = {
      control(50, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))};
  const auto state = [&] {
    return unwrap(ca.engine().find_challenge(second.request_id.value())).value().state;
  };
  EXPECT_FALSE(send(given_up, ca.enroll("CN=Bob,O=Test")).issued());
  EXPECT_EQ(state(), store::ChallengeState::open) << "another cannot close it";
  status.cmc_status = CMCStatus::success;
  status.other_info.reset();
  auto not_given_up = given_up;
  not_given_up.more_controls = {
      control(50, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))};
  EXPECT_FALSE(send(not_given_up).issued());
  EXPECT_EQ(state(), store::ChallengeState::open);
  EXPECT_FALSE(send(given_up).issued());
  EXPECT_EQ(state(), store::ChallengeState::withdrawn);
  expect_refused(send(second), CMCFailInfo::popFailed, "given up");
}

// ------------------------------------------------------------ keys that cannot be challenged

TEST_F(Challenge, KeysThatOnlySignMustSign) {
  for (const auto* kind : {"ed25519", "ed448"}) {
    expect_refused(first_round({unsigned_request(20, test_key(kind))}), CMCFailInfo::popRequired,
                   "sign it");
  }
}

TEST_F(Challenge, NothingIsEncryptedToABadKey) {
  const auto refuse = [&](const char* kind, const std::function<void(Bytes&)>& spoil) {
    const auto request =
        tagged(crmf({.id = 20,
                     .subject = "CN=Alice,O=Test",
                     .key = test_key(kind),
                     .possession = Possession::no_signature,
                     .edit_template = [&](crmf::CertTemplate& wanted) {
                       auto& info = *wanted.public_key;
                       auto& octets = info.subject_public_key.octets;
                       spoil(octets);  // they end the SubjectPublicKeyInfo
                       std::copy(octets.begin(), octets.end(), info.der.end() - std::ssize(octets));
                     }}));
    expect_refused(first_round({request}), CMCFailInfo::badAlg);
  };
  refuse("x25519", [](Bytes& key) { std::fill(key.begin(), key.end(), 0); });  // of low order
  refuse("ec:p256", [](Bytes& point) { point.back() ^= 1; });                  // off the curve
}

TEST_F(Challenge, OneRequestWithoutItsProofRefusesAll) {
  /* matrix: E106 */
  const auto told = first_round(
      {unsigned_request(20, test_key("rsa:2048")),
       tagged(21, pkcs10({.subject = "CN=Alice,O=Test", .possession = Possession::other_key}))});
  expect_refused(told);
}

TEST_F(Challenge, AnotherNameIsRefusedBeforeAnythingIsAsked) {
  expect_refused(
      first_round({unsigned_request(20, test_key("rsa:2048"), RequestForm::crmf, "CN=Bob,O=Test")}),
      CMCFailInfo::badIdentity);
}

TEST_F(Challenge, IsNotOfferedWhereTheOperatorSaysSo) {
  TestAuthority::Choices choices;
  choices.possession_rules.challenges.reset();
  TestAuthority strict{choices};
  const auto told =
      strict.send(full_request({strict.alice.key, strict.alice.certificate},
                               {unsigned_request(20, test_key("rsa:2048"))}, {nonce()})
                      .encode(),
                  &strict.alice, profile);
  expect_refused(told, CMCFailInfo::popRequired, "no challenge is offered");
}

// ------------------------------------------------------------ an agent's word

TEST_F(Challenge, AnAgentsWordCountsWhereTheOperatorSaysSo) {
  /* matrix: C48, E115, E116, S6 */
  const auto key = test_key("rsa:2048");
  const auto vouching = [&](TestAuthority& authority, const Holder& signer,
                            std::vector<std::uint32_t> ids, std::uint32_t about = 0) {
    cmc::LraPopWitness witness{cmc::BodyPartID{about}, {}};
    for (const auto id : ids) witness.body_ids.push_back(cmc::BodyPartID{id});
    return authority.send(
        full_request(
            {signer.key, signer.certificate}, {unsigned_request(20, key)},
            {nonce(), control(2, cmc::oid::kLraPOPWitness, cmc::write_lra_pop_witness(witness))})
            .encode(),
        &signer, &signer == &authority.agent ? "caFullCMCEncryptionCert" : profile);
  };
  expect_refused(vouching(ca, ca.agent, {20}));

  TestAuthority::Choices choices;
  choices.possession_rules.ra_witness = true;
  TestAuthority trusting{choices};
  expect_refused(vouching(trusting, trusting.alice, {20}));
  expect_refused(vouching(trusting, trusting.agent, {20}, 5));
  expect_refused(vouching(trusting, trusting.agent, {21}), CMCFailInfo::badRequest, "no request");
  EXPECT_EQ(challenges_in(vouching(trusting, trusting.agent, {})).size(), 1U);
  const auto told = vouching(trusting, trusting.agent, {20});
  expect_granted(told);
}

// ------------------------------------------------------------ clocks, and agents

TEST_F(Challenge, AClockSetBackAnHourKeepsItOpenAndAYearAheadEndsIt) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  ca.clock.advance(-std::chrono::hours{1} + std::chrono::minutes{30});  // alice's is an hour old
  expect_granted(send(second));
  const auto other_key = test_key("rsa:2048", 1);
  const std::vector<Bytes> others{unsigned_request(20, other_key)};
  const auto late = second_to(first_round(others), others, {other_key});
  ca.clock.advance(std::chrono::days{60});
  expect_refused(send(late), CMCFailInfo::popFailed, "expired");
}

/// The user-signed profile for encryption keys, but its requests wait for an agent.
class ChallengeWaits : public Challenge {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    const auto text = file(source_folder() + "/profiles/" + kProfile + ".cfg");
    made.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
    return made;
  }
  ChallengeWaits() : Challenge(choices()) { profile = "extra"; }
};

TEST_F(ChallengeWaits, IsClosedByTheApproval) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  ASSERT_EQ(send(second).status.cmc_status, CMCStatus::pending);
  const auto id = unwrap(ca.engine().list_pending(store::PendingState::open, 1, {})).at(0).id;
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  ASSERT_TRUE(ca.desk().decide(agent, {id, true}).ok());
  EXPECT_EQ(unwrap(ca.engine().find_challenge(second.request_id.value())).value().state,
            store::ChallengeState::answered);
}

TEST_F(ChallengeWaits, IsGrantedDaysAfterTheChallengeEnded) {
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(20, key)};
  const auto second = second_to(first_round(requests), requests, {key});
  ASSERT_EQ(send(second).status.cmc_status, CMCStatus::pending);
  const auto id = unwrap(ca.engine().list_pending(store::PendingState::open, 1, {})).at(0).id;
  for (int day = 0; day < 6; ++day) {  // others come and are challenged meanwhile
    ca.clock.advance(std::chrono::days{1});
    expect_challenged(first_round({unsigned_request(20, test_key("rsa:2048", 1))}));
  }
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  const auto decided = ca.desk().decide(agent, {id, true});
  ASSERT_TRUE(decided.ok()) << decided.error().detail;
  EXPECT_EQ(decided->serial_numbers.size(), 1U);
}

}  // namespace
}  // namespace signet::test
