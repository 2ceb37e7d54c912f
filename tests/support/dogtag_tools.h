#pragma once

#include <gtest/gtest.h>

#include <sstream>

#include "adapters/files/file.h"
#include "apps/dogtag/run.h"
#include "client/seal_message.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/status.h"
#include "envelope/signed_data.h"
#include "issuance/authority_certificates.h"
#include "support/token_scene.h"

/// Dogtag's tools, called as from a shell.
namespace signet::dogtag {

inline Result<std::shared_ptr<pkcs11::Token>> open_any(const std::string& folder,
                                                       const std::string& token,
                                                       const SecretBytes& password) {
  if (token.empty()) return pkcs11::open_nss_database(folder, password);
  pkcs11::Uri uri;
  uri.token = token;
  return pkcs11::open_token(uri, password);
}

/// A database with a certificate "signer" that is trusted for TLS servers; the server is a reply.
class Tools : public testing::Test {
 protected:
  Tools() {
    add_certificate(*database.open(), "signer");
    database.tool("certutil -M -n signer -t CT,C,C");
    surroundings.post = [this](const http::TransportSettings& settings, const std::string& url,
                               const std::string&, ByteView) {
      ++posted;
      posted_to = url;
      if (!settings.ca_file.empty()) {
        anchors = std::string(as_text(test::unwrap(files::read_file(settings.ca_file))));
      }
      return reply;
    };
  }

  static pkix::Certificate add_certificate(pkcs11::Token& token, const std::string& name) {
    const auto key = test::unwrap(token.generate_key("ec:p256", name));
    auto certificate = test::unwrap(
        issuance::make_root({.subject = test::unwrap(pkix::name_from_text("CN=" + name)),
                             .key = *key,
                             .now = SystemClock().now()},
                            crypto::system_random()));
    EXPECT_TRUE(token.store_certificate(certificate, name).ok());
    return certificate;
  }

  int call(std::string_view tool, const Arguments& arguments) {
    out.str("");
    err.str("");
    Console console{out, err, surroundings, open_any};
    return run(tool, arguments, console);
  }
  /// One of the tools that read a file of names and values.
  int configured(std::string_view tool, const std::string& configuration) {
    test::write_text(database / "cfg", configuration);
    return call(tool, {database / "cfg"});
  }
  std::string request(const std::string& name, const Arguments& more = {}) {
    Arguments arguments{"-d", database.path(), "-p", "secret",       "-a", "ec",
                        "-n", "CN=" + name,    "-o", database / name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(call("PKCS10Client", arguments), kDone) << err.str();
    return std::string(as_text(test::unwrap(files::read_file(database / (name + ".keyId")))));
  }
  [[nodiscard]] std::string of_request(const std::string& more) const {
    return "format=pkcs10\ninput=" + (database / "alice") + "\noutput=" + (database / "cmc.req") +
           "\ndbdir=" + database.path() + "\npassword=secret\n" + more;
  }
  [[nodiscard]] std::string of_submission(const std::string& more) const {
    return "host=ca.test\nport=8443\nservlet=/submit\ninput=" + (database / "alice") +
           "\noutput=" + (database / "answer") + "\ndbdir=" + database.path() +
           "\npassword=secret\nsecure=true\n" + more;
  }
  /// An answer of the authority of this name with these controls.
  void write_answer(const std::vector<cmc::TaggedAttribute>& controls,
                    const std::string& name = "signer") {
    const auto token = database.open();
    const auto signer = test::unwrap(token->certificates(name)).front().certificate;
    const auto key = test::unwrap(token->find_key_of(signer->subject_public_key_info));
    cmc::PKIResponse response;
    response.control_sequence = controls;
    const auto content = cmc::write_pki_response(response);
    const auto sealed = test::unwrap(envelope::seal_signed_data(
        {.content_type = cmc::oid::kPKIResponse,
         .content = content,
         .key = *key,
         .signature_algorithm = test::unwrap(crypto::default_signature_algorithm(*key)),
         .sid = cms::IssuerAndSerialNumber{signer->issuer, signer->serial_number},
         .certificates = {signer.der},
         .signing_time = std::nullopt}));
    ASSERT_TRUE(files::write_file(database / "answer", sealed).ok());
  }
  static cmc::TaggedAttribute status_control(const cmc::CMCStatusInfoV2& status) {
    return {{1}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(status)}};
  }

  test::NssDatabase database;
  tool::Surroundings surroundings{tool::system_surroundings()};
  Result<http::Reply> reply = http::Reply{200, "application/pkcs7-mime", Bytes{0x30, 0x00}};
  int posted = 0;
  std::string posted_to;
  std::string anchors;
  std::ostringstream out;
  std::ostringstream err;
};

}  // namespace signet::dogtag
