#include "adapters/http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace signet::http {
namespace {

namespace ssl = boost::asio::ssl;

// RFC 9325 §4.2: ephemeral key agreement, authenticated encryption.
constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Error unusable(const std::string& what, const boost::system::error_code& error) {
  return {Fault::bad_configuration, what + ": " + error.message()};
}

/// An expired certificate passes the handshake, so that the message layer can refuse it with words.
int accept_expired(int ok, X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  if (ok == 1 || (error != X509_V_ERR_CERT_HAS_EXPIRED && error != X509_V_ERR_CERT_NOT_YET_VALID)) {
    return ok;
  }
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

void name_authorities(SSL_CTX* context, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    SSL_CTX_add_client_CA(context, certificate);
    X509_free(certificate);
  }
  ERR_clear_error();  // the end of the PEM text
}

Result<void> restrict_protocol(SSL_CTX* context) {
  //= F10 RFC 10003 §6: TLS follows BCP 195
  const bool set = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_cipher_list(context, kTls12Ciphers) == 1;
  if (!set) return Error{Fault::internal, "this OpenSSL offers none of BCP 195's cipher suites"};
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  //= F11 RFC 10003 §6: no early data
  SSL_CTX_set_max_early_data(context, 0);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  return {};
}

/// OpenSSL asks here for the passphrase of an encrypted key; without this it asks the terminal.
int give_passphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto text = static_cast<const SecretBytes*>(passphrase)->text();
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

Result<void> use_key(SSL_CTX* context, const ServerSettings& settings) {
  const auto pem = settings.private_key_pem.view();
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  auto passphrase = settings.private_key_passphrase.copy();
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase), EVP_PKEY_free);
  ERR_clear_error();
  if (key == nullptr) {
    return Error{Fault::bad_configuration,
                 "the TLS key of the server cannot be read; is it PEM, and its passphrase right?"};
  }
  // The second call sees a key of another kind, which the first files in a place of its own.
  const bool fits =
      SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (fits) return {};
  return Error{Fault::bad_configuration, "the TLS key does not belong to the TLS certificate"};
}

}  // namespace

Result<ssl::context> make_tls_context(const ServerSettings& settings) {
  ssl::context context(ssl::context::tls_server);
  TRY(restrict_protocol(context.native_handle()));
  boost::system::error_code error;
  context.use_certificate_chain(boost::asio::buffer(settings.certificate_chain_pem), error);
  if (error) return unusable("the TLS certificate of the server cannot be used", error);
  TRY(use_key(context.native_handle(), settings));
  if (settings.client_authorities_pem.empty()) return context;
  context.add_certificate_authority(boost::asio::buffer(settings.client_authorities_pem), error);
  if (error) return unusable("the authorities of TLS clients cannot be used", error);
  name_authorities(context.native_handle(), settings.client_authorities_pem);
  SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_PEER, accept_expired);
  return context;
}

std::optional<Bytes> client_certificate(SSL* tls) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls),
                                                                X509_free);
  if (certificate == nullptr) return std::nullopt;
  const int size = i2d_X509(certificate.get(), nullptr);
  if (size <= 0) return std::nullopt;
  Bytes der(static_cast<std::size_t>(size));
  auto* out = der.data();
  i2d_X509(certificate.get(), &out);
  return der;
}

}  // namespace signet::http
