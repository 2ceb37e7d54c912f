#include "apps/dogtag/cmc_revoke.h"

#include <map>
#include <optional>

#include "adapters/files/file.h"
#include "apps/dogtag/message_controls.h"
#include "base/encoding.h"
#include "codec/cmc/oids.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kRevokeTool = "CMCRevoke";
constexpr std::string_view kRevokeOutput = "CMCRevoke.out";

constexpr std::string_view kRevokeUsage =
    "Usage: CMCRevoke -d<NSS database> -n<nickname> -i<issuer DN> -s<serial number>\n"
    "                 -m<reason> -p<password> [-h<token>] [-t<shared secret>] [-c<comment>]\n"
    "Values stand right behind the letters: -s0x1f -m1; -p alone is the empty password.\n"
    "Reasons: 0 unspecified, 1 keyCompromise, 2 caCompromise, 3 affiliationChanged,\n"
    "4 superseded, 5 cessationOfOperation, 6 certificateHold, 8 removeFromCRL.\n"
    "The message goes to CMCRevoke.out.\n";

using Letters = std::map<char, std::string>;

/// The letter of an option; none of a word that is no option.
std::optional<char> letter_of(const std::string& word) {
  constexpr std::string_view kKnown = "dnismphtc";
  if (word.size() < 2 || word[0] != '-') return std::nullopt;
  return kKnown.find(word[1]) == std::string_view::npos ? std::nullopt : std::optional(word[1]);
}

/// What each revocation needs. The password may be empty: `-p`.
Result<void> check_letters(const Letters& letters) {
  for (const char letter : {'n', 'i', 's', 'm', 'p'}) {
    const auto found = letters.find(letter);
    const bool given = found != letters.end() && (letter == 'p' || !found->second.empty());
    if (given) continue;
    return Error{Fault::bad_configuration,
                 std::string("Missing -") + letter +
                     (found == letters.end() ? "" : ": no value stands behind it")};
  }
  return {};
}

/// "-nalice" or, as other tools have it, "-n" "alice". A letter before the next option has an empty
/// value: so an empty password is written here.
Result<Letters> read_letters(const Arguments& arguments) {
  Letters letters;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const auto& word = arguments[at];
    const auto letter = letter_of(word);
    if (!letter) return Error{Fault::bad_configuration, "unknown option " + word};
    const bool apart =
        word.size() == 2 && at + 1 < arguments.size() && !letter_of(arguments[at + 1]);
    letters[*letter] = apart ? arguments[++at] : word.substr(2);
  }
  TRY(check_letters(letters));
  return letters;
}

Result<cmc::RevokeRequest> read_wanted(const Letters& letters) {
  cmc::RevokeRequest wanted;
  wanted.issuer_name = TRY(pkix::name_from_text(letters.at('i')));
  wanted.serial_number = TRY(read_serial_number("-s", letters.at('s')));
  wanted.reason = TRY(read_reason(letters.at('m')));
  if (const auto secret = letters.find('t'); secret != letters.end() && !secret->second.empty()) {
    wanted.shared_secret = to_bytes(secret->second);
  }
  if (const auto comment = letters.find('c');
      comment != letters.end() && !comment->second.empty()) {
    wanted.comment = comment->second;
  }
  return wanted;
}

std::string letter_text(const Letters& letters, char letter) {
  const auto found = letters.find(letter);
  return found == letters.end() ? std::string() : found->second;
}

/// Dogtag does not compare the issuer of a signed revocation, but takes any certificate of this
/// serial number (dogtag/server.md §11.4); here both name it.
void warn_of_issuer(const cmc::RevokeRequest& wanted, const pkix::Certificate& signer,
                    Console& console) {
  if (pkix::names_match(wanted.issuer_name, signer->issuer)) return;
  warn(console, kRevokeTool,
       "-i" + pkix::to_text(wanted.issuer_name) +
           " is not the issuer of the certificate that signs, " + pkix::to_text(signer->issuer) +
           ": Signet's server revokes only what both issuer and serial number name");
}

Result<void> make_revocation_file(const Letters& letters, Console& console) {
  const auto wanted = TRY(read_wanted(letters));
  const auto& nickname = letters.at('n');
  const DatabasePlace place{letter_text(letters, 'd'), letter_text(letters, 'h'),
                            SecretBytes(std::string_view(letters.at('p'))), "give it with -p"};
  auto database = TRY(KeyDatabase::open(place, console, nickname));
  const auto signer = TRY(database.find_signer(nickname));
  warn_of_issuer(wanted, signer.certificate, console);
  const auto nonce = TRY(make_sender_nonce("", console.surroundings.random));
  client::MessageParts parts;
  parts.controls = {{cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)},
                    {cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted)}};
  const auto composed = TRY(client::compose_message(parts));
  const auto message =
      TRY(client::sign_message(composed.pki_data, {signer.certificate, *signer.key, signer.chain}));
  // Whoever reads the secret may revoke with it.
  const auto write = wanted.shared_secret ? files::write_secret_file : files::write_file;
  TRY(write(std::string(kRevokeOutput), message));
  console.out << "-----BEGIN CERTIFICATE REQUEST-----\n"
              << to_base64(message) << "\n-----END CERTIFICATE REQUEST-----\n";
  if (wanted.shared_secret) warn(console, kRevokeTool, kPrintedSecret);
  return {};
}

}  // namespace

int run_cmc_revoke(const Arguments& arguments, Console& console) {
  if (asks_for_help(arguments)) {
    console.out << kRevokeUsage;
    return kDone;
  }
  const auto letters = read_letters(arguments);
  if (!letters.ok()) {
    report(console, kRevokeTool, letters.error());
    console.out << kRevokeUsage;
    return kFailed;
  }
  const auto made = make_revocation_file(*letters, console);
  return made.ok() ? kDone : report(console, kRevokeTool, made.error());
}

}  // namespace signet::dogtag
