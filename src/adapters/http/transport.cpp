#include "adapters/http/transport.h"

#include <curl/curl.h>

#include <mutex>

namespace signet::http {
namespace {

constexpr std::size_t kMaximumReplyOctets = 16 * 1024 * 1024;

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t collect(char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<Bytes*>(target);
  const auto octets = size * count;
  if (body.size() + octets > kMaximumReplyOctets) return 0;
  body.insert(body.end(), data, data + octets);
  return octets;
}

/// What failed and what to do about it, by curl's code.
Error explain(CURLcode code, const std::string& url, const char* detail) {
  const auto because = [&](Fault fault, const std::string& words) {
    return Error{fault,
                 url + ": " + words + (*detail != '\0' ? std::string(" [") + detail + "]" : "")};
  };
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return because(Fault::directory_unreachable,
                     "the host name has no address; check its spelling and the name service");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return because(Fault::directory_unreachable,
                     "the proxy's name has no address; check the proxy settings");
    case CURLE_COULDNT_CONNECT:
      return because(Fault::directory_unreachable,
                     "nobody answers at that address and port; is the server running, and does a "
                     "firewall stand between?");
    case CURLE_OPERATION_TIMEDOUT:
      return because(Fault::busy,
                     "no answer in time; the message may have been served: send the very same "
                     "message again, the server knows it");
    case CURLE_PEER_FAILED_VERIFICATION:
      return because(Fault::untrusted_signer,
                     "the server's TLS certificate is not to be trusted: another name, another "
                     "authority or out of date; check the host name and the CA file");
    case CURLE_SSL_CACERT_BADFILE:
      return because(Fault::bad_configuration, "the CA file cannot be read as PEM certificates");
    case CURLE_SSL_CERTPROBLEM:
      return because(Fault::bad_configuration,
                     "the TLS client certificate or its key cannot be used; do they belong "
                     "together, and is the passphrase right?");
    case CURLE_SSL_CONNECT_ERROR:
      return because(Fault::tls_mismatch,
                     "the TLS handshake failed; does the server speak TLS 1.2 or later, and does "
                     "it accept this client certificate's authority?");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return because(Fault::busy,
                     "the connection was cut (or the server refused the TLS client certificate); "
                     "send the very same message again, the server knows it");
    case CURLE_WRITE_ERROR:
      return because(Fault::too_large, "the answer is larger than 16 MiB");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return because(Fault::malformed, "this is no https:// address");
    default:
      return because(Fault::internal, curl_easy_strerror(code));
  }
}

}  // namespace

struct Transport::Impl {
  TransportSettings settings;
  std::string passphrase;
  std::unique_ptr<CURL, CurlFree> handle;
  char detail[CURL_ERROR_SIZE] = {};

  void configure(const std::string& url, Bytes& body);
  Result<Reply> perform(const std::string& url, Bytes& body);
};

Result<std::unique_ptr<Transport>> Transport::open(TransportSettings settings) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  auto impl = std::make_unique<Impl>();
  impl->passphrase = settings.client_key_passphrase.text();
  impl->settings = std::move(settings);
  impl->handle.reset(curl_easy_init());
  if (impl->handle == nullptr) return Error{Fault::internal, "libcurl does not start"};
  return std::unique_ptr<Transport>(new Transport(std::move(impl)));
}

Transport::Transport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Transport::~Transport() {
  wipe({reinterpret_cast<std::uint8_t*>(impl_->passphrase.data()), impl_->passphrase.size()});
}

void Transport::Impl::configure(const std::string& url, Bytes& body) {
  auto* curl = handle.get();
  curl_easy_reset(curl);  // keeps the connection
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, settings.connect_timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, settings.timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (!settings.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (!settings.client_certificate_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_SSLCERT, settings.client_certificate_file.c_str());
    curl_easy_setopt(curl, CURLOPT_SSLKEY, settings.client_key_file.c_str());
  }
  if (!passphrase.empty()) curl_easy_setopt(curl, CURLOPT_KEYPASSWD, passphrase.c_str());
  if (!settings.proxy.empty()) curl_easy_setopt(curl, CURLOPT_PROXY, settings.proxy.c_str());
}

Result<Reply> Transport::Impl::perform(const std::string& url, Bytes& body) {
  detail[0] = '\0';
  const auto code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return explain(code, url, detail);
  Reply reply;
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) reply.content_type = type;
  reply.body = std::move(body);
  return reply;
}

Result<Reply> Transport::post(const std::string& url, const std::string& content_type,
                              ByteView body) {
  Bytes received;
  impl_->configure(url, received);
  std::unique_ptr<curl_slist, CurlFree> headers(
      curl_slist_append(nullptr, ("Content-Type: " + content_type).c_str()));
  headers.reset(curl_slist_append(headers.release(), "Expect:"));
  auto* curl = impl_->handle.get();
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  //= F08 RFC 10003 §6: requests are posted
  //= F15 RFC 10003 §6.1: the body is the message's octets, nothing around them
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  return impl_->perform(url, received);
}

Result<Reply> Transport::fetch(const std::string& url) {
  Bytes received;
  impl_->configure(url, received);
  return impl_->perform(url, received);
}

}  // namespace signet::http
