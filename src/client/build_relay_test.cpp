#include "client/build_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/encryption.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/fakes.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using cmc::BodyPartPath;
using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BuildRelay : public ::testing::Test {
 protected:
  [[nodiscard]] Bytes message(const std::vector<cmc::TaggedAttribute>& controls = {}) const {
    return test::full_request(alice, {test::tagged(7, test::pkcs10()), test::tagged(test::crmf())},
                              controls)
        .encode();
  }
  struct Asked {
    Bytes octets;
    RaAssertions said = {};
  };
  Result<SentRelay> relay(const std::vector<Asked>& messages) {
    std::vector<RelayableMessage> read;
    for (const auto& [octets, said] : messages) read.push_back(TRY(read_relayable(octets, said)));
    return make_relay(std::move(read), {ra.certificate, *ra.key, chain}, random);
  }
  static cmc::FullPkiRequest read_back(const SentRelay& relay) {
    return std::get<cmc::FullPkiRequest>(unwrap(cmc::read_pki_request(relay.sent.octets)));
  }
  /// The values of all controls of this type, read.
  template <typename Value>
  static std::vector<Value> values(const SentRelay& relay, const asn1::Oid& type,
                                   Result<Value> (*read)(ByteView)) {
    std::vector<Value> found;
    for (const auto& control : read_back(relay).pki_data.control_sequence) {
      if (control.attr_type == type) found.push_back(unwrap(read(control.attr_values.at(0))));
    }
    return found;
  }
  static auto templates(const SentRelay& relay) {
    return values(relay, cmc::oid::kModCertTemplate, cmc::read_mod_cert_template);
  }
  static auto witnesses(const SentRelay& relay) {
    return values(relay, cmc::oid::kRaIdentityWitness, cmc::read_body_part_list_value);
  }
  void expect_refused(Bytes octets, const RaAssertions& said, const std::string& why) {
    const auto refused = relay({{std::move(octets), said}});
    ASSERT_FALSE(refused.ok()) << why;
    EXPECT_EQ(refused.error().fault, Fault::unsupported_message);
    EXPECT_THAT(refused.error().detail, HasSubstr(why));
  }

  test::TestCa ca;
  test::Credential alice = ca.issue();
  test::Credential ra = ca.issue({.subject = "CN=RA,O=Test", .key = test::test_key("ec:p256", 3)});
  std::vector<pkix::Certificate> chain = {};
  test::CountingRandom random;
};

TEST_F(BuildRelay, PutsEachMessageAsItCameUnderItsOwnId) {
  /* matrix: C76, E21, E152, E155 */
  const auto named = test::control(90, cmc::oid::kIdentification, cmc::write_utf8_value("alice"));
  const std::vector<Bytes> sent{message(), message({named})};
  const auto made = unwrap(relay({{sent[0]}, {sent[1]}}));

  const auto& pki_data = read_back(made).pki_data;
  EXPECT_TRUE(pki_data.req_sequence.empty());
  ASSERT_EQ(pki_data.cms_sequence.size(), 2U);
  cmc::BodyPartList ids;
  for (std::size_t at = 0; at < 2; ++at) {
    EXPECT_EQ(pki_data.cms_sequence[at].content_info.der, sent[at]);
    EXPECT_EQ(pki_data.cms_sequence[at].body_part_id, made.items[at].id);
    ids.push_back(made.items[at].id);
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_THAT(values(made, cmc::oid::kBatchRequests, cmc::read_body_part_list_value),
              ElementsAre(ids));
  EXPECT_THAT(values(made, cmc::oid::kTransactionId, cmc::read_integer_value),
              ElementsAre(made.sent.transaction_id));
  EXPECT_THAT(values(made, cmc::oid::kSenderNonce, cmc::read_octets_value),
              ElementsAre(made.sent.sender_nonce));
}

TEST_F(BuildRelay, IsSignedByTheCertificateItCarries) {
  const auto signed_data = read_back(unwrap(relay({{message()}}))).signed_data;
  ASSERT_EQ(signed_data.signer_infos.size(), 1U);
  const auto& signer = signed_data.signer_infos.front();
  EXPECT_EQ(*envelope::find_signer_certificate(signed_data, signer.sid), ra.certificate);
  const auto key = unwrap(crypto::PublicKey::from(ra.key->public_key_info()));
  EXPECT_TRUE(envelope::verify_signer(signed_data, signer, key).ok());
  EXPECT_TRUE(signer.unsigned_attrs.empty());
}

TEST_F(BuildRelay, SaysNothingThatWasNotSeen) {
  const auto made = unwrap(relay({{message()}}));
  EXPECT_EQ(read_back(made).pki_data.control_sequence.size(), 3U);
}

TEST_F(BuildRelay, ListsOneMessageToo) {
  const auto made = unwrap(relay({{message()}}));
  EXPECT_THAT(values(made, cmc::oid::kBatchRequests, cmc::read_body_part_list_value),
              ElementsAre(cmc::BodyPartList{made.items[0].id}));
}

TEST_F(BuildRelay, RemembersTheNonceOfEachClient) {
  const auto nonce = test::control(90, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes{7}));
  const auto made = unwrap(relay({{message()}, {message({nonce})}}));
  EXPECT_FALSE(made.items[0].sender_nonce.has_value());
  EXPECT_EQ(made.items[1].sender_nonce, Bytes{7});
}

// ------------------------------------------------------------ identity

TEST_F(BuildRelay, WitnessesAnIdentityThatNoControlProves) {
  /* matrix: C85, E145 */
  const auto made = unwrap(relay({{message()}, {message(), {.saw_identity = true}}}));
  EXPECT_THAT(witnesses(made), ElementsAre(BodyPartPath{made.items[1].id}));
  EXPECT_TRUE(values(made, cmc::oid::kControlProcessed, cmc::read_controls_processed).empty());
}

TEST_F(BuildRelay, WitnessesEachIdentityProofAndSaysThatItIsDealtWith) {
  /* matrix: C08, C11, C83, C85, E144 */
  const auto identified =
      message({test::control(91, cmc::oid::kIdentityProof, cmc::write_octets_value(Bytes(20, 1))),
               test::control(92, cmc::oid::kIdentityProofV2, Bytes{0x30, 0x00}),
               test::control(93, cmc::oid::kIdentification, cmc::write_utf8_value("alice"))});
  const auto made = unwrap(relay({{message()}, {identified, {.saw_identity = true}}}));

  const auto item = made.items[1].id;
  const BodyPartPath first{item, BodyPartID{91}};
  const BodyPartPath second{item, BodyPartID{92}};
  EXPECT_THAT(witnesses(made), ElementsAre(first, second));
  EXPECT_THAT(values(made, cmc::oid::kControlProcessed, cmc::read_controls_processed),
              ElementsAre(cmc::ControlsProcessed{{first, second}}));
}

TEST_F(BuildRelay, SaysOfAllMessagesInOneControlWhichAreDealtWith) {
  const auto identified =
      message({test::control(91, cmc::oid::kIdentityProof, cmc::write_octets_value({}))});
  const RaAssertions said{.saw_identity = true};
  const auto made = unwrap(relay({{identified, said}, {identified, said}}));
  const auto processed = values(made, cmc::oid::kControlProcessed, cmc::read_controls_processed);
  ASSERT_EQ(processed.size(), 1U);
  EXPECT_EQ(processed[0].body_list.size(), 2U);
}

// ------------------------------------------------------------ possession, template

TEST_F(BuildRelay, WitnessesPossessionOfAllKeysOfTheMessage) {
  /* matrix: C47, D06, D07 */
  const auto made = unwrap(relay({{message()}, {message(), {.saw_possession = true}}}));
  EXPECT_THAT(values(made, cmc::oid::kLraPOPWitness, cmc::read_lra_pop_witness),
              ElementsAre(cmc::LraPopWitness{made.items[1].id, {BodyPartID{7}, BodyPartID{1}}}));
}

TEST_F(BuildRelay, GivesOtherNamesToAllRequestsOfTheMessage) {
  /* matrix: C28, E152 */
  const auto name = unwrap(pkix::name_from_text("CN=Alice,OU=Sales,O=Test"));
  const auto made = unwrap(
      relay({{message(), {.subject = name, .subject_alt_names = {pkix::DnsName{"a.test"}}}}}));

  ASSERT_EQ(templates(made).size(), 1U);
  const auto change = templates(made).front();
  EXPECT_EQ(change.pki_data_reference, BodyPartPath{made.items[0].id});
  EXPECT_EQ(change.cert_references, (cmc::BodyPartList{{7}, {1}}));
  EXPECT_TRUE(change.replace);
  crmf::CertTemplate fields;
  fields.subject = name;
  fields.extensions = {
      {pkix::oid::kSubjectAltName, false, pkix::write_alternative_name({pkix::DnsName{"a.test"}})}};
  EXPECT_EQ(change.cert_template, fields);
}

TEST_F(BuildRelay, LeavesOutExtensionsInAControlOfItsOwn) {
  /* matrix: C28 */
  const auto name = unwrap(pkix::name_from_text("CN=Alice"));
  const auto made =
      unwrap(relay({{message(), {.subject = name, .left_out = {pkix::oid::kExtendedKeyUsage}}}}));

  ASSERT_EQ(templates(made).size(), 2U);
  EXPECT_TRUE(templates(made)[0].replace);
  EXPECT_TRUE(templates(made)[0].cert_template.extensions.empty());
  const auto left_out = templates(made)[1];
  EXPECT_FALSE(left_out.replace);
  EXPECT_FALSE(left_out.cert_template.subject.has_value());
  ASSERT_EQ(left_out.cert_template.extensions.size(), 1U);
  EXPECT_EQ(left_out.cert_template.extensions[0].extn_id, pkix::oid::kExtendedKeyUsage);
}

TEST_F(BuildRelay, AddsExtensionsToAllRequests) {
  /* matrix: C30 */
  const pkix::Extension added{pkix::oid::kExtendedKeyUsage, false, Bytes{0x30, 0x00}};
  const auto made = unwrap(relay({{message()}, {message(), {.added = {added}}}}));
  const auto additions = values(made, cmc::oid::kAddExtensions, cmc::read_add_extensions);
  ASSERT_EQ(additions.size(), 1U);
  EXPECT_EQ(additions[0].pki_data_reference, made.items[1].id);
  EXPECT_EQ(additions[0].extensions, pkix::Extensions{added});
  EXPECT_FALSE(additions[0].cert_references.empty());
}

// ------------------------------------------------------------ CMCUnsignedData

TEST_F(BuildRelay, MovesUnsignedDataIntoItsOwnSignerInfo) {
  /* matrix: D08, E46, E47, E48 */
  const asn1::Oid type{"1.3.6.1.4.1.55555.7"};
  const auto with_unsigned_data = [&](std::uint32_t part) {
    auto signed_data = test::signed_data_of(message());
    signed_data.signer_infos[0].unsigned_attrs = {test::attribute(
        cmc::oid::kCMCUnsignedData,
        cmc::write_cmc_unsigned_data({{BodyPartID{part}}, type, Bytes{0x05, 0x00}}))};
    return test::write_message(signed_data);
  };
  const auto made = unwrap(relay({{with_unsigned_data(7)}, {with_unsigned_data(1)}}));

  const auto back = read_back(made);
  EXPECT_EQ(test::signed_data_of(back.pki_data.cms_sequence[0].content_info.der)
                .signer_infos[0]
                .unsigned_attrs.size(),
            0U);
  ASSERT_EQ(back.signed_data.signer_infos.size(), 1U);
  const auto& attributes = back.signed_data.signer_infos.at(0).unsigned_attrs;
  ASSERT_EQ(attributes.size(), 1U);
  ASSERT_EQ(attributes[0].values.size(), 2U);
  std::vector<BodyPartPath> paths;
  for (const auto& value : attributes[0].values) {
    paths.push_back(unwrap(cmc::read_cmc_unsigned_data(value)).body_part_path);
  }
  EXPECT_THAT(paths, ElementsAre(BodyPartPath{made.items[0].id, BodyPartID{7}},
                                 BodyPartPath{made.items[1].id, BodyPartID{1}}));
}

// ------------------------------------------------------------ what is not relayed

TEST_F(BuildRelay, HandsAnEncryptedMessageOnAndSaysNothingOfIt) {
  const auto authority = ca.issue(
      {.key = test::test_key("rsa:2048"), .key_usage = {pkix::KeyUsageBit::keyEncipherment}});
  const auto encrypted =
      unwrap(encrypt_request(message(), authority.certificate, crypto::system_random()));
  const auto made = unwrap(relay({{encrypted}}));
  EXPECT_EQ(read_back(made).pki_data.cms_sequence.at(0).content_info.der, encrypted);

  for (const RaAssertions& said :
       {RaAssertions{.saw_identity = true}, RaAssertions{.saw_possession = true},
        RaAssertions{.left_out = {pkix::oid::kExtendedKeyUsage}}}) {
    expect_refused(encrypted, said, "encrypted");
  }
  const auto inside = unwrap(cms::read_content_info(encrypted));
  test::SignedMessage around{.content = inside.content,
                             .content_type = inside.content_type,
                             .signers = {test::signed_by(alice)},
                             .certificates = {alice.certificate.der}};
  EXPECT_TRUE(relay({{around.encode()}}).ok());
  expect_refused(around.encode(), {.saw_identity = true}, "encrypted");
}

TEST_F(BuildRelay, RefusesWhatIsNoFullRequest) {
  expect_refused(test::pkcs10(), {}, "`signet request`");
  expect_refused(envelope::seal_certificates_only({ca.certificate().der}), {}, "type");
  EXPECT_FALSE(relay({{ca.certificate().der}}).ok());
}

TEST_F(BuildRelay, SaysNothingOfRequestsThatAreNotThere) {
  const auto empty = test::full_request(alice, {}).encode();
  EXPECT_TRUE(relay({{empty}}).ok());
  EXPECT_TRUE(relay({{empty, {.saw_identity = true}}}).ok());
  expect_refused(empty, {.saw_possession = true}, "asks for no certificate");
  expect_refused(empty, {.left_out = {pkix::oid::kExtendedKeyUsage}}, "asks for no certificate");
  expect_refused(empty, {.saw_identity = true, .left_out = {pkix::oid::kExtendedKeyUsage}},
                 "asks for no certificate");
}

TEST_F(BuildRelay, RefusesAKeyThatIsNotTheSigners) {
  const auto refused = make_relay({unwrap(read_relayable(message(), {}))},
                                  {ra.certificate, *alice.key, chain}, random);
  EXPECT_EQ(refused.error().fault, Fault::signing_failed);
}

}  // namespace
}  // namespace signet::client
