#include "apps/dogtag/cmc_response.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "adapters/files/file.h"
#include "apps/dogtag/key_database.h"
#include "apps/dogtag/options.h"
#include "apps/dogtag/response_text.h"
#include "apps/tool/report.h"
#include "base/encoding.h"
#include "codec/cmc/controls.h"
#include "proof/trust/trust.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kResponseTool = "CMCResponse";

constexpr std::string_view kResponseUsage =
    "Usage: CMCResponse [-d <NSS database>] -i <response> [-o <PKCS#7 file>] [-v]\n"
    "  -i <file>      the authority's answer: DER, PEM or base64\n"
    "  -d <folder>    NSS database whose authorities the signer is held against (.): one that it\n"
    "                 does not trust is a failure when -d, -p or -P is given, else a warning\n"
    "  -p <password>  its password, when what it trusts is to be held against its seal;\n"
    "                 -P <file>: the file's first line\n"
    "  -o <file>      write the answer as PEM, when it says success\n"
    "  -v             print each certificate\n"
    "  --help         print this\n";

const OptionNames kResponseOptions{{"-d", "-i", "-o", "-p", "-P"}, {"-v", "--verbose", "--help"}};

using Anchors = std::vector<pkix::Certificate>;

/// Whether the signer is to be held against a database: one that is named, or its password is.
bool names_database(const Options& options) {
  return options.has("-d") || options.has("-p") || options.has("-P");
}

/// Whom the database trusts, by the names of its options; nothing where none is named, nor lies in
/// the current folder. Faults: as server_authorities, for a database that is named.
Result<std::optional<Anchors>> read_anchors(const Options& options, Console& console) {
  using Read = std::optional<Anchors>;
  std::error_code ignored;
  if (!names_database(options) && !std::filesystem::exists("cert9.db", ignored)) return Read{};
  const auto place = TRY(read_place(options));
  auto anchors = server_authorities(place, console);
  if (anchors.ok()) return Read{*std::move(anchors)};
  if (names_database(options)) return anchors.error();
  warn(console, kResponseTool, "the database of this folder: " + anchors.error().detail);
  return Read{};
}

/// Whether a path leads from the signer to one of the database's trusted authorities.
Result<void> check_path(const ResponseFile& file, const Anchors& anchors, const Console& console) {
  const auto trust = TRY(proof::Trust::make(anchors, {}));
  return trust.validate(*file.signer, file.signed_data.certificates,
                        console.surroundings.clock.now());
}

/// The originals verify nothing. A signature that does not verify has ended the run before; whether
/// the signer is the right authority can be told with a database only. Who names one wants that:
/// another signer is a failure then. Faults: untrusted_signer and those of proof::Trust.
Result<void> tell_signer(const ResponseFile& file, const Options& options,
                         const std::optional<Anchors>& anchors, Console& console) {
  console.out << "Signature: verified, by "
              << tool::printable(pkix::to_text((*file.signer)->subject)) << "\n";
  if (!anchors) {
    warn(console, kResponseTool,
         "whether the signer is your authority was not checked: name a database with -d");
    return {};
  }
  const auto checked = check_path(file, *anchors, console);
  if (checked.ok()) {
    console.out << "Signer: trusted by the database\n";
    return {};
  }
  const auto folder = options.text("-d", ".");
  const Error untrusted{checked.error().fault,
                        "the database in " + folder +
                            " does not trust the signer: " + checked.error().detail +
                            "; the authority's certificate is added with certutil -A -d " + folder +
                            " -n ca -t CT,C,C -i ca.pem"};
  if (names_database(options)) return untrusted;
  warn(console, kResponseTool, untrusted.detail);
  return {};
}

void print_each(const ResponseFile& file, Console& console) {
  std::size_t number = 0;
  for (const auto& certificate : file.signed_data.certificates) {
    console.out << "Cert:" << number++ << "\n" << base64_lines(certificate.der) << "===\n";
  }
}

Result<void> tell_verdict(const ResponseFile& file) {
  const auto* refusal = first_refusal(file);
  if (refusal == nullptr) return {};
  return Error{Fault::not_allowed, "CMC status for [" + body_list_text(refusal->body_list) +
                                       "]: " + std::string(status_name(refusal->status))};
}

/// The lines of CMCRequest's file by which a request that waits is asked for.
void tell_how_to_ask_again(const ResponseFile& file, Console& console) {
  const auto waits = std::ranges::find_if(
      file.verdicts, [](const auto& verdict) { return verdict.pend_info.has_value(); });
  if (waits == file.verdicts.end()) return;
  console.err << "To ask again, by CMCRequest: numRequests=0, the same signer, and\n"
                 "  queryPending.enable=true\n  queryPending.id="
              << octets_text(waits->pend_info->pend_token) << "\n";
  const auto* control = cmc::find_control(file.response.control_sequence, cmc::oid::kTransactionId);
  if (control == nullptr || control->attr_values.size() != 1) return;
  const auto id = cmc::read_integer_value(control->attr_values.front());
  if (!id.ok() || id->is_negative()) return;
  console.err << "  transactionMgt.enable=true\n  transactionMgt.id=0x" << id->to_hex() << "\n";
}

Result<void> show(const Options& options, Console& console) {
  const auto path = TRY(options.required("-i", "input CMC response"));
  const auto file = TRY(read_response_file(path));
  const auto anchors = TRY(read_anchors(options, console));
  if (options.has("-v") || options.has("--verbose")) print_each(file, console);
  print_certificates(console.out, file.signed_data.certificates);
  if (!file.simple) {
    TRY(print_controls(console.out, file.response));
    TRY(tell_signer(file, options, anchors, console));
  }
  console.out << (file.simple ? "CMC Simple Response.\n" : "CMC Full Response.\n");
  tell_how_to_ask_again(file, console);
  TRY(tell_verdict(file));
  if (!options.has("-o")) return {};
  TRY(files::write_file(options.text("-o"), as_bytes(to_pem("PKCS7", file.octets))));
  console.out << "PKCS#7 now stored in file: " << options.text("-o") << "\n";
  return {};
}

}  // namespace

int run_cmc_response(const Arguments& arguments, Console& console) {
  const auto options = Options::read(arguments, kResponseOptions);
  if (options.ok() && options->has("--help")) {
    console.out << kResponseUsage;
    return kFailed;  // as Dogtag's does, unlike its other tools
  }
  const auto shown = options.ok() ? show(*options, console) : Result<void>{options.error()};
  if (shown.ok()) return kDone;
  console.out.flush();
  console.err << "ERROR: " << tool::printable(shown.error().detail) << "\n";
  return kFailed;
}

}  // namespace signet::dogtag
