#pragma once

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "adapters/http/server.h"
#include "adapters/http/transport.h"
#include "base/encoding.h"
#include "codec/pkix/general_name.h"
#include "codec/pkix/oids.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::test {

// TLS looks at the machine's own clock: these are true, over or to come whenever a test runs.
inline constexpr Time kYear2020{std::chrono::seconds{1577836800}};
inline constexpr Time kYear2021{std::chrono::seconds{1609459200}};
inline constexpr Time kYear2048{std::chrono::seconds{2461449600}};
inline constexpr Time kYear2049{std::chrono::seconds{2493072000}};
inline constexpr pkix::Validity kAlways{kYear2020, kYear2049};
inline constexpr pkix::Validity kOver{kYear2020, kYear2021};
inline constexpr pkix::Validity kToCome{kYear2048, kYear2049};

/// An authority whose certificate is valid in every test, and what it issued, as files for TLS.
class TlsAuthority {
 public:
  explicit TlsAuthority(const std::string& subject) : ca_(subject) {
    auto tbs = ca_.certificate().tbs.value;
    tbs.validity = kAlways;
    root_ = sign_certificate(std::move(tbs), ca_.key());
  }

  [[nodiscard]] std::string root_pem() const { return to_pem("CERTIFICATE", root_.der); }
  Credential server(const pkix::GeneralNames& names, pkix::Validity validity = kAlways) {
    return ca_.issue({.subject = "CN=server",
                      .validity = validity,
                      .purposes = {pkix::oid::kServerAuth},
                      .alternative_names = names});
  }
  Credential client(pkix::Validity validity = kAlways) {
    return ca_.issue({.subject = "CN=client", .validity = validity});
  }

 private:
  TestCa ca_;
  pkix::Certificate root_;
};

/// A folder with the files that a TLS client reads, and the settings of a server on loopback.
class TlsScene {
 public:
  TlsAuthority authority{"CN=TLS Authority"};
  TlsAuthority stranger{"CN=Stranger"};
  TemporaryFolder folder;

  TlsScene() { write("ca.pem", authority.root_pem()); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream file(folder / name, std::ios::binary | std::ios::trunc);
    CHECK((file << text).flush().good());
    CHECK(::chmod((folder / name).c_str(), 0600) == 0);  // some are keys
  }

  static pkix::GeneralNames loopback() { return {pkix::IpAddress{Bytes{127, 0, 0, 1}}}; }

  [[nodiscard]] http::ServerSettings server_settings(const Credential& server) const {
    http::ServerSettings settings;
    settings.port = 0;
    settings.certificate_chain_pem = to_pem("CERTIFICATE", server.certificate.der);
    settings.private_key_pem = unwrap(crypto::write_private_key(*server.key, SecretBytes()));
    settings.client_authorities_pem = authority.root_pem();
    return settings;
  }
  [[nodiscard]] http::ServerSettings server_settings() {
    return server_settings(authority.server(loopback()));
  }

  [[nodiscard]] http::TransportSettings nobody() const {
    http::TransportSettings settings;
    settings.ca_file = folder / "ca.pem";
    settings.timeout_seconds = 20;
    return settings;
  }
  [[nodiscard]] http::TransportSettings as(const Credential& client,
                                           std::string_view passphrase = "") const {
    write("client.pem", to_pem("CERTIFICATE", client.certificate.der));
    write("client.key",
          unwrap(crypto::write_private_key(*client.key, SecretBytes(passphrase))).text());
    auto settings = nobody();
    settings.client_certificate_file = folder / "client.pem";
    settings.client_key_file = folder / "client.key";
    return settings;
  }
};

}  // namespace signet::test
