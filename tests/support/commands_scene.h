#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/signet/run.h"
#include "base/encoding.h"
#include "crypto/private_key.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::tool {

/// The tool with a whole authority at the other end of the line, in memory.
class Commands : public ::testing::Test {
 protected:
  explicit Commands(test::TestAuthority::Choices choices = {}) : authority(std::move(choices)) {
    for (const auto* variable : {"SIGNET_URL", "SIGNET_CA"}) ::unsetenv(variable);
    write("ca.pem", to_pem("CERTIFICATE", authority.certificate().der));
    write_holder("agent", authority.agent);
    write_holder("alice", authority.alice);
  }

  void write(const std::string& name, std::string_view text) const {
    ASSERT_TRUE(files::write_file(folder / name, as_bytes(text)).ok());
  }
  void write_holder(const std::string& name, const test::Holder& holder) const {
    write(name + ".pem", to_pem("CERTIFICATE", holder.certificate.der));
    write(name + ".key",
          test::unwrap(crypto::write_private_key(*holder.key, SecretBytes{})).text());
  }
  [[nodiscard]] Bytes read(const std::string& name) const {
    return test::unwrap(files::read_file(folder / name));
  }
  [[nodiscard]] pkix::Certificate certificate(const std::string& name) const {
    const auto blocks = test::unwrap(from_pem(as_text(read(name))));
    return test::unwrap(pkix::read_certificate(blocks.front().octets));
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(folder / name);
  }

  /// `signet` with these arguments; a leading '@' names a file of the test's folder.
  int signet(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    arguments.insert(arguments.begin(), "signet");
    std::vector<const char*> argv;
    for (auto& argument : arguments) {
      if (argument.starts_with('@')) argument = folder / argument.substr(1);
      argv.push_back(argument.c_str());
    }
    return run(static_cast<int>(argv.size()), argv.data(), out, err, surroundings);
  }
  int enroll(const std::string& signer, const std::string& subject, const std::string& output,
             const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"enroll",
                                       "--url",
                                       "https://ca.test:8443",
                                       "--ca",
                                       "@ca.pem",
                                       "--signer",
                                       "@" + signer + ".pem",
                                       "--signer-key",
                                       "@" + signer + ".key",
                                       "--subject",
                                       subject,
                                       "--output",
                                       "@" + output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return signet(arguments);
  }
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out.str()); }

  /// What the line does with a message: signetd's part.
  Result<http::Reply> answer(const http::TransportSettings& settings, const std::string& url,
                             const std::string& content_type, ByteView body) {
    last_url = url;
    last_content_type = content_type;
    if (broken_line) return *broken_line;
    if (other_reply) return *other_reply;
    authority::Inquiry inquiry;
    inquiry.octets = to_bytes(body);
    if (!settings.client_certificate_file.empty()) {
      const auto pem = test::unwrap(files::read_file(settings.client_certificate_file));
      inquiry.peer.tls_client_certificate = test::unwrap(from_pem(as_text(pem))).front().octets;
    }
    const auto answered = authority.decide(inquiry);
    return http::Reply{200, "application/pkcs7-mime", answered.octets};
  }

  test::TemporaryFolder folder;
  test::TestAuthority authority;
  Surroundings surroundings{authority.clock, crypto::system_random(),
                            [this](const http::TransportSettings& settings, const std::string& url,
                                   const std::string& content_type, ByteView body) {
                              return answer(settings, url, content_type, body);
                            }};
  std::ostringstream out;
  std::ostringstream err;
  std::string last_url;
  std::string last_content_type;
  std::optional<Error> broken_line;
  std::optional<http::Reply> other_reply;
};

}  // namespace signet::tool
