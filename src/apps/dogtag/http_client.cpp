#include "apps/dogtag/http_client.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/dogtag/configuration.h"
#include "apps/dogtag/key_database.h"
#include "apps/dogtag/names.h"
#include "apps/dogtag/output_place.h"
#include "apps/exchange/posting.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"
#include "base/encoding.h"
#include "base/nearest_word.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kHttpTool = "HttpClient";
constexpr std::size_t kMostTextShown = 300;

constexpr std::string_view kHttpUsage =
    "Usage: HttpClient <configuration file>\n"
    "\n"
    "Posts a message to an authority and writes its answer. The file has lines name=value:\n"
    "  host=ca.example.com\n"
    "  port=8443\n"
    "  secure=true\n"
    "  clientmode=true         (a client certificate is shown: nickname)\n"
    "  dbdir=.\n"
    "  tokenname=internal\n"
    "  password=...\n"
    "  nickname=<TLS client certificate>\n"
    "  servlet=/ca/ee/ca/profileSubmitUserSignedCMCFull\n"
    "  input=cmc.req\n"
    "  output=cmc.resp\n";

const ConfigurationNames kHttpNames{
    .known = {"host", "port", "secure", "clientmode", "nickname", "servlet", "input", "output",
              "tokenname", "dbdir", "password"},
    .aliases = {{"clientMode", "clientmode"}, {"tokenName", "tokenname"}},
    .ignored = {"numHeaderLines"}};

/// Where the message goes, and who shows a certificate.
struct HttpSettings {
  std::string url;
  std::string input;
  std::string output;
  bool secure = true;
  std::string nickname;  ///< empty: no client certificate
  DatabasePlace database;
};

Result<std::string> read_url(const Configuration& file) {
  const auto host = TRY(file.required("host"));
  const auto port = TRY(file.required("port"));
  const auto servlet = TRY(file.required("servlet"));
  TRY(file.number("port"));
  return (file.flag("secure") ? "https://" : "http://") + host + ":" + port +
         (servlet.starts_with('/') ? "" : "/") + servlet;
}

Result<HttpSettings> read_http_settings(const Configuration& file) {
  HttpSettings settings;
  TRY(file.required("secure"));
  settings.url = TRY(read_url(file));
  settings.input = TRY(file.required("input"));
  settings.output = TRY(file.required("output"));
  settings.secure = file.flag("secure");
  if (!settings.secure) return settings;
  settings.database.folder = TRY(file.required("dbdir"));
  settings.database.token = file.text("tokenname");
  settings.database.password = SecretBytes(std::string_view(file.text("password")));
  if (file.flag("clientmode")) settings.nickname = TRY(file.required("nickname"));
  return settings;
}

Bytes key_pem(const SecretBytes& pkcs8) {
  auto text = to_pem("PRIVATE KEY", pkcs8.view());
  auto pem = to_bytes(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return pem;
}

/// What the transport takes as files; they exist in memory only.
struct TlsFiles {
  std::optional<tool::MemoryFile> anchors;
  std::optional<tool::MemoryFile> certificates;
  std::optional<tool::MemoryFile> key;
};

Result<void> add_client(TlsFiles& files, const std::string& nickname, KeyDatabase& database) {
  const auto signer = TRY(database.find_signer(nickname));
  std::vector<pkix::Certificate> own{signer.certificate};
  own.insert(own.end(), signer.chain.begin(), signer.chain.end());
  files.certificates.emplace(TRY(tool::MemoryFile::make(as_bytes(pkix::to_pem(own)))));
  const auto pkcs8 = database.export_key(signer.certificate->subject_public_key_info);
  if (!pkcs8.ok()) {
    return Error{pkcs8.error().fault, "the TLS client key of '" + nickname +
                                          "' must be one that may leave its token, as those of an "
                                          "NSS database may: " +
                                          pkcs8.error().detail};
  }
  const SecretBytes pem{key_pem(*pkcs8)};
  files.key.emplace(TRY(tool::MemoryFile::make(pem.view())));
  return {};
}

Result<TlsFiles> make_tls_files(const HttpSettings& settings, const Console& console) {
  TlsFiles files;
  if (!settings.secure) return files;
  const auto trusted = TRY(server_authorities(settings.database, console, settings.nickname));
  if (trusted.empty()) {
    return Error{Fault::untrusted_signer,
                 "the database in " + settings.database.folder +
                     " trusts no authority for TLS servers: add the authority's certificate with "
                     "certutil -A -d " +
                     settings.database.folder + " -n ca -t CT,C,C -i ca.pem"};
  }
  files.anchors.emplace(TRY(tool::MemoryFile::make(as_bytes(pkix::to_pem(trusted)))));
  if (settings.nickname.empty()) return files;
  auto database = TRY(KeyDatabase::open(settings.database, console, settings.nickname));
  TRY(add_client(files, settings.nickname, database));
  return files;
}

http::TransportSettings transport_settings(const TlsFiles& files, bool secure) {
  http::TransportSettings settings;
  settings.plain_http = !secure;
  if (files.anchors) settings.ca_file = files.anchors->path();
  if (files.certificates) settings.client_certificate_file = files.certificates->path();
  if (files.key) settings.client_key_file = files.key->path();
  return settings;
}

/// A text of the server's for one line.
std::string one_line(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return {};
  return tool::printable(text.substr(0, std::min(last + 1, kMostTextShown)));
}

/// Where the transport asks whether it is a port for TLS: how one says so here.
Error not_answered(Error error, const HttpSettings& settings) {
  const bool may_want_tls = error.fault == Fault::busy || error.fault == Fault::malformed;
  if (!settings.secure && may_want_tls) error.detail += "; for a port with TLS write secure=true";
  return error;
}

Result<Bytes> exchange(const HttpSettings& settings, ByteView message, Console& console) {
  const auto files = TRY(make_tls_files(settings, console));
  if (files.certificates) console.out << "client cert is not null\n";
  console.out << "writing to " << settings.url << "\n";
  auto reply = console.surroundings.post(transport_settings(files, settings.secure), settings.url,
                                         tool::content_type_of(message), message);
  if (!reply.ok()) return not_answered(reply.error(), settings);
  if (reply->status >= 200 && reply->status < 300 && !reply->body.empty()) return reply->body;
  const auto words = one_line(as_text(reply->body));
  return Error{Fault::directory_unreachable, settings.url + " answered HTTP " +
                                                 std::to_string(reply->status) +
                                                 (words.empty() ? "" : ": " + words)};
}

/// The server reads profileId alone. Dogtag's took requestor_name and the like as well, so whoever
/// writes them relies on them; and what looks like profileId leaves the path's own profile.
void warn_of_query(const std::string& url, const std::string& path, Console& console) {
  static const std::vector<std::string_view> known{"profileId"};
  const auto question = url.find('?');
  if (question == std::string::npos) return;
  std::istringstream query(url.substr(question + 1));
  for (std::string part; std::getline(query, part, '&');) {
    const auto name = part.substr(0, part.find('='));
    if (name.empty() || contains(known, name)) continue;
    const auto hint = do_you_mean(name, known);
    warn(console, kHttpTool,
         path + ": servlet: '" + name + "' has no effect" +
             (hint.empty() ? ": Signet's server reads profileId alone" : hint));
  }
}

Result<void> post_as(const Configuration& file, const std::string& path, Console& console) {
  const auto settings = TRY(read_http_settings(file));
  warn_of_query(settings.url, path, console);
  TRY(check_output_place(settings.output, "output=" + settings.output));
  const auto message = TRY(tool::read_message_file(settings.input));
  console.out << "Total number of bytes read = " << message.size() << "\n";
  const auto answer = TRY(exchange(settings, message, console));
  TRY(files::write_file(settings.output, answer));
  console.out << "Total number of bytes read = " << answer.size() << "\n"
              << base64_lines(answer) << "\nThe response in binary format is stored in "
              << settings.output << "\n";
  return {};
}

/// An answer of before would be taken for the one that did not come.
void set_aside_older(const Configuration& file, Console& console) {
  const auto output = file.text("output");
  const auto aside = output + ".old";
  std::error_code error;
  // A link stays: /dev/stdout is one.
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(output, error))) return;
  if (std::filesystem::equivalent(output, file.text("input"), error)) return;
  std::filesystem::rename(output, aside, error);
  warn(console, kHttpTool,
       error ? output + " still holds an older answer: " + error.message()
             : output + " held an older answer; that is now in " + aside);
}

Result<void> post(const std::string& path, Console& console) {
  const auto text = TRY(files::read_file(path));
  const auto file = TRY(Configuration::read_properties(as_text(text), kHttpNames));
  for (const auto& warning : file.warnings()) warn(console, kHttpTool, path + ": " + warning);
  auto posted = post_as(file, path, console);
  if (!posted.ok()) set_aside_older(file, console);
  return posted;
}

}  // namespace

int run_http_client(const Arguments& arguments, Console& console) {
  if (arguments.size() != 1 || asks_for_help(arguments)) {
    console.out << kHttpUsage;
    return asks_for_help(arguments) ? kDone : kFailed;
  }
  const auto posted = post(arguments.front(), console);
  return posted.ok() ? kDone : report(console, kHttpTool, posted.error());
}

}  // namespace signet::dogtag
