#include "apps/dogtag/cmc_request.h"

#include "adapters/files/file.h"
#include "apps/dogtag/enrollment_message.h"
#include "apps/dogtag/left_out_controls.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kRequestTool = "CMCRequest";

constexpr std::string_view kRequestUsage =
    "Usage: CMCRequest <configuration file>\n"
    "\n"
    "Makes a CMC message from PKCS#10 or CRMF requests, or one that revokes. The file has lines\n"
    "name=value; the manual page CMCRequest(1) lists every name. A user-signed request:\n"
    "  numRequests=1\n"
    "  format=pkcs10\n"
    "  input=user.csr\n"
    "  output=cmc.req\n"
    "  dbdir=.\n"
    "  password=...\n"
    "  nickname=<certificate that signs>\n";

Result<Bytes> make_message(const RequestSettings& settings, KeyDatabase& database,
                           Console& console) {
  if (settings.second_round) return make_second_round_message(settings, database, console);
  if (settings.revocation) return make_revocation_message(settings, database, console);
  return make_enrollment_message(settings, database, console);
}

/// Whether the message holds a secret by which whoever reads it may revoke.
bool holds_secret(const RequestSettings& settings) {
  return settings.revocation && !settings.revocation->shared_secret.empty();
}

Result<void> write(ByteView message, const RequestSettings& settings, Console& console) {
  const auto& path = settings.second_round ? settings.second_round->request_file : settings.output;
  TRY((holds_secret(settings) ? files::write_secret_file : files::write_file)(path, message));
  console.out << "The CMC enrollment request in base-64 encoded format:\n"
              << base64_lines(message)
              << "\nThe CMC enrollment request in binary format is stored in " << path << "\n";
  if (holds_secret(settings)) warn(console, kRequestTool, kPrintedSecret);
  return {};
}

Result<void> make_request_file(const std::string& path, Console& console) {
  const auto text = TRY(files::read_file(path));
  const auto configuration = TRY(Configuration::read(as_text(text), request_names()));
  for (const auto& warning : configuration.warnings())
    warn(console, kRequestTool, path + ": " + warning);
  for (const auto& warning : left_out_controls(configuration))
    warn(console, kRequestTool, path + ": " + warning);
  if (configuration.flag("oaep")) {
    warn(console, kRequestTool,
         path + ": oaep=true has no effect: the challenge itself says how its key is encrypted");
  }
  const auto settings = TRY(read_request_settings(configuration));
  auto database = TRY(KeyDatabase::open(settings.database, console, settings.nickname));
  return write(TRY(make_message(settings, database, console)), settings, console);
}

}  // namespace

int run_cmc_request(const Arguments& arguments, Console& console) {
  if (arguments.size() != 1 || asks_for_help(arguments)) {
    console.out << kRequestUsage;
    return asks_for_help(arguments) ? kDone : kFailed;
  }
  const auto made = make_request_file(arguments.front(), console);
  return made.ok() ? kDone : report(console, kRequestTool, made.error());
}

}  // namespace signet::dogtag
