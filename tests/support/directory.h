#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/loopback_listener.h"
#include "support/tls_scene.h"

namespace signet::test {

/// A real directory on loopback: Debian's slapd with a configuration of its own in a temporary
/// folder, which has the attribute shrTok. Stopped when it goes.
class Directory {
 public:
  static constexpr const char* kBase = "ou=people,dc=example,dc=test";
  static constexpr const char* kAdmin = "cn=admin,dc=example,dc=test";
  static constexpr const char* kPassword = "admin password";

  static bool installed() { return std::filesystem::exists("/usr/sbin/slapd"); }

  /// `people`: LDIF of the entries below kBase.
  explicit Directory(const std::string& people) : port_(free_port()), tls_port_(free_port()) {
    const auto server = tls_.authority.server(TlsScene::loopback());
    tls_.write("server.pem", to_pem("CERTIFICATE", server.certificate.der));
    const auto key = unwrap(crypto::write_private_key(*server.key, SecretBytes()));
    tls_.write("server.key", key.text());
    std::filesystem::create_directory(tls_.folder / "data");
    tls_.write("slapd.conf", configuration());
    tls_.write("people.ldif", std::string("dn: dc=example,dc=test\nobjectClass: dcObject\n"
                                          "objectClass: organization\no: Example\ndc: example\n\n"
                                          "dn: ou=people,dc=example,dc=test\n"
                                          "objectClass: organizationalUnit\nou: people\n\n") +
                                  people);
    run("/usr/sbin/slapadd -f " + path("slapd.conf") + " -l " + path("people.ldif"));
    start();
  }
  ~Directory() { stop(); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  void start() {
    server_ = ::fork();
    if (server_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const auto listen = uri() + " " + tls_uri();
      const auto file = path("slapd.conf");
      ::execl("/usr/sbin/slapd", "slapd", "-d", "0", "-h", listen.c_str(), "-f", file.c_str(),
              nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 200 && !answers(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(answers());
  }
  void stop() {
    if (server_ <= 0) return;
    ::kill(server_, SIGTERM);
    ::waitpid(server_, nullptr, 0);
    server_ = -1;
  }

  [[nodiscard]] std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string tls_uri() const {
    return "ldaps://127.0.0.1:" + std::to_string(tls_port_);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return tls_.folder / name; }
  [[nodiscard]] std::string authority() const { return path("ca.pem"); }
  [[nodiscard]] std::string stranger() const {
    tls_.write("stranger.pem", tls_.stranger.root_pem());
    return path("stranger.pem");
  }

 private:
  static void run(const std::string& command) { CHECK(std::system(command.c_str()) == 0); }

  [[nodiscard]] bool answers() const {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected =
        ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return connected;
  }
  [[nodiscard]] std::string configuration() const {
    return "include /etc/ldap/schema/core.schema\n"
           "include /etc/ldap/schema/cosine.schema\n"
           "include /etc/ldap/schema/inetorgperson.schema\n"
           "attributetype ( 1.3.6.1.4.1.55555.1 NAME 'shrTok' EQUALITY octetStringMatch "
           "SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )\n"
           "modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
           "TLSCACertificateFile " +
           path("ca.pem") + "\nTLSCertificateFile " + path("server.pem") +
           "\nTLSCertificateKeyFile " + path("server.key") +
           "\ndatabase mdb\nsuffix \"dc=example,dc=test\"\nrootdn \"" + kAdmin + "\"\nrootpw \"" +
           kPassword + "\"\ndirectory " + path("data") + "\naccess to attrs=shrTok by dn=\"" +
           kAdmin +
           "\" read by * none\n"
           "access to * by * read\n";
  }

  TlsScene tls_;
  int port_;
  int tls_port_;
  pid_t server_ = -1;
};

}  // namespace signet::test
