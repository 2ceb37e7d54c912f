#include "adapters/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

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

// F10 RFC 10003 §6: TLS follows BCP 195
// F11 RFC 10003 §6: no early data
void restrict_protocol(ssl::context& context) {
  auto* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, kTls12Ciphers);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_max_early_data(native, 0);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

Result<ssl::context> make_tls_context(const ServerSettings& settings) {
  ssl::context context(ssl::context::tls_server);
  restrict_protocol(context);
  boost::system::error_code error;
  context.use_certificate_chain(boost::asio::buffer(settings.certificate_chain_pem), error);
  if (error) return unusable("the TLS certificate of the server cannot be used", error);
  context.set_password_callback(
      [passphrase = std::string(settings.private_key_passphrase.text())](
          std::size_t, ssl::context::password_purpose) { return passphrase; },
      error);
  const auto key = settings.private_key_pem.text();
  context.use_private_key(boost::asio::buffer(key.data(), key.size()), ssl::context::pem, error);
  if (error) return unusable("the TLS key of the server cannot be used", error);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return Error{Fault::bad_configuration, "the TLS key does not belong to the TLS certificate"};
  }
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
