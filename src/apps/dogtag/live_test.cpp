// What a live Dogtag exchanged: its answers are read, its configurations make the same messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "adapters/files/file.h"
#include "adapters/pkcs11/public_half.h"
#include "apps/dogtag/key_id.h"
#include "apps/dogtag/request_settings.h"
#include "apps/dogtag/run.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/status.h"
#include "envelope/signed_data.h"
#include "issuance/authority_certificates.h"
#include "proof/possession/dogtag_challenge.h"
#include "support/shared_data.h"
#include "support/token_scene.h"

namespace signet::dogtag {
namespace {

using test::unwrap;
using testing::HasSubstr;

const std::string kLive = "interop/dogtag-live/";

/// A message of either side, taken apart.
struct Message {
  asn1::Oid content_type;
  bool signed_by_key = false;  ///< the signer is named by a subjectKeyIdentifier
  std::size_t signers = 0;
  bool has_certificates = false;
  std::vector<std::string> signed_attributes;
  cmc::PKIData data;
};

Message take_apart(ByteView octets) {
  const auto info = unwrap(cms::read_content_info(octets));
  Message message;
  message.content_type = info.content_type;
  if (info.content_type == cms::oid::kData) {
    message.data = unwrap(cmc::read_pki_data(unwrap(cmc::read_octets_value(info.content))));
    return message;
  }
  const auto signed_data = unwrap(cms::read_signed_data(info.content));
  message.signers = signed_data.signer_infos.size();
  message.has_certificates = !signed_data.certificates.empty();
  for (const auto& signer : signed_data.signer_infos) {
    message.signed_by_key = std::holds_alternative<cms::SubjectKeyIdentifier>(signer.sid);
    for (const auto& attribute : signer.signed_attrs) {
      message.signed_attributes.push_back(attribute.type.to_text());
    }
  }
  message.data = unwrap(cmc::read_pki_data(*signed_data.encap_content_info.e_content));
  return message;
}

/// What must be alike in a control, whoever's keys, names and moments stand in it.
std::string shape_of(const cmc::TaggedAttribute& control) {
  const auto& value = control.attr_values.front();
  std::string shape = control.attr_type.to_text();
  if (control.attr_type == cmc::oid::kIdentityProofV2) {
    const auto proof = unwrap(cmc::read_identity_proof_v2(value));
    return shape + " " + proof.proof_alg_id.algorithm.to_text() + " " +
           proof.mac_alg_id.algorithm.to_text() + " " + std::to_string(proof.witness.size());
  }
  if (control.attr_type == cmc::oid::kPopLinkRandom) {
    return shape + " " + std::to_string(unwrap(cmc::read_octets_value(value)).size());
  }
  if (control.attr_type == cmc::oid::kIdentification) {
    return shape + " " + unwrap(cmc::read_utf8_value(value));
  }
  if (control.attr_type == cmc::oid::kDataReturn) {
    return shape + " " + std::string(as_text(unwrap(cmc::read_octets_value(value))));
  }
  if (control.attr_type == cmc::oid::kTransactionId) {
    return shape + (unwrap(cmc::read_integer_value(value)).is_negative() ? " negative" : "");
  }
  if (control.attr_type == cmc::oid::kDecryptedPOP) {
    const auto pop = unwrap(cmc::read_decrypted_pop(value));
    return shape + " " + pop.the_pop_alg_id.algorithm.to_text() + " " +
           std::to_string(pop.the_pop.size());
  }
  if (control.attr_type == cmc::oid::kRevokeRequest) {
    const auto wanted = unwrap(cmc::read_revoke_request(value));
    return shape + " " + wanted.serial_number.to_decimal() + " " +
           std::to_string(static_cast<int>(wanted.reason)) + " " +
           std::string(as_text(wanted.shared_secret.value_or(Bytes{}))) + " " +
           wanted.comment.value_or("no comment") + (wanted.invalidity_date ? " dated" : "");
  }
  return shape;
}

/// The controls and attributes of a request, and how possession is shown.
std::string shape_of(const cmc::TaggedRequest& request) {
  std::string shape;
  if (const auto* tcr = std::get_if<cmc::TaggedCertificationRequest>(&request.choice)) {
    for (const auto& attribute : tcr->certification_request.info.value.attributes) {
      shape += " " + attribute.type.to_text();
    }
    return "pkcs10" + shape;
  }
  const auto& message = std::get<cmc::TaggedCertReqMsg>(request.choice).cert_req_msg;
  for (const auto& control : message.cert_req.value.controls) shape += " " + control.type.to_text();
  return "crmf" + shape + (message.popo ? " popo" : " no popo");
}

template <typename Parts>
std::vector<std::string> shapes_of(const Parts& parts) {
  std::vector<std::string> shapes;
  for (const auto& part : parts) shapes.push_back(shape_of(part));
  return shapes;
}

void expect_same_shape(const Message& ours, const Message& theirs) {
  EXPECT_EQ(ours.content_type, theirs.content_type);
  EXPECT_EQ(ours.signers, theirs.signers);
  EXPECT_EQ(ours.signed_by_key, theirs.signed_by_key);
  EXPECT_EQ(ours.has_certificates, theirs.has_certificates);
  EXPECT_EQ(ours.signed_attributes, theirs.signed_attributes);
  EXPECT_EQ(shapes_of(ours.data.control_sequence), shapes_of(theirs.data.control_sequence));
  EXPECT_EQ(shapes_of(ours.data.req_sequence), shapes_of(theirs.data.req_sequence));
}

class Live : public testing::Test {
 protected:
  Live() {
    const auto key = unwrap(token()->generate_key("rsa:2048", "signer"));
    const auto certificate = unwrap(issuance::make_root(
        {.subject =
             unwrap(pkix::name_from_text("CN=CA Signing Certificate,OU=pki-tomcat,O=EXAMPLE")),
         .key = *key,
         .now = SystemClock().now()},
        crypto::system_random()));
    EXPECT_TRUE(token()->store_certificate(certificate, "signer").ok());
  }

  [[nodiscard]] std::shared_ptr<pkcs11::Token> token() const { return database.open(); }

  int call(std::string_view tool, const Arguments& arguments) {
    out.str("");
    err.str("");
    Console console{out, err, tool::system_surroundings(),
                    [](const std::string& folder, const std::string&, const SecretBytes& password) {
                      return pkcs11::open_nss_database(folder, password);
                    }};
    return run(tool, arguments, console);
  }
  std::string read_text(const std::string& name) {
    return std::string(as_text(unwrap(files::read_file(database / name))));
  }

  /// Their configuration with our database, signer and request.
  std::string ours(const std::string& theirs, bool self_signed) {
    auto text = std::string(as_text(test::shared_file(theirs)));
    text += "\ndbdir=" + database.path() + "\npassword=secret\noutput=" + (database / "cmc.req");
    text += "\ninput=" + (database / "request");
    text += "\ndecryptedPopRequestFile=" + (database / "cmc.req");
    text += "\nencryptedPopResponseFile=" + (database / "response");
    if (!self_signed) text += "\nnickname=signer";
    if (text.find("privKeyId") != std::string::npos) {
      text += "\nrequest.privKeyId=" + read_text("request.keyId");
    }
    return text + "\n";
  }
  void make_request(const std::string& form, const Arguments& more) {
    Arguments arguments{"-d", database.path(), "-p", "secret",
                        "-n", "UID=testuser",  "-o", database / "request"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ASSERT_EQ(call(form == "crmf" ? "CRMFPopClient" : "PKCS10Client", arguments), kDone)
        << err.str();
  }
  void expect_same_message(const std::string& folder, const std::string& number,
                           bool self_signed = false) {
    const auto configuration = kLive + folder + "/CMCRequest" + number + ".cfg";
    test::write_text(database / "ours.cfg", ours(configuration, self_signed));
    ASSERT_EQ(call("CMCRequest", {database / "ours.cfg"}), kDone) << err.str();
    expect_same_shape(take_apart(unwrap(files::read_file(database / "cmc.req"))),
                      take_apart(test::shared_file(kLive + folder + "/request" + number + ".der")));
  }

  test::NssDatabase database;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(Live, SignedRequestsHaveTheSameShape) {
  SIGNET_NEEDS_SHARED(kLive);
  make_request("pkcs10", {});
  expect_same_message("01-agent-signed-pkcs10", "");
  expect_same_message("10-user-signed-pkcs10", "");
  make_request("crmf", {"-q", "POP_SUCCESS"});
  expect_same_message("03-agent-signed-crmf", "");
}

TEST_F(Live, RequestsBySharedSecretHaveTheSameShape) {
  SIGNET_NEEDS_SHARED(kLive);
  make_request("pkcs10", {"-y", "true"});
  expect_same_message("05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2", "", true);
  expect_same_message("43-sharedtoken-no-identification", "", true);
}

TEST_F(Live, KeyIdsAreThoseThatDogtagNames) {
  SIGNET_NEEDS_SHARED(kLive);
  const auto folder = kLive + "05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/";
  const auto message = take_apart(test::shared_file(folder + "request.der"));
  const auto& key = *message.data.req_sequence.front().public_key();
  const auto text = test::shared_file(folder + "CMCRequest.cfg");
  const auto settings = unwrap(Configuration::read(as_text(text), request_names()));
  EXPECT_EQ(key_id_text(unwrap(pkcs11::nss_key_id(key))), settings.text("request.privKeyId"));
}

TEST_F(Live, TransactionNonceAndDataReturnHaveTheSameShape) {
  SIGNET_NEEDS_SHARED(kLive);
  make_request("pkcs10", {});
  expect_same_message("60-agent-signed-transactionId-senderNonce-dataReturn", "");
}

TEST_F(Live, RevocationsHaveTheSameShape) {
  SIGNET_NEEDS_SHARED(kLive);
  expect_same_message("30-revoke-user-signed-by-other-own-cert", "");
  expect_same_message("37-revoke-shared-secret-unsigned", "", true);
}

TEST_F(Live, BothRoundsOfAChallengeHaveTheSameShape) {
  SIGNET_NEEDS_SHARED(kLive);
  const std::string folder = "20-encryption-only-key-user-signed-encryptedPOP";
  make_request("crmf", {"-q", "POP_NONE"});
  expect_same_message(folder, "-1");

  // The answer as Dogtag makes it, but for our key.
  const auto first = take_apart(unwrap(files::read_file(database / "cmc.req")));
  const auto& request = first.data.req_sequence.front();
  const proof::ChallengeDue due{unwrap(crypto::PublicKey::from(*request.public_key())), &request};
  const Bytes value(64, 7);
  const auto challenge = unwrap(
      proof::make_dogtag_challenge(due, SecretBytes(ByteView(value)), crypto::system_random()));
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = cmc::CMCStatus::popRequired;
  status.body_list = {request.body_part_id()};
  status.other_info = cmc::CMCFailInfo::popRequired;
  cmc::PKIResponse response;
  response.control_sequence = {
      {{1}, cmc::oid::kEncryptedPOP, {cmc::write_encrypted_pop(challenge)}},
      {{2}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(status)}},
      {{3}, cmc::oid::kResponseInfo, {cmc::write_octets_value(Bytes{7})}}};
  const auto signer = unwrap(token()->certificates("signer")).front().certificate;
  const auto key = unwrap(token()->find_key_of(signer->subject_public_key_info));
  const auto content = cmc::write_pki_response(response);
  const auto sealed = unwrap(envelope::seal_signed_data(
      {.content_type = cmc::oid::kPKIResponse,
       .content = content,
       .key = *key,
       .signature_algorithm = unwrap(crypto::default_signature_algorithm(*key)),
       .sid = cms::IssuerAndSerialNumber{signer->issuer, signer->serial_number},
       .certificates = {signer.der},
       .signing_time = std::nullopt}));
  ASSERT_TRUE(files::write_file(database / "response", sealed).ok());
  expect_same_message(folder, "-2");
}

TEST_F(Live, AnswersAreShownWithTheLinesThatScriptsLookFor) {
  SIGNET_NEEDS_SHARED(kLive);
  struct Answer {
    std::string name;
    int status;
    std::string line;
  };
  const Answer answers[] = {
      {"01-agent-signed-pkcs10/response.der", kDone, "   Status: SUCCESS\n"},
      {"03-agent-signed-crmf/response.der", kDone, "   BodyList: 1 \n"},
      {"05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/response.der", kDone,
       "Subject: UID=testuser,OU=people,DC=example,DC=com\n"},
      {"10-user-signed-pkcs10/response.der", kDone, "CMC Full Response.\n"},
      {"20-encryption-only-key-user-signed-encryptedPOP/response-1.der", kFailed,
       "     failInfo=POP required\n"},
      {"20-encryption-only-key-user-signed-encryptedPOP/response-2.der", kDone, "SUCCESS"},
      {"30-revoke-user-signed-by-other-own-cert/response.der", kDone, "SUCCESS"},
      {"37-revoke-shared-secret-unsigned/response.der", kDone, "SUCCESS"},
      {"43-sharedtoken-no-identification/response.der", kFailed, "     failInfo=bad identity\n"},
      {"60-agent-signed-transactionId-senderNonce-dataReturn/response.der", kDone,
       "   Value: 104 101 108 108 111 45 100 97 116 97"}};
  for (const auto& [name, status, line] : answers) {
    EXPECT_EQ(call("CMCResponse", {"-i", test::shared_folder() + "/" + kLive + name}), status)
        << name << err.str();
    EXPECT_THAT(out.str(), HasSubstr(line)) << name;
    EXPECT_THAT(out.str(), HasSubstr("Signature: verified, by CN=CA Signing Certificate")) << name;
  }
}

TEST_F(Live, AnAnswerWithAnOctetChangedIsNotShownAsGood) {
  SIGNET_NEEDS_SHARED(kLive);
  auto octets = test::shared_file(kLive + "01-agent-signed-pkcs10/response.der");
  octets.back() ^= 1;
  ASSERT_TRUE(files::write_file(database / "changed", octets).ok());
  EXPECT_EQ(call("CMCResponse", {"-i", database / "changed", "-o", database / "p7"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("ERROR: "));
  EXPECT_FALSE(files::read_file(database / "p7").ok());
}

}  // namespace
}  // namespace signet::dogtag
