#include "apps/exchange/posting.h"

#include <algorithm>
#include <optional>

#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "base/encoding.h"
#include "codec/asn1/reader.h"

namespace signet::tool {
namespace {

constexpr std::string_view kDefaultPath = "/cmc";
constexpr std::size_t kMostTextShown = 300;

/// RFC 3986 §2.1, for a query value.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char letter : text) {
    const bool plain = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
                       letter == '_' || letter == '~';
    const auto octet = static_cast<std::uint8_t>(letter);
    encoded += plain ? std::string(1, letter) : "%" + to_hex(ByteView{&octet, 1});
  }
  return encoded;
}

/// Where path or query begin in an http(s) address; npos when it has neither. Faults:
/// bad_configuration.
Result<std::size_t> path_at(const std::string& url) {
  TRY(check_address_characters(url));
  const auto scheme = url.find("://");
  const auto name = scheme == std::string::npos ? "" : lower_case(url.substr(0, scheme));
  if ((name != "https" && name != "http") || url.size() == scheme + 3) {
    return Error{Fault::bad_configuration,
                 "--url \"" + url + "\" is no address: write https://host:port"};
  }
  return url.find_first_of("/?", scheme + 3);
}

/// Where messages go, of either kind. Faults: bad_configuration.
Result<void> check_url(const std::string& url) {
  TRY(check_address_characters(url));
  if (tcp::is_tcp_url(url)) {
    TRY(tcp::read_tcp_url(url));
  } else {
    TRY(path_at(url));
  }
  return {};
}

/// What HTTP and TLS have and TCP alone has not.
Result<void> check_tcp_options(const ServerOptions& options) {
  const auto none = [](const std::string& option, const std::string& why) {
    return Error{Fault::bad_configuration, "over tcp:// there is no " + option + ": " + why};
  };
  if (!options.path.empty()) return none("--path", "messages alone go there");
  if (!options.profile.empty()) {
    return none("--profile", "the authority chooses it by who asks; use https:// to name one");
  }
  if (!options.tls_anchors.empty()) return none("--tls-ca", "nobody vouches for the server");
  return {};
}

/// Nobody vouches for the server over plain HTTP, and a client certificate cannot be shown there.
Result<void> check_scheme(const std::string& url) {
  if (lower_case(url.substr(0, 5)) == "https") return {};
  return Error{Fault::bad_configuration,
               "--url \"" + url + "\": messages go over HTTPS alone: write https://host:port"};
}

/// Lines and tabs as blanks, so that a page of HTML is one line.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char letter : text.substr(0, kMostTextShown)) {
    const bool is_blank = std::string_view(" \t\r\n").find(letter) != std::string_view::npos;
    if (!is_blank) line += letter;
    if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return printable(line);
}

/// A token's key signs messages, not connections.
Error no_tls_key(const Error& error) {
  return {error.fault, "the TLS connection needs --signer's key in a file: " + error.detail +
                           "; sign the message with `signet request` and send it with `signet "
                           "send`, whose --signer may be another certificate of the same person"};
}

/// Anchors, client certificate and key as the transport wants them: as files, which stay in memory.
class TlsFiles {
 public:
  static Result<TlsFiles> make(const ServerOptions& options, const Signer* signer) {
    const auto& path = options.tls_anchors.empty() ? options.anchors : options.tls_anchors;
    const auto anchors = TRY(read_certificates_file(path));
    TlsFiles files{TRY(MemoryFile::make(as_bytes(pkix::to_pem(anchors))))};
    if (signer == nullptr) return files;
    std::vector<pkix::Certificate> own{signer->certificate};
    own.insert(own.end(), signer->chain.begin(), signer->chain.end());
    files.certificates_.emplace(TRY(MemoryFile::make(as_bytes(pkix::to_pem(own)))));
    const auto key = crypto::write_private_key(*signer->key, SecretBytes{});
    if (!key.ok()) return no_tls_key(key.error());
    files.key_.emplace(TRY(MemoryFile::make(key->view())));
    return files;
  }

  [[nodiscard]] http::TransportSettings settings(long timeout_seconds) const {
    http::TransportSettings settings;
    settings.ca_file = anchors_.path();
    if (certificates_) settings.client_certificate_file = certificates_->path();
    if (key_) settings.client_key_file = key_->path();
    settings.timeout_seconds = timeout_seconds;
    return settings;
  }

 private:
  explicit TlsFiles(MemoryFile anchors) : anchors_(std::move(anchors)) {}
  MemoryFile anchors_;
  std::optional<MemoryFile> certificates_;
  std::optional<MemoryFile> key_;
};

http::TransportSettings settings_for_anybody(long timeout_seconds) {
  http::TransportSettings settings;
  settings.any_server = true;
  settings.timeout_seconds = timeout_seconds;
  return settings;
}

Result<pkix::Certificate> read_one(const std::string& pem) {
  const auto blocks = TRY(from_pem(pem));
  if (blocks.size() == 1) return pkix::read_certificate(blocks.front().octets);
  return Error{Fault::malformed, "no certificate"};
}

/// The server's own first; none at all where that one cannot be read. Of the others, what cannot be
/// read leads nowhere, and is left out: the answer is there and is to be kept.
std::vector<pkix::Certificate> certificates_of(const http::Reply& reply) {
  std::vector<pkix::Certificate> certificates;
  for (const auto& pem : reply.server_certificates) {
    auto certificate = read_one(pem);
    if (certificate.ok()) {
      certificates.push_back(std::move(certificate).value());
    } else if (certificates.empty()) {
      return certificates;
    }
  }
  return certificates;
}

bool is_cmc_message(const http::Reply& reply) {
  const auto type = lower_case(reply.content_type);
  return !reply.body.empty() &&
         (type.starts_with("application/pkcs7-mime") || type.starts_with("application/cms") ||
          type.starts_with("application/x-pkcs7-mime"));
}

/// Whether messages go there in base64, as EST's do (RFC 8951 §3).
bool is_est_address(std::string_view url) {
  const auto path = url.substr(0, url.find('?'));
  return path.find("/.well-known/est/") != std::string_view::npos && path.ends_with("/fullcmc");
}

/// What an HTTP answer that is no CMC message says, with what to look at.
Error not_a_cmc_message(const std::string& url, const http::Reply& reply) {
  const auto text = one_line(as_text(reply.body));
  std::string hint;
  if (reply.status >= 300 && reply.status < 400) {
    hint = " It points elsewhere, which is not followed: give --url the place itself.";
  }
  if (reply.status == 405) hint = " This address takes no messages.";
  if (reply.status == 413) hint = " The message is larger than the server takes.";
  if (reply.status == 415) hint = " This address takes another kind of message.";
  return {reply.status == 503 ? Fault::busy : Fault::directory_unreachable,
          url + " answered HTTP " + std::to_string(reply.status) + " without a CMC message" +
              (text.empty() ? "." : ": " + text) + hint};
}

/// Over TCP: the octets as they are, both ways.
Result<Bytes> post_over_tcp(const ServerOptions& options, ByteView message,
                            const Surroundings& surroundings) {
  const auto to = TRY(tcp::read_tcp_url(options.url));
  return surroundings.exchange_over_tcp(to, message,
                                        {.timeout = std::chrono::seconds{options.timeout_seconds}});
}

}  // namespace

Result<void> check_address_characters(const std::string& text) {
  constexpr std::string_view kNever = "\"<>\\^`{|}";
  const auto wrong = std::find_if(text.begin(), text.end(), [&](char letter) {
    return letter <= ' ' || letter > '~' || kNever.find(letter) != std::string_view::npos;
  });
  if (wrong == text.end()) return {};
  return Error{Fault::malformed, "\"" + text + "\" is no address or path: what is not ASCII, and " +
                                     "blanks, are written as %20 and the like"};
}

Result<void> check_place(const std::string& text) {
  if (!text.starts_with('/') && !path_at(text).ok()) {
    return Error{Fault::malformed, "\"" + text +
                                       "\" is neither a path on --url, as /ocsp, nor an address, "
                                       "as http://host/ocsp"};
  }
  return check_address_characters(text);
}

void add_anchors_option(CLI::App& command, std::string& anchors) {
  command
      .add_option("--ca", anchors,
                  "Certificates of the authority that is trusted to answer (PEM or DER)")
      ->required()
      ->type_name("FILE");
}

void add_url_option(CLI::App& command, ServerOptions& options) {
  command.add_option("--url", options.url, "The server: https://host:port")
      ->required()
      ->type_name("URL")
      ->check(taken_by(path_at));
}

bool goes_over_tcp(const ServerOptions& options) {
  return tcp::is_tcp_url(options.url);
}

void add_server_options(CLI::App& command, ServerOptions& options) {
  command
      .add_option("--url", options.url,
                  "The server: https://host:port, or tcp://host (CMC over TCP, port 5318)")
      ->required()
      ->type_name("URL")
      ->check(taken_by(check_url));
  command
      .add_option("--path", options.path,
                  "Path on the server, when --url has none (/cmc when not given)")
      ->type_name("PATH")
      ->check(taken_by(check_address_characters));
  command.add_option("--profile", options.profile, "Enrollment profile to ask for")
      ->type_name("ID");
  add_anchors_option(command, options.anchors);
  command
      .add_option("--tls-ca", options.tls_anchors,
                  "Certificates that vouch for the TLS server, when other than --ca")
      ->type_name("FILE");
  command.add_option("--timeout", options.timeout_seconds, "Seconds to wait for the answer")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  put_options_under(command, "The server",
                    {"--url", "--path", "--profile", "--ca", "--tls-ca", "--timeout"});
}

Result<std::string> address_of(const ServerOptions& options) {
  if (goes_over_tcp(options)) {
    TRY(check_tcp_options(options));
    return "tcp://" + tcp::to_text(TRY(tcp::read_tcp_url(options.url)));
  }
  auto address = options.url;
  const auto at = std::min(TRY(path_at(address)), address.size());
  TRY(check_scheme(address));
  const auto query_at = std::min(address.find('?', at), address.size());
  const bool has_path = query_at > at + 1;
  if (has_path && !options.path.empty()) {
    return Error{Fault::bad_configuration,
                 "--url has a path of its own (" + address.substr(at) + "): leave out --path"};
  }
  if (!has_path) {
    const auto path = options.path.empty() ? std::string(kDefaultPath) : options.path;
    address = address.substr(0, at) + (path.starts_with('/') ? "" : "/") + path +
              address.substr(query_at);
  }
  if (options.profile.empty()) return address;
  const char joint = address.find('?') == std::string::npos ? '?' : '&';
  return address + joint + "profileId=" + percent_encoded(options.profile);
}

Result<std::string> host_of(const std::string& url) {
  const auto begin = url.find("://") + 3;
  auto host = url.substr(begin, std::min(TRY(path_at(url)), url.size()) - begin);
  host = host.substr(host.rfind('@') + 1);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

Result<void> check_server(const ServerOptions& options) {
  TRY(address_of(options));
  return {};
}

std::string content_type_of(ByteView message) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader outer{message, budget};
  const auto inner = outer.enter(asn1::kSequence);
  const bool content_info = inner.ok() && inner->next_is(asn1::kOid);
  //= F13 RFC 10003 §6.1: the request's Content-Type is that of its kind of message
  //= F06 RFC 10003 §5: a Full PKI Request says smime-type CMC-Request
  return content_info ? "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m"
                      : "application/pkcs10; name=request.p10";
}

Result<Bytes> post(const ServerOptions& options, const Signer* signer, ByteView message,
                   const Context& context, const Surroundings& surroundings,
                   std::vector<pkix::Certificate>* met) {
  const auto url = TRY(address_of(options));
  const auto tell = [&] {
    context.err << "Sending " << message.size() << " octets to " << url << "\n";
  };
  if (goes_over_tcp(options)) {
    tell();
    return post_over_tcp(options, message, surroundings);
  }
  std::optional<TlsFiles> files;
  if (met == nullptr) files.emplace(TRY(TlsFiles::make(options, signer)));
  tell();
  //= F08 RFC 10003 §6: by POST
  //= F15 RFC 10003 §6.1: the body is the message itself, no base64
  //= G03 RFC 7030 §4.3.1: over EST by the same type
  const bool is_est = is_est_address(url);
  const auto body = is_est ? to_bytes(to_base64(message)) : to_bytes(message);
  auto reply = surroundings.post(files ? files->settings(options.timeout_seconds)
                                       : settings_for_anybody(options.timeout_seconds),
                                 url, content_type_of(message), body);
  if (!reply.ok()) return std::move(reply).error();
  if (met != nullptr) *met = certificates_of(*reply);
  const bool accepted = reply->status >= 200 && reply->status < 300 && !reply->body.empty();
  if (!accepted && !is_cmc_message(*reply)) return not_a_cmc_message(url, *reply);
  if (!is_est) return std::move(reply->body);
  auto octets = from_base64(as_text(reply->body));
  if (octets.ok()) return octets;
  return Error{Fault::directory_unreachable,
               url + " answered no base64, as EST does: " + octets.error().detail};
}

Result<http::Reply> call(const ServerOptions& options, const Signer* signer, const HttpCall& wanted,
                         const Surroundings& surroundings) {
  auto url = wanted.address;
  if (url.starts_with('/')) {
    const auto at = TRY(path_at(options.url));
    url = options.url.substr(0, at) + wanted.address;
  }
  const auto files = TRY(TlsFiles::make(options, signer));
  auto settings = files.settings(options.timeout_seconds);
  settings.plain_http = signer == nullptr;
  settings.most_octets = wanted.most_octets;
  return wanted.content_type.empty()
             ? surroundings.fetch(std::move(settings), url)
             : surroundings.post(std::move(settings), url, wanted.content_type, wanted.body);
}

}  // namespace signet::tool
