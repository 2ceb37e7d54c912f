#include "apps/dogtag/cmc_shared_token.h"

#include "adapters/files/file.h"
#include "apps/dogtag/key_database.h"
#include "apps/dogtag/options.h"
#include "base/encoding.h"
#include "proof/identity/wrapped_secret.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kSharedTokenTool = "CMCSharedToken";

constexpr std::string_view kSharedTokenUsage =
    "Usage: CMCSharedToken -s <passphrase> (-b <certificate> | -n <nickname>) -o <file> [options]\n"
    "  -s <passphrase>   the shared secret\n"
    "  -b <file>         the issuance protection certificate, PEM or DER\n"
    "  -n <nickname>     the same, in the NSS database\n"
    "  -d <folder>       NSS database (.)\n"
    "  -p <password>     its password; -P <file>: the file's first line\n"
    "  -h <token>        token of the certificate (internal)\n"
    "  -o <file>         the wrapped secret in base64, for the attribute shrTok\n"
    "  --oaep            wrap by RSAES-OAEP, for a server with keyWrap.useOAEP=true\n"
    "  -v                say more\n"
    "  --help            print this\n";

const OptionNames kSharedTokenOptions{{"-d", "-h", "-p", "-P", "-s", "-b", "-n", "-o"},
                                      {"-v", "--verbose", "--help", "--oaep"}};

Result<pkix::Certificate> find_certificate(const Options& options, const Console& console) {
  if (options.has("-b")) {
    return TRY(tool::read_certificates_file(options.text("-b"))).front();
  }
  const auto nickname =
      TRY(options.required("-n",
                           "the issuance protection certificate, its file with -b or its "
                           "nickname"));
  const auto place = TRY(read_place(options));
  auto database = TRY(KeyDatabase::open(place, console, nickname));
  return database.find_certificate(nickname);
}

Result<void> make_shared_token(const Options& options, Console& console) {
  const auto passphrase = TRY(options.required("-s", "passphrase"));
  const SecretBytes secret{std::string_view(passphrase)};
  const auto output = TRY(options.required("-o", "the output file"));
  const auto certificate = TRY(find_certificate(options, console));
  const auto key = TRY(crypto::PublicKey::from(certificate->subject_public_key_info));
  const auto transport =
      options.has("--oaep") ? proof::SecretTransport::oaep : proof::SecretTransport::pkcs1;
  const auto wrapped = TRY(proof::wrap_secret(secret, key, console.surroundings.random, transport));
  const auto lines = base64_lines(TRY(from_base64(wrapped)));
  TRY(files::write_file(output, as_bytes(lines)));
  console.out << "Encrypted Secret Data:\n"
              << lines << "\nStoring Base64 secret data into " << output << "\n";
  return {};
}

}  // namespace

int run_cmc_shared_token(const Arguments& arguments, Console& console) {
  const auto options = Options::read(arguments, kSharedTokenOptions);
  if (options.ok() && options->has("--help")) {
    console.out << kSharedTokenUsage;
    return kDone;
  }
  const auto made =
      options.ok() ? make_shared_token(*options, console) : Result<void>{options.error()};
  return made.ok() ? kDone : report(console, kSharedTokenTool, made.error());
}

}  // namespace signet::dogtag
