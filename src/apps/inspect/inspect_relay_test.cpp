// Messages in messages, and what a registration authority says of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "apps/inspect/inspect.h"
#include "apps/inspect/print_tree.h"
#include "client/build_relay.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/status.h"
#include "codec/pkix/oids.h"
#include "support/fakes.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

class InspectRelay : public ::testing::Test {
 protected:
  [[nodiscard]] static AnnotatedTree shown(ByteView octets) {
    return unwrap(inspect(octets, ObjectType::automatic));
  }
  static std::string text_of(const AnnotatedTree& tree) {
    std::ostringstream out;
    print_tree(out, tree);
    return out.str();
  }
  [[nodiscard]] Bytes message() const {
    return test::full_request(
               alice, {test::tagged(7, test::pkcs10())},
               {test::control(91, cmc::oid::kIdentityProof, cmc::write_octets_value(Bytes(20, 1)))})
        .encode();
  }
  static client::RelayableMessage read_relayable(const Bytes& octets,
                                                 const client::RaAssertions& said = {}) {
    return unwrap(client::read_relayable(octets, said));
  }
  Bytes relayed(client::RaAssertions said) {
    return unwrap(client::make_relay({read_relayable(message(), said), read_relayable(message())},
                                     {ra.certificate, *ra.key, no_chain}, random))
        .sent.octets;
  }
  static const AnnotatedTree& part(const AnnotatedTree& tree, const std::string& name) {
    const auto* found = find_part(tree, name);
    EXPECT_NE(found, nullptr) << name << "\n" << text_of(tree);
    static const AnnotatedTree none{"absent"};
    return found == nullptr ? none : *found;
  }

  test::TestCa ca;
  test::Credential alice = ca.issue();
  test::Credential ra = ca.issue({.subject = "CN=RA,O=Test", .key = test::test_key("ec:p256", 3)});
  std::vector<pkix::Certificate> no_chain = {};
  test::CountingRandom random;
};

TEST_F(InspectRelay, ShowsTheMessagesInsideWithTheirNumbersAndChecksThem) {
  const auto tree = shown(relayed({}));
  EXPECT_EQ(part(tree, "batchRequests").value, "1, 2");
  const auto& messages = part(tree, "cmsSequence");
  ASSERT_EQ(messages.children.size(), 2U);
  EXPECT_EQ(messages.children[1].remark, "body part 2");
  EXPECT_EQ(part(messages.children[1], "tcr").remark, "body part 7");
  EXPECT_EQ(part(part(messages.children[1], "SignerInfo"), "signature").check, Check::verified);
  EXPECT_EQ(count_checks(tree).broken, 0U);
}

TEST_F(InspectRelay, ShowsWhatTheAuthorityOfRegistrationSays) {
  const auto tree = shown(relayed({.saw_identity = true,
                                   .saw_possession = true,
                                   .subject = unwrap(pkix::name_from_text("CN=Carol")),
                                   .subject_alt_names = {pkix::DnsName{"carol.test"}}}));
  EXPECT_EQ(part(tree, "raIdentityWitness").value, "1.91");
  EXPECT_EQ(part(part(tree, "controlProcessed"), "bodyPart").value, "1.91");
  EXPECT_EQ(part(part(tree, "lraPOPWitness"), "pkiDataBodyid").value, "1");
  EXPECT_EQ(part(part(tree, "lraPOPWitness"), "bodyIds").value, "7");
  const auto& change = part(tree, "modCertTemplate");
  EXPECT_EQ(part(change, "pkiDataReference").value, "1");
  EXPECT_EQ(part(change, "certReferences").value, "7");
  EXPECT_EQ(part(change, "replace").value, "TRUE");
  EXPECT_EQ(part(change, "subject").value, "CN=Carol");
  EXPECT_THAT(text_of(change), HasSubstr("carol.test"));
}

/// Their values are not looked at (RFC 10002 §6.5.1), and need not be ones of the extension.
TEST_F(InspectRelay, NamesExtensionsThatAreLeftOutWhateverTheirValues) {
  const auto tree = shown(relayed({.left_out = {pkix::oid::kExtendedKeyUsage}}));
  const auto& change = part(tree, "modCertTemplate");
  EXPECT_EQ(part(change, "replace").value, "FALSE");
  EXPECT_THAT(part(change, "replace").remark, HasSubstr("left out"));
  EXPECT_EQ(part(change, "extension").value, "extKeyUsage");
  EXPECT_THAT(text_of(change), ::testing::Not(HasSubstr("does not decode")));
}

TEST_F(InspectRelay, ShowsAddedExtensions) {
  const auto added =
      cmc::write_add_extensions({cmc::BodyPartID{0},
                                 {cmc::BodyPartID{7}},
                                 {{pkix::oid::kSubjectAltName, false,
                                   pkix::write_alternative_name({pkix::DnsName{"carol.test"}})}}});
  const auto tree = shown(test::pki_data({test::control(1, cmc::oid::kAddExtensions, added)},
                                         {test::tagged(7, test::pkcs10())}));
  EXPECT_EQ(part(part(tree, "addExtensions"), "certReferences").value, "7");
  EXPECT_THAT(text_of(part(tree, "addExtensions")), HasSubstr("carol.test"));
}

TEST_F(InspectRelay, ShowsUnsignedDataByTheMessageItBelongsTo) {
  auto signed_data = test::signed_data_of(message());
  signed_data.signer_infos[0].unsigned_attrs = {test::attribute(
      cmc::oid::kCMCUnsignedData,
      cmc::write_cmc_unsigned_data(
          {{cmc::BodyPartID{7}}, asn1::Oid{"1.3.6.1.4.1.55555.7"}, Bytes{0x05, 0x00}}))};
  const auto relay = unwrap(client::make_relay({read_relayable(test::write_message(signed_data))},
                                               {ra.certificate, *ra.key, no_chain}, random));
  EXPECT_EQ(part(shown(relay.sent.octets), "id-aa-cmc-unsignedData").value,
            "1.3.6.1.4.1.55555.7 for body part 1.7");
}

TEST_F(InspectRelay, ShowsTheAnswersInAnAnswer) {
  const cmc::CMCStatusInfoV2 status{
      cmc::CMCStatus::failed, {cmc::BodyPartID{7}}, {}, cmc::CMCFailInfo::badIdentity};
  const auto sign = [&](const cmc::PKIResponse& response) {
    return test::SignedMessage{.content = cmc::write_pki_response(response),
                               .content_type = cmc::oid::kPKIResponse,
                               .signers = {test::signed_by(ra)},
                               .certificates = {ra.certificate.der}}
        .encode();
  };
  const auto inner = sign(
      {{test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))}, {}, {}});
  const auto tree =
      shown(sign({{test::control(9, cmc::oid::kBatchResponses,
                                 cmc::write_body_part_list_value({cmc::BodyPartID{2}}))},
                  {{cmc::BodyPartID{2}, unwrap(cms::read_content_info(inner))}},
                  {}}));
  EXPECT_EQ(part(tree, "batchResponses").value, "2");
  EXPECT_EQ(part(part(tree, "cmsSequence"), "failInfo").value, "badIdentity");
}

TEST_F(InspectRelay, ShowsTheAuthoritysAnswerInARegistrationAuthoritys) {
  /* matrix: E147 */
  const auto sign = [&](const cmc::PKIResponse& response) {
    return test::SignedMessage{.content = cmc::write_pki_response(response),
                               .content_type = cmc::oid::kPKIResponse,
                               .signers = {test::signed_by(ra)},
                               .certificates = {ra.certificate.der}}
        .encode();
  };
  const cmc::CMCStatusInfoV2 status{cmc::CMCStatus::pending, {cmc::BodyPartID{7}}, {}, {}};
  const auto inner = sign(
      {{test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))}, {}, {}});
  const auto tree =
      shown(sign({{test::control(9, cmc::oid::kResponseBody,
                                 cmc::write_body_part_list_value({cmc::BodyPartID{2}}))},
                  {{cmc::BodyPartID{2}, unwrap(cms::read_content_info(inner))}},
                  {}}));
  EXPECT_EQ(part(tree, "responseBody").value, "2");
  EXPECT_EQ(part(part(tree, "cmsSequence"), "cMCStatus").value, "pending");
}

}  // namespace
}  // namespace signet::tool
