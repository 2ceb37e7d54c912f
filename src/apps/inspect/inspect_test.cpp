#include "apps/inspect/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "apps/inspect/print_tree.h"
#include "apps/tool/message_file.h"
#include "base/encoding.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/status.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::Not;

AnnotatedTree inspected(ByteView octets, ObjectType type = ObjectType::automatic) {
  return unwrap(inspect(octets, type));
}

std::string text_of(const AnnotatedTree& tree) {
  std::ostringstream out;
  print_tree(out, tree);
  return out.str();
}

std::string value_of(const AnnotatedTree& tree, const std::string& part) {
  const auto* found = find_part(tree, part);
  return found == nullptr ? "(absent)" : found->value;
}

Check check_of(const AnnotatedTree& tree, const std::string& part) {
  const auto* found = find_part(tree, part);
  return found == nullptr ? Check::none : found->check;
}

// ------------------------------------------------------------------------- what verifies

TEST(Inspect, Pkcs10ThatProvesPossession) {
  const auto tree = inspected(test::pkcs10());
  EXPECT_EQ(tree.name, "CertificationRequest");
  EXPECT_EQ(value_of(tree, "subject"), "CN=Alice,O=Test");
  EXPECT_EQ(check_of(tree, "signature"), Check::verified);
}

TEST(Inspect, Pkcs10SignedByAnotherKey) {
  const auto tree = inspected(test::pkcs10({.possession = test::Possession::other_key}));
  EXPECT_EQ(check_of(tree, "signature"), Check::broken);
  EXPECT_THAT(text_of(tree), HasSubstr("DOES NOT VERIFY"));
}

TEST(Inspect, Pkcs10WithoutSignature) {
  const auto tree = inspected(test::pkcs10({.possession = test::Possession::no_signature}));
  EXPECT_EQ(check_of(tree, "signature"), Check::not_checked);
  EXPECT_EQ(value_of(tree, "signature"), "id-alg-noSignature");
}

TEST(Inspect, CertReqMsgAndItsPossession) {
  const auto tree = inspected(test::crmf());
  EXPECT_EQ(tree.name, "CertReqMsg");
  EXPECT_EQ(check_of(tree, "signature"), Check::verified);
  EXPECT_EQ(
      check_of(inspected(test::crmf({.possession = test::Possession::other_key})), "signature"),
      Check::broken);
}

TEST(Inspect, SelfSignedAndIssuedCertificates) {
  test::TestCa ca;
  const auto root = inspected(ca.certificate().der);
  EXPECT_EQ(check_of(root, "signature"), Check::verified);
  EXPECT_EQ(value_of(root, "basicConstraints"), "cA TRUE");
  EXPECT_EQ(check_of(inspected(ca.issue().certificate.der), "signature"), Check::not_checked);
}

TEST(Inspect, ADelegateOfTheSameNameIsCheckedByWhoCertifiedIt) {
  test::TestCa ca;
  const auto delegate = ca.issue({.subject = pkix::to_text(ca.certificate()->subject)});
  EXPECT_EQ(check_of(inspected(delegate.certificate.der), "signature"), Check::not_checked);
  const auto both =
      envelope::seal_certificates_only({delegate.certificate.der, ca.certificate().der});
  EXPECT_EQ(count_checks(inspected(both)), (CheckCounts{2, 0, 0}));
  const test::TestCa other{pkix::to_text(ca.certificate()->subject)};
  const auto wrong =
      envelope::seal_certificates_only({delegate.certificate.der, other.certificate().der});
  EXPECT_EQ(count_checks(inspected(wrong)), (CheckCounts{1, 1, 0}));
}

TEST(Inspect, FullRequestWithItsSignerAndControls) {
  test::TestCa ca;
  const auto alice = ca.issue();
  const auto message = test::full_request(
      alice, {test::tagged(7, test::pkcs10())},
      {test::control(1, cmc::oid::kTransactionId,
                     cmc::write_integer_value(asn1::Integer::from(4711))),
       test::control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice"))});
  const auto tree = inspected(message.encode());
  EXPECT_EQ(value_of(tree, "SignedData"), "Full PKI Request");
  EXPECT_EQ(value_of(tree, "transactionId"), "4711");
  EXPECT_EQ(value_of(tree, "identification"), "\"alice\"");
  EXPECT_EQ(find_part(tree, "tcr")->remark, "body part 7");
  EXPECT_EQ(check_of(*find_part(tree, "SignerInfo"), "signature"), Check::verified);
  EXPECT_EQ(count_checks(tree), (CheckCounts{2, 0, 1}));  // the certificate's issuer is not there
}

TEST(Inspect, FullRequestChangedUnderItsSignature) {
  test::TestCa ca;
  auto message = test::full_request(ca.issue(), {test::tagged(7, test::pkcs10())});
  message.content_sent = test::pki_data({}, {test::tagged(8, test::pkcs10())});
  const auto tree = inspected(message.encode());
  EXPECT_EQ(check_of(*find_part(tree, "SignerInfo"), "signature"), Check::broken);
}

TEST(Inspect, FullRequestSignedByTheKeyInIt) {
  const auto ski = test::key_identifier_of(*test::test_key());
  test::SignedMessage message{.content = test::pki_data({}, {test::tagged(7, test::pkcs10())}),
                              .signers = {test::signed_by_request_key(test::test_key(), ski)}};
  const auto tree = inspected(message.encode());
  EXPECT_EQ(check_of(*find_part(tree, "SignerInfo"), "signature"), Check::verified);
  EXPECT_THAT(text_of(tree), HasSubstr("proves no identity"));
}

TEST(Inspect, StatusesInTheStandardsWords) {
  const cmc::CMCStatusInfoV2 status{cmc::CMCStatus::failed,
                                    {cmc::BodyPartID{1}, cmc::BodyPartPath{{2}, {201}}},
                                    "no",
                                    cmc::CMCFailInfo::popFailed};
  const auto response = cmc::write_pki_response(
      {{test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))}, {}, {}});
  const auto tree = inspected(response, ObjectType::pki_response);
  EXPECT_EQ(value_of(tree, "cMCStatus"), "failed");
  EXPECT_EQ(value_of(tree, "bodyList"), "1, 2.201");
  EXPECT_EQ(value_of(tree, "failInfo"), "popFailed");
}

// ------------------------------------------------------------------------- what is never shown

constexpr std::string_view kSecret = "RevSecret.1-never-print-this";

Bytes revoke_request() {
  cmc::RevokeRequest request;
  request.issuer_name = unwrap(pkix::name_from_text("CN=CA"));
  request.serial_number = asn1::Integer::from(20);
  request.shared_secret = to_bytes(kSecret);
  return cmc::write_revoke_request(request);
}

void expect_no_secret(ByteView message) {
  const auto tree = inspected(message);
  const auto text = text_of(tree) + to_json(tree).dump();
  EXPECT_THAT(text, Not(HasSubstr(std::string(kSecret))));
  EXPECT_THAT(text, Not(HasSubstr(to_hex(as_bytes(kSecret)))));
}

TEST(Inspect, NeverShowsTheSecretOfARevocation) {
  const auto pki_data =
      test::pki_data({test::control(1, cmc::oid::kRevokeRequest, revoke_request())}, {});
  const test::SignedMessage unsigned_message{.content = pki_data};
  expect_no_secret(unsigned_message.encode());
  expect_no_secret(pki_data);
  asn1::Writer octets;
  octets.octet_string(pki_data);
  expect_no_secret(cms::write_content_info(cms::oid::kData, octets.view()));
  EXPECT_THAT(text_of(inspected(pki_data, ObjectType::asn1)), Not(HasSubstr("5265")));
}

TEST(Inspect, NeverShowsTheSecretOfARevocationUnderAnotherName) {
  expect_no_secret(
      test::pki_data({test::control(1, asn1::Oid{"1.3.6.1.4.1.99999.1"}, revoke_request())}, {}));
}

TEST(Inspect, NeverShowsTheSecretOfARevocationThatDoesNotDecode) {
  asn1::Writer wrapped;
  wrapped.sequence([&] { wrapped.raw(revoke_request()); });
  expect_no_secret(
      test::pki_data({test::control(1, cmc::oid::kRevokeRequest, std::move(wrapped).take())}, {}));
}

TEST(Inspect, NeverShowsPasswordsAndTokensOfRequests) {
  asn1::Writer password;
  password.utf8_string(kSecret);
  const auto value = std::move(password).take();
  expect_no_secret(
      test::pkcs10({.attributes = {test::attribute(pkix::oid::kChallengePassword, value)}}));
  expect_no_secret(test::crmf({.controls = {{crmf::oid::kRegToken, value}}}));
  expect_no_secret(test::crmf({.controls = {{crmf::oid::kAuthenticator, value}}}));
}

TEST(Inspect, ControlCharactersOfAMessageDoNotReachTheTerminal) {
  const auto tree = inspected(test::pkcs10({.subject = "CN=Al\x1b[2Jice"}));
  EXPECT_THAT(text_of(tree), Not(HasSubstr("\x1b")));
}

// ------------------------------------------------------------------------- kinds and faults

TEST(Inspect, NestedDeeplyEndsInTime) {
  Bytes message = envelope::seal_certificates_only({});
  for (int level = 0; level < 200; ++level) {
    cmc::PKIDataParts parts;
    parts.cms_sequence.push_back({cmc::BodyPartID{1}, unwrap(cms::read_content_info(message))});
    message = test::SignedMessage{.content = cmc::write_pki_data(parts)}.encode();
  }
  EXPECT_THAT(text_of(inspected(message)), HasSubstr("too deep to show"));
}

TEST(Inspect, MessageWithAnyOneOctetChangedIsShownOrRefused) {
  test::TestCa ca;
  const auto message =
      test::full_request(ca.issue(), {test::tagged(7, test::pkcs10()), test::tagged(test::crmf())},
                         {test::control(2, cmc::oid::kRevokeRequest, revoke_request())})
          .encode();
  for (std::size_t at = 0; at < message.size(); ++at) {
    auto changed = message;
    changed[at] ^= 0x21;
    const auto tree = inspect(changed, ObjectType::automatic);
    EXPECT_TRUE(!tree.ok() || !text_of(*tree).empty()) << at;
  }
}

TEST(Inspect, RefusesOctetsThatAreNoEncoding) {
  EXPECT_EQ(inspect(as_bytes("<html>"), ObjectType::automatic).error().fault, Fault::malformed);
  EXPECT_FALSE(inspect({}, ObjectType::automatic).ok());
}

TEST(Inspect, TellsTheFaultWhereTheTypeIsSaid) {
  const auto refused = inspect(test::pkcs10(), ObjectType::certificate);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::malformed);
}

TEST(Inspect, ShowsUnknownEncodingsByTheirTags) {
  const Bytes unknown{0x30, 0x03, 0x02, 0x01, 0x05};
  const auto tree = inspected(unknown);
  EXPECT_THAT(text_of(tree), HasSubstr("INTEGER: 5"));
  EXPECT_NE(value_of(tree, "Certificate"), "(absent)");  // why it is none
}

TEST(Inspect, TakesCertReqMessages) {
  asn1::Writer writer;
  writer.sequence([&] { writer.raw(test::crmf()); });
  EXPECT_EQ(inspected(writer.view()).name, "CertReqMessages");
}

// ------------------------------------------------------------------------- messages of others

/// All files below a folder of the shared material that are messages.
std::vector<std::string> message_files(const std::string& folder) {
  std::vector<std::string> found;
  const auto root = std::filesystem::path{test::shared_folder()} / folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension == ".der" || extension == ".crt" || extension == ".crl") {
      found.push_back(entry.path());
    }
  }
  return found;
}

void expect_each_is_shown(const std::string& folder) {
  for (const auto& path : message_files(folder)) {
    for (const auto& object : unwrap(tool::unwrap(test::file(path)))) {
      const auto tree = inspect(object.octets, ObjectType::automatic);
      EXPECT_TRUE(tree.ok()) << path << ": " << (tree.ok() ? "" : tree.error().detail);
    }
  }
}

TEST(Inspect, ShowsEachFileOfTheInteropMaterial) {
  SIGNET_NEEDS_SHARED("interop");
  expect_each_is_shown("interop");
}

TEST(Inspect, ShowsEachFileOfTheVectors) {
  SIGNET_NEEDS_SHARED("spec/vectors");
  expect_each_is_shown("spec/vectors");
}

AnnotatedTree shared(const std::string& path) {
  return inspected(test::shared_file(path));
}

TEST(Inspect, AuthenticatedDataOfTheVectors) {
  SIGNET_NEEDS_SHARED("spec/vectors/fullreq-authdata.der");
  const auto tree = shared("spec/vectors/fullreq-authdata.der");
  EXPECT_THAT(value_of(tree, "keyDerivationAlgorithm"), HasSubstr("id-PBKDF2"));
  EXPECT_EQ(check_of(tree, "mac"), Check::not_checked);
  EXPECT_NE(find_part(tree, "PKIData"), nullptr);
}

TEST(Inspect, FullRequestOfTheVectorsVerifiesByTheKeyInIt) {
  SIGNET_NEEDS_SHARED("spec/vectors/fullreq-p10.der");
  const auto tree = shared("spec/vectors/fullreq-p10.der");
  EXPECT_EQ(check_of(*find_part(tree, "SignerInfo"), "signature"), Check::verified);
  EXPECT_NE(value_of(tree, "identityProofV2"), "(absent)");
  EXPECT_EQ(count_checks(tree).broken, 0U);
}

TEST(Inspect, DogtagsAnswersVerify) {
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto tree = shared("interop/dogtag-live/01-agent-signed-pkcs10/response.der");
  EXPECT_EQ(value_of(tree, "SignedData"), "Full PKI Response");
  EXPECT_EQ(value_of(tree, "cMCStatus"), "success");
  EXPECT_EQ(check_of(*find_part(tree, "SignerInfo"), "signature"), Check::verified);
  EXPECT_EQ(count_checks(tree).broken, 0U);
}

TEST(Inspect, DogtagsUnsignedRevocationIsTakenApartWithoutItsSecret) {
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto tree = shared("interop/dogtag-live/37-revoke-shared-secret-unsigned/request.der");
  EXPECT_EQ(value_of(tree, "sharedSecret"), "present; a secret, not shown");
  EXPECT_THAT(text_of(tree), Not(HasSubstr("RevSecret")));
}

TEST(Inspect, EmptyCertificatesOfDogtagAreTold) {
  SIGNET_NEEDS_SHARED("interop/dogtag");
  const auto tree = shared("interop/dogtag/01-p10-selfsigned-idproofv2-poplinkv2.der");
  EXPECT_EQ(find_part(tree, "certificates")->remark, "present and empty");
}

/// Every message of a folder of the shared material, and below.
std::vector<std::string> messages_in(const std::string& folder) {
  std::vector<std::string> paths;
  const std::filesystem::path top = test::shared_folder();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder)) {
    if (entry.path().extension() != ".der") continue;
    paths.push_back(std::filesystem::relative(entry.path(), top).generic_string());
  }
  return paths;
}

TEST(Inspect, EveryRecordedMessageOfDogtagIsTakenApartAndNoSignatureInItIsBroken) {
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  std::size_t seen = 0;
  for (const auto* folder : {"interop/dogtag", "interop/dogtag-live"}) {
    for (const auto& path : messages_in(folder)) {
      const auto tree = shared(path);
      ++seen;
      EXPECT_EQ(count_checks(tree).broken, 0U) << path << "\n" << text_of(tree);
      EXPECT_THAT(text_of(tree), Not(HasSubstr("does not decode"))) << path;
      EXPECT_THAT(text_of(tree), Not(HasSubstr("Secret.1"))) << path;
    }
  }
  EXPECT_EQ(seen, 4U + 20U);
}

TEST(Inspect, TheProofsOfDogtagsSharedSecretsHoldWithTheirSecretAlone) {
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto path =
      "interop/dogtag-live/05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/request.der";
  const auto message = test::shared_file(path);
  const auto proof_with = [&](std::string_view text) {
    const SecretBytes secret{text};
    const auto tree = unwrap(inspect(message, ObjectType::automatic, &secret));
    return find_part(tree, "proofs by a shared secret")->children.front().check;
  };
  EXPECT_EQ(proof_with("Secret.123"), Check::verified);
  EXPECT_EQ(proof_with("Secret.124"), Check::broken);
}

// ------------------------------------------------------------ proofs by a shared secret

TEST(InspectProofs, SaysWhatEachProofIsOverAndWhetherItHolds) {
  SIGNET_NEEDS_SHARED("spec/vectors/fullreq-p10.der");
  const auto message = test::shared_file("spec/vectors/fullreq-p10.der");
  const SecretBytes right{std::string_view("Sh4red-S3cret-Token-0001")};
  const SecretBytes wrong{std::string_view("Sh4red-S3cret-Token-0002")};
  const auto checks = [&](const SecretBytes* secret) {
    const auto tree = unwrap(inspect(message, ObjectType::automatic, secret));
    const auto* proofs = find_part(tree, "proofs by a shared secret");
    EXPECT_NE(proofs, nullptr);
    std::vector<Check> found;
    if (proofs != nullptr) {
      for (const auto& each : proofs->children) found.push_back(each.check);
    }
    return found;
  };
  EXPECT_EQ(checks(&right), (std::vector{Check::verified, Check::verified}));
  EXPECT_EQ(checks(&wrong), (std::vector{Check::broken, Check::broken}));
  EXPECT_EQ(checks(nullptr), (std::vector{Check::not_checked, Check::not_checked}));
}

}  // namespace
}  // namespace signet::tool
