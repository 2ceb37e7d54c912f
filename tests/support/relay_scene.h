#pragma once

#include "support/approval_scene.h"
#include "support/commands_scene.h"
#include "support/message_builder.h"
#include "support/shared_data.h"

namespace signet::tool {

/// Alice asks offline; somebody relays what she made.
class Relay : public Commands {
 protected:
  /// What agents vouch for is served by a profile that gives SubjectAltNames as they are asked for.
  static test::TestAuthority::Choices choices() {
    test::TestAuthority::Choices made;
    const auto path = test::source_folder() + "/profiles/caFullCMCUserCert.cfg";
    made.more_profiles = std::string(as_text(test::file(path))) +
                         test::one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.17");
    made.settings.agent_profile = "extra";
    return made;
  }
  Relay() : Commands(choices()) {
    surroundings.post = [this](const http::TransportSettings& settings, const std::string& url,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      last_url = url;
      authority::Inquiry inquiry;
      inquiry.octets = to_bytes(body);
      const auto pem = test::unwrap(files::read_file(settings.client_certificate_file));
      inquiry.peer.tls_client_certificate = test::unwrap(from_pem(as_text(pem))).front().octets;
      auto answered = authority.deliver_octets(std::move(inquiry));
      return http::Reply{200, "application/pkcs7-mime", std::move(answered.octets)};
    };
  }
  void request(const std::string& folder_name) {
    ASSERT_EQ(signet({"request", "--subject", "CN=Alice,O=Test", "--output", "@" + folder_name,
                      "--signer", "@alice.pem", "--signer-key", "@alice.key"}),
              0)
        << err.str();
  }
  /// Somebody whom the authority does not know: the secret is between this one and the RA.
  void request_of_carol(const std::string& folder_name, const std::vector<std::string>& more = {}) {
    write("secret", "what-carol-told-the-registration-desk\n");
    std::vector<std::string> words{"request",    "--subject", "CN=Carol,O=Test",
                                   "--identity", "carol",     "--secret-file",
                                   "@secret",    "--output",  "@" + folder_name};
    words.insert(words.end(), more.begin(), more.end());
    ASSERT_EQ(signet(words), 0) << err.str();
  }
  int relay(std::vector<std::string> words, const std::string& signer = "agent") {
    words.insert(words.begin(), "relay");
    words.insert(words.end(), {"--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                               "@" + signer + ".pem", "--signer-key", "@" + signer + ".key"});
    last_url.clear();
    return signet(words);
  }
  void expect_reads(const std::string& folder_name, const std::string& subject) {
    EXPECT_EQ(signet({"read", "--in", "@" + folder_name + "/request.crp", "--exchange",
                      "@" + folder_name + "/exchange.json", "--ca", "@ca.pem", "--out-certificate",
                      "@" + folder_name + "/certificate.pem"}),
              0)
        << err.str();
    const auto issued = certificate(folder_name + "/certificate.pem");
    EXPECT_EQ(pkix::to_text(issued->subject), subject);
    EXPECT_EQ(issued->subject_public_key_info,
              test::unwrap(crypto::read_private_key(read(folder_name + "/key.pem"), {}))
                  ->public_key_info());
  }
  /// The same message under a signature that does not hold.
  void spoil(const std::string& name) const {
    write(name, as_text(test::with_last_bit_changed(read(name))));
  }
};

}  // namespace signet::tool
