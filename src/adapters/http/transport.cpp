#include "adapters/http/transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>

namespace signet::http {
namespace {

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* parts) const { curl_url_cleanup(parts); }
};

/// A body as it comes in.
struct Incoming {
  Bytes& body;
  std::size_t most_octets;
};

std::size_t collect(char* data, std::size_t size, std::size_t count, void* target) {
  auto& [body, most_octets] = *static_cast<Incoming*>(target);
  const auto octets = size * count;
  if (octets > most_octets || body.size() > most_octets - octets) return 0;
  body.insert(body.end(), data, data + octets);
  return octets;
}

/// How a transfer ended that did not succeed.
struct Failure {
  CURLcode code;
  long verification;      ///< X509_V_ERR_…, by OpenSSL; 1 where it found nothing wrong
  long proxy_status;      ///< of the answer to CONNECT; 0 without one
  bool is_sent;           ///< the connection stood, so the server may have seen the message
  bool is_plain;          ///< http://, where a server that waits for TLS cuts or sends an alert
  std::string_view host;  ///< of the address, where there may be a proxy before it; else empty
  std::string_view detail;
};

struct Explanation {
  Fault fault;
  std::string_view words;
};

/// The path is OpenSSL's to judge, the name curl's: a good path leaves only the name.
Explanation explain_server_certificate(long verification) {
  // OpenSSL's numbers; its headers would come for these three alone.
  constexpr long kNothingWrong = 1;
  constexpr long kNotYetValid = 9;
  constexpr long kExpired = 10;
  switch (verification) {
    case kNothingWrong:
      return {Fault::untrusted_signer,
              "the server's TLS certificate is for another name; use the name that it holds, or "
              "have it issued for this one"};
    case kNotYetValid:
      return {Fault::untrusted_signer,
              "the server's TLS certificate, or one above it, is not valid yet; compare this "
              "machine's clock with the server's"};
    case kExpired:
      return {Fault::untrusted_signer,
              "the server's TLS certificate, or one above it, has expired; its operator must renew "
              "it"};
    default:
      return {Fault::untrusted_signer,
              "the server's TLS certificate is not of an authority trusted here; does the CA file "
              "hold the certificate of the server's own authority?"};
  }
}

Explanation explain_proxy() {
  return {Fault::directory_unreachable,
          "the proxy does not pass this on; check the proxy settings (https_proxy, ALL_PROXY; "
          "no_proxy names the hosts that are reached without)"};
}

/// curl says whom it wanted to reach: where that is not the address's host, it is the proxy.
Explanation explain_no_connection(const Failure& failure) {
  constexpr std::string_view kTold = "Failed to connect to ";
  const auto told = failure.detail.starts_with(kTold) ? failure.detail.substr(kTold.size()) : "";
  const auto whom = told.substr(0, told.find(" port "));
  if (!whom.empty() && !failure.host.empty() && whom != failure.host) {
    return {Fault::directory_unreachable,
            "the proxy does not answer; check the proxy settings (https_proxy, ALL_PROXY; no_proxy "
            "names the hosts that are reached without)"};
  }
  return {Fault::directory_unreachable,
          "nobody answers at that address and port; is the server running, and does a firewall "
          "stand between?"};
}

/// A port without TLS answers with something else than a record; one behind which nobody is, or who
/// has had enough of connections, closes.
Explanation explain_handshake(const Failure& failure) {
  const auto says = [&](std::string_view words) {
    return failure.detail.find(words) != std::string_view::npos;
  };
  if (says("wrong version number") || says("packet length too long") || says("http request")) {
    return {Fault::directory_unreachable,
            "what answers there does not speak TLS; is this the port for HTTPS?"};
  }
  if (says("SSL_ERROR_SYSCALL") || says("unexpected eof")) {
    return {
        Fault::directory_unreachable,
        "the connection was cut during the TLS handshake, nothing was sent; does a proxy on the "
        "way reach the server and pass TLS on as it is, and may this machine connect so often?"};
  }
  return {Fault::tls_mismatch,
          "the TLS handshake failed; does the server speak TLS 1.2 or later, and does it "
          "accept this client certificate's authority?"};
}

/// With TLS 1.3 the server's no to a client certificate comes after the handshake, as an alert.
Explanation explain_cut(const Failure& failure) {
  if (failure.proxy_status >= 300) return explain_proxy();
  if (failure.detail.find(" alert ") != std::string_view::npos) {
    return {Fault::tls_mismatch,
            "the server refused the TLS client certificate; is it of an authority that the server "
            "accepts?"};
  }
  if (failure.is_plain) {
    return {Fault::busy,
            "the connection was cut before the answer; is this a port for TLS? then the address "
            "begins with https://. If not, send the very same message again, the server knows it "
            "if it was served"};
  }
  return {Fault::busy,
          "the connection was cut before the answer; send the very same message again, the server "
          "knows it if it was served"};
}

Explanation explain_time_out(const Failure& failure) {
  if (!failure.is_sent) {
    return {Fault::directory_unreachable,
            "no connection in time, nothing was sent; does a firewall stand between?"};
  }
  return {Fault::busy,
          "no answer in time; the message may have been served: send the very same message again, "
          "the server knows it"};
}

/// curl gives what it takes for HTTP/0.9 the code of an unknown scheme.
Explanation explain_address(const Failure& failure) {
  if (failure.detail.find("HTTP/0.9") == std::string_view::npos) {
    return {Fault::malformed, "this is no https:// address"};
  }
  return {Fault::malformed,
          failure.is_plain ? "what answers there does not speak HTTP; is this a port for TLS? then "
                             "the address begins with https://"
                           : "what answers there does not speak HTTP; check address and port"};
}

Explanation explain(const Failure& failure) {
  switch (failure.code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
      return explain_address(failure);
    case CURLE_URL_MALFORMAT:
      return {Fault::malformed,
              "this is no https:// address with a host and, behind a colon, a port from 1 to "
              "65535"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Fault::directory_unreachable,
              "the host name has no address; check its spelling and the name service"};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Fault::directory_unreachable,
              "the proxy's name has no address; check the proxy settings (https_proxy, ALL_PROXY)"};
    case CURLE_PROXY:
      return explain_proxy();
    case CURLE_COULDNT_CONNECT:
      return explain_no_connection(failure);
    case CURLE_OPERATION_TIMEDOUT:
      return explain_time_out(failure);
    case CURLE_PEER_FAILED_VERIFICATION:
      return explain_server_certificate(failure.verification);
    case CURLE_SSL_CACERT_BADFILE:
      return {Fault::bad_configuration, "the CA file cannot be read as PEM certificates"};
    case CURLE_SSL_CERTPROBLEM:
      return {Fault::bad_configuration,
              "the TLS client certificate or its key cannot be used; do they belong together, and "
              "is the passphrase right?"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return explain_handshake(failure);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return explain_cut(failure);
    case CURLE_WEIRD_SERVER_REPLY:
      return {Fault::malformed, "what answers there does not speak HTTP; check address and port"};
    case CURLE_WRITE_ERROR:
      return {Fault::too_large, "the answer is larger than the limit"};
    case CURLE_OUT_OF_MEMORY:
      return {Fault::busy, "memory ran out on this machine"};
    default:
      return {Fault::internal, curl_easy_strerror(failure.code)};
  }
}

/// Whether curl may have been told of one; no_proxy may except the host.
bool may_use_proxy(const TransportSettings& settings) {
  constexpr std::array<const char*, 5> kNames{"https_proxy", "HTTPS_PROXY", "http_proxy",
                                              "all_proxy", "ALL_PROXY"};
  return !settings.proxy.empty() || std::any_of(kNames.begin(), kNames.end(), [](const char* name) {
    return std::getenv(name) != nullptr;
  });
}

/// Each stands among what curl tells of it, as "Cert:-----BEGIN …".
std::vector<std::string> certificates_met(CURL* curl) {
  constexpr std::string_view kName = "Cert:";
  std::vector<std::string> pem;
  curl_certinfo* told = nullptr;
  if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &told) != CURLE_OK || told == nullptr) return pem;
  for (int at = 0; at < told->num_of_certs; ++at) {
    for (const auto* line = told->certinfo[at]; line != nullptr; line = line->next) {
      const std::string_view text = line->data;
      if (text.starts_with(kName)) pem.emplace_back(text.substr(kName.size()));
    }
  }
  return pem;
}

/// As curl tells it: of IPv6 without brackets.
std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, CurlFree> parts(curl_url());
  char* host = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  if (curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) return {};
  std::string text = host;
  curl_free(host);
  if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

struct Transport::Impl {
  TransportSettings settings;
  std::string passphrase;
  std::unique_ptr<CURL, CurlFree> handle;
  char detail[CURL_ERROR_SIZE] = {};

  Result<void> configure(const std::string& url, Incoming& incoming);
  Result<Reply> perform(const std::string& url, Bytes& body);
  [[nodiscard]] Error failed(CURLcode code, const std::string& url) const;
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

Result<void> Transport::Impl::configure(const std::string& url, Incoming& incoming) {
  auto* curl = handle.get();
  curl_easy_reset(curl);  // keeps the connection
  // An option that libcurl does not take would leave its default: all protocols, say.
  auto code = CURLE_OK;
  const auto set = [&](CURLoption option, auto value) {
    if (code == CURLE_OK) code = curl_easy_setopt(curl, option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_ERRORBUFFER, detail);
  set(CURLOPT_NOSIGNAL, 0L);  // curl keeps SIGPIPE off while it works
  set(CURLOPT_PROTOCOLS_STR, settings.plain_http ? "https,http" : "https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_CONNECTTIMEOUT, settings.connect_timeout_seconds);
  set(CURLOPT_TIMEOUT, settings.timeout_seconds);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_WRITEFUNCTION, collect);
  set(CURLOPT_WRITEDATA, &incoming);
  if (!settings.ca_file.empty()) {
    set(CURLOPT_CAINFO, settings.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (settings.any_server) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_CERTINFO, 1L);
  }
  if (!settings.client_certificate_file.empty()) {
    set(CURLOPT_SSLCERT, settings.client_certificate_file.c_str());
    set(CURLOPT_SSLKEY, settings.client_key_file.c_str());
  }
  // Also when empty: without one, OpenSSL would ask the terminal.
  set(CURLOPT_KEYPASSWD, passphrase.c_str());
  if (!settings.proxy.empty()) set(CURLOPT_PROXY, settings.proxy.c_str());
  if (code == CURLE_OK) return {};
  return Error{Fault::internal, "libcurl does not take an option that is needed: " +
                                    std::string(curl_easy_strerror(code))};
}

Result<Reply> Transport::Impl::perform(const std::string& url, Bytes& body) {
  detail[0] = '\0';
  const auto code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return failed(code, url);
  Reply reply;
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) reply.content_type = type;
  reply.body = std::move(body);
  if (settings.any_server) reply.server_certificates = certificates_met(handle.get());
  return reply;
}

Error Transport::Impl::failed(CURLcode code, const std::string& url) const {
  const auto host = may_use_proxy(settings) ? host_of(url) : std::string();
  Failure failure{code, 0, 0, false, url.starts_with("http://"), host, detail};
  curl_easy_getinfo(handle.get(), CURLINFO_SSL_VERIFYRESULT, &failure.verification);
  curl_easy_getinfo(handle.get(), CURLINFO_HTTP_CONNECTCODE, &failure.proxy_status);
  curl_off_t ready = 0;  // microseconds until the first octet could be sent
  curl_easy_getinfo(handle.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  failure.is_sent = ready > 0;
  const auto [fault, words] = explain(failure);
  auto text = url + ": " + std::string(words);
  if (fault == Fault::too_large) {
    text += " of " + std::to_string(settings.most_octets) + " octets";
  }
  if (!failure.detail.empty()) text += " [" + std::string(failure.detail) + "]";
  return {fault, std::move(text)};
}

Result<Reply> Transport::post(const std::string& url, const std::string& content_type,
                              ByteView body) {
  Bytes received;
  Incoming incoming{received, impl_->settings.most_octets};
  TRY(impl_->configure(url, incoming));
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
  Incoming incoming{received, impl_->settings.most_octets};
  TRY(impl_->configure(url, incoming));
  return impl_->perform(url, received);
}

}  // namespace signet::http
