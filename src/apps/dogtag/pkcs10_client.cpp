#include "apps/dogtag/pkcs10_client.h"

#include "apps/dogtag/key_request.h"
#include "apps/dogtag/key_wishes.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kPkcs10Tool = "PKCS10Client";

constexpr std::string_view kPkcs10Usage =
    "Usage: PKCS10Client -d <NSS database> -p <password> | -P <password file> -n <subject DN>\n"
    "                    -o <output file> [options]\n"
    "  -h <token>        token of the key (internal)\n"
    "  -a <algorithm>    rsa or ec (rsa)\n"
    "  -l <bits>         of an RSA key: 2048, 3072 or 4096 (2048)\n"
    "  -c <curve>        of an EC key: nistp256, nistp384 or nistp521 (nistp256)\n"
    "  -k <true|false>   values of the DN may say their string type: CN=BMPString:... (false)\n"
    "  -y <true|false>   ask for a subjectKeyIdentifier, as a self-signed message needs (false)\n"
    "  -s <1|0|-1>       a sensitive key: each is\n"
    "  -e <1|0|-1>       a key that may leave its token: those of a database may, others not\n"
    "  -v                say more\n"
    "  --help            print this\n"
    "The key's id goes to <output file>.keyId, for request.privKeyId of CMCRequest.\n";

const OptionNames kPkcs10Options{
    {"-d", "-h", "-p", "-P", "-a", "-l", "-c", "-o", "-n", "-k", "-t", "-s", "-e", "-x", "-y"},
    {"-v", "-w"}};

Result<void> make_pkcs10_file(const Options& options, Console& console) {
  const auto wanted = TRY(read_key_request_options(options));
  auto database = TRY(KeyDatabase::open(wanted.place, console));
  TRY(check_key_wishes(options, database, kPkcs10Tool, console));
  const auto key = TRY(database.generate_key(wanted.key_kind));
  const auto request = TRY(
      make_pkcs10({.subject = wanted.subject, .key = *key, .key_identifier = options.flag("-y")}));
  const auto id = TRY(write_key_request(wanted.output, request, *key));
  console.out << "PKCS10Client: Certificate request written into " << wanted.output << "\n"
              << "PKCS10Client: PKCS#10 request key id written into " << wanted.output << ".keyId\n"
              << "Keypair private key id: " << id << "\n";
  return {};
}

}  // namespace

int run_pkcs10_client(const Arguments& arguments, Console& console) {
  if (asks_for_help(arguments)) {
    console.out << kPkcs10Usage;
    return kDone;
  }
  const auto options = Options::read(arguments, kPkcs10Options);
  if (!options.ok() || arguments.size() < 4) {
    if (!options.ok()) report(console, kPkcs10Tool, options.error());
    console.out << kPkcs10Usage;
    return kFailed;
  }
  if (options->has("-w")) {
    warn(console, kPkcs10Tool, "-w has no effect: an RSA key made here signs and decrypts");
  }
  warn_of_flags(*options, {"-k", "-y"}, kPkcs10Tool, console);
  const auto made = make_pkcs10_file(*options, console);
  if (made.ok()) return kDone;
  return report(console, kPkcs10Tool,
                {made.error().fault, "Exception caught: " + made.error().detail});
}

}  // namespace signet::dogtag
