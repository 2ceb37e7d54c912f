#include "apps/dogtag/crmf_pop_client.h"

#include <algorithm>
#include <array>

#include "apps/dogtag/key_request.h"
#include "apps/dogtag/key_wishes.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kCrmfTool = "CRMFPopClient";

constexpr std::string_view kCrmfUsage =
    "Usage: CRMFPopClient -d <NSS database> -p <password> -n <subject DN> -o <output file> "
    "[options]\n"
    "  -h <token>        token of the key (internal)\n"
    "  -a <algorithm>    rsa or ec (rsa)\n"
    "  -l <bits>         of an RSA key: 2048, 3072 or 4096 (2048)\n"
    "  -c <curve>        of an EC key: nistp256, nistp384 or nistp521 (nistp256)\n"
    "  -q <POP>          POP_SUCCESS, POP_FAIL or POP_NONE (POP_SUCCESS); with POP_NONE the\n"
    "                    authority challenges the key\n"
    "  -k <true|false>   values of the DN may say their string type: CN=BMPString:... (false)\n"
    "  -y                ask for a subjectKeyIdentifier, as a self-signed message needs\n"
    "  -s <1|0|-1>       of an EC key: sensitive; each is\n"
    "  -e <1|0|-1>       of an EC key: it may leave its token; those of a database may, others "
    "not\n"
    "  -v, --verbose     say more\n"
    "  --help            print this\n"
    "The key's id goes to <output file>.keyId, for request.privKeyId of CMCRequest.\n";

const OptionNames kCrmfOptions{{"-d", "-h", "-p", "-P", "-a", "-l", "-c", "-o", "-n", "-k", "-t",
                                "-s", "-e", "-x", "-q", "-b", "-w", "-f", "-u", "-r", "-m"},
                               {"-y", "-v", "--verbose", "--help", "--oaep"}};

Result<Popo> read_popo(const Options& options) {
  const auto text = options.text("-q", "POP_SUCCESS");
  if (text == "POP_SUCCESS") return Popo::success;
  if (text == "POP_FAIL") return Popo::fail;
  if (text == "POP_NONE") return Popo::none;
  return wrong("-q " + text + ": choose POP_SUCCESS, POP_FAIL or POP_NONE");
}

/// -w is for the key that goes with -b; scripts name it beside other requests too.
Result<void> check_key_wrap(const Options& options, Console& console) {
  constexpr std::array<std::string_view, 4> kKnown = {"AES KeyWrap/Padding", "AES KeyWrap/Wrapped",
                                                      "AES/CBC/PKCS5Padding", "DES3/CBC/Pad"};
  if (!options.has("-w")) return {};
  const auto text = options.text("-w");
  if (std::find(kKnown.begin(), kKnown.end(), text) == kKnown.end()) {
    return wrong("-w " + text +
                 ": choose AES KeyWrap/Padding, AES KeyWrap/Wrapped, AES/CBC/PKCS5Padding or "
                 "DES3/CBC/Pad");
  }
  warn(console, kCrmfTool, "-w has no effect: no key is archived, so none is wrapped");
  return {};
}

/// What is refused rather than passed over: who asks for it relies on it.
Result<void> check_offered(const Options& options) {
  if (options.has("-b") || options.has("--oaep")) {
    return wrong(
        "-b: key archival (PKIArchiveOptions) is not offered: no key leaves for an "
        "authority here; leave out the transport certificate");
  }
  for (const auto* name : {"-m", "-f", "-u", "-r"}) {
    if (!options.has(name)) continue;
    return wrong(std::string(name) +
                 ": requests are not submitted directly; put the request into "
                 "a message with CMCRequest and send that with HttpClient");
  }
  const bool ec = options.text("-a", "rsa") == "ec";
  if (ec && options.has("-l")) return wrong("-l is for rsa: an EC key has its curve, -c");
  for (const auto* name : {"-c", "-s", "-e", "-x"}) {
    if (!ec && options.has(name)) return wrong(std::string(name) + " is for ec");
  }
  return {};
}

Result<void> make_crmf_file(const Options& options, Console& console) {
  TRY(check_offered(options));
  TRY(check_key_wrap(options, console));
  warn_of_flags(options, {"-k"}, kCrmfTool, console);
  const auto popo = TRY(read_popo(options));
  const auto wanted = TRY(read_key_request_options(options));
  auto database = TRY(KeyDatabase::open(wanted.place, console));
  TRY(check_key_wishes(options, database, kCrmfTool, console));
  const auto key = TRY(database.generate_key(wanted.key_kind));
  const KeyRequest request{wanted.subject, *key, options.has("-y")};
  const auto messages = TRY(make_crmf(request, popo));
  const auto id = TRY(write_key_request(wanted.output, messages, *key));
  console.out << "Keypair private key id: " << id << "\n"
              << "Storing CRMF request into " << wanted.output << "\n"
              << "Storing CRMF request key id into " << wanted.output << ".keyId\n";
  return {};
}

}  // namespace

int run_crmf_pop_client(const Arguments& arguments, Console& console) {
  const auto options = Options::read(arguments, kCrmfOptions);
  if (options.ok() && options->has("--help")) {
    console.out << kCrmfUsage;
    return kDone;
  }
  const auto made =
      options.ok() ? make_crmf_file(*options, console) : Result<void>{options.error()};
  if (made.ok()) return kDone;
  report(console, kCrmfTool, made.error());
  console.err << "Try 'CRMFPopClient --help' for more information.\n";
  return kFailed;
}

}  // namespace signet::dogtag
