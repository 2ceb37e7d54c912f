#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>

#include "adapters/http/server.h"
#include "support/tls_scene.h"

namespace signet::http {

/// A TCP connection to loopback that comes from `source`; -1 when there is none.
inline int connect_from(const char* source, std::uint16_t port) {
  const auto address_of = [](const char* text, std::uint16_t at) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(at);
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
  };
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto from = address_of(source, 0);
  const auto to = address_of("127.0.0.1", port);
  const bool connected =
      ::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
      ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  if (connected) return socket;
  ::close(socket);
  return -1;
}

/// A TLS client that says what it is told to, for what libcurl would not do.
class RawClient {
 public:
  using Prepare = std::function<void(SSL_CTX*)>;
  explicit RawClient(std::uint16_t port, const Prepare& prepare = {}, SSL_SESSION* resume = nullptr)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    signal(SIGPIPE, SIG_IGN);  // the server may close first
    if (prepare) prepare(context_.get());
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (resume != nullptr) SSL_set_session(tls(), resume);
    is_connected_ = BIO_do_connect(bio_.get()) == 1 && shakes_hands();
  }
  /// One that comes from `source`.
  RawClient(std::uint16_t port, const char* source)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    signal(SIGPIPE, SIG_IGN);
    bio_.reset(BIO_push(BIO_new_ssl(context_.get(), 1),
                        BIO_new_socket(connect_from(source, port), BIO_CLOSE)));
    is_connected_ = shakes_hands();
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] SSL* tls() const {
    SSL* found = nullptr;
    BIO_get_ssl(bio_.get(), &found);
    return found;
  }
  void say(const std::string& words) {
    BIO_write(bio_.get(), words.data(), static_cast<int>(words.size()));
  }
  /// All until the server closes.
  std::string hear() {
    std::string heard;
    char buffer[4096];
    for (int size = 0; (size = read(buffer, sizeof buffer)) > 0;) {
      heard.append(buffer, static_cast<std::size_t>(size));
    }
    return heard;
  }
  /// Until `end` has come, or the server closes.
  std::string hear_until(const std::string& end) {
    std::string heard;
    char octet = 0;
    while (heard.find(end) == std::string::npos && read(&octet, 1) == 1) {
      heard += octet;
    }
    return heard;
  }
  /// So many octets, or fewer where the server closes.
  std::string hear_exactly(std::size_t most) {
    std::string heard(most, '\0');
    std::size_t so_far = 0;
    while (so_far < most) {
      const int size = read(heard.data() + so_far, static_cast<int>(most - so_far));
      if (size <= 0) break;
      so_far += static_cast<std::size_t>(size);
    }
    heard.resize(so_far);
    return heard;
  }
  std::size_t hear_octets(std::size_t most) { return hear_exactly(most).size(); }

 private:
  bool shakes_hands() {
    const bool shaken = BIO_do_handshake(bio_.get()) == 1;
    const timeval patience{30, 0};
    setsockopt(static_cast<int>(BIO_get_fd(bio_.get(), nullptr)), SOL_SOCKET, SO_RCVTIMEO,
               &patience, sizeof patience);
    return shaken;
  }
  /// None or fewer: the server closed. A server that does neither for half a minute fails the test.
  int read(char* buffer, int most) {
    const int size = BIO_read(bio_.get(), buffer, most);
    if (size < 0 && BIO_should_retry(bio_.get())) ADD_FAILURE() << "the server goes on waiting";
    return size;
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  struct FreeAll {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
  };
  std::unique_ptr<BIO, FreeAll> bio_;
  bool is_connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() { settings = scene.server_settings(); }

  void serve() {
    server = test::unwrap(Server::start(
        std::move(settings),
        [this](Request request, Server::Reply reply) {
          respond(std::move(request), std::move(reply));
        },
        log));
  }
  [[nodiscard]] std::unique_ptr<Transport> client(TransportSettings with) const {
    return test::unwrap(Transport::open(std::move(with)));
  }
  [[nodiscard]] std::string url(const std::string& target = "/") const {
    return "https://127.0.0.1:" + std::to_string(server->port()) + target;
  }
  /// What the server says to these words; they must make it close.
  [[nodiscard]] std::string answer_to(const std::string& words) const {
    RawClient raw(server->port());
    raw.say(words);
    return raw.hear();
  }
  /// The same for each of several clients, who wait together: a server that refuses what it did not
  /// read closes late.
  [[nodiscard]] std::vector<std::string> answers_to(const std::vector<std::string>& each) const {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (const auto& words : each) {
      clients.push_back(std::make_unique<RawClient>(server->port()));
      clients.back()->say(words);
    }
    std::vector<std::string> answers;
    for (const auto& raw : clients) answers.push_back(raw->hear());
    return answers;
  }

  /// Whether a TLS client at `source` gets through.
  [[nodiscard]] bool shakes_hands_from(const char* source) const {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
    const int socket = connect_from(source, server->port());
    SSL_set_fd(tls.get(), socket);
    const bool shaken = SSL_connect(tls.get()) == 1;
    ::close(socket);
    return shaken;
  }

  test::TlsScene scene;
  ServerSettings settings;
  SilentLog log;
  std::function<void(Request, Server::Reply)> respond = [](const Request& request,
                                                           const Server::Reply& reply) {
    reply({200, "text/plain", request.body, {}});
  };
  std::unique_ptr<Server> server;
};

inline constexpr const char* kGetAndClose =
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

}  // namespace signet::http
