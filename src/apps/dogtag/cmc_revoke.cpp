#include "apps/dogtag/cmc_revoke.h"

#include <map>

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
    "Values stand right behind the letters: -s0x1f -m1. Reasons: 0 unspecified, 1 keyCompromise,\n"
    "2 caCompromise, 3 affiliationChanged, 4 superseded, 5 cessationOfOperation,\n"
    "6 certificateHold, 8 removeFromCRL. The message goes to CMCRevoke.out.\n";

using Letters = std::map<char, std::string>;

/// "-nalice" or, as other tools have it, "-n" "alice".
Result<Letters> read_letters(const Arguments& arguments) {
  constexpr std::string_view kKnown = "dnismphtc";
  Letters letters;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const auto& word = arguments[at];
    if (word.size() < 2 || word[0] != '-' || kKnown.find(word[1]) == std::string_view::npos) {
      return Error{Fault::bad_configuration, "unknown option " + word};
    }
    const bool apart = word.size() == 2 && at + 1 < arguments.size();
    letters[word[1]] = apart ? arguments[++at] : word.substr(2);
  }
  for (const char letter : {'n', 'i', 's', 'm', 'p'}) {
    if (letters.contains(letter)) continue;
    return Error{Fault::bad_configuration, std::string("Missing -") + letter};
  }
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

Result<void> make_revocation_file(const Letters& letters, Console& console) {
  const auto wanted = TRY(read_wanted(letters));
  const auto& nickname = letters.at('n');
  const DatabasePlace place{letter_text(letters, 'd'), letter_text(letters, 'h'),
                            SecretBytes(std::string_view(letters.at('p'))), "give it with -p"};
  auto database = TRY(KeyDatabase::open(place, console, nickname));
  const auto signer = TRY(database.find_signer(nickname));
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
