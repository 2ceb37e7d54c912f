#include "apps/tool/what_to_do.h"

#include <algorithm>
#include <array>
#include <optional>

namespace signet::tool {
namespace {

bool says(const Error& error, std::string_view words) {
  return error.detail.find(words) != std::string::npos;
}

/// What was typed is quoted first: an option, an address, a word. A setting that is wrong, and not
/// in a file ("ca/signetd.toml:7: ..."), was typed as well.
bool names_what_was_typed(const Error& error) {
  if (error.fault == Fault::bad_configuration && !says(error, ".toml:")) return true;
  if (error.fault != Fault::malformed && error.fault != Fault::bad_configuration) return false;
  constexpr std::array<std::string_view, 4> kStarts{"--", "\"", "http://", "https://"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return error.detail.starts_with(start); });
}

/// Of files: where the system or the file's own look says enough, nothing vaguer.
std::optional<std::string_view> what_to_do_about_file(const Error& error) {
  struct Known {
    Fault fault;
    std::string_view words;
    std::string_view step;
  };
  static constexpr std::array kKnown{
      Known{Fault::storage_failed, "No such file", "Check the path."},
      Known{Fault::storage_failed, "Is a directory", "Name a file in it."},
      Known{Fault::storage_failed, "Permission denied",
            "Check its permissions, and as whom this runs."},
      Known{Fault::storage_failed, "No space left", "Make room on that disk."},
      Known{Fault::storage_failed, "the store", ""},  // each says its own
      Known{Fault::storage_failed, ": name the folder that", ""},
      Known{Fault::storage_failed, "bring it back from a backup", ""},
      Known{Fault::malformed, "use the file that", ""},
      Known{Fault::malformed, " by --signer-key", ""},
      Known{Fault::malformed, " is empty", "Name another file, or make this one anew."},
      Known{Fault::malformed, ": it is ", "Name another file."},
      Known{Fault::malformed, ": it holds ", "Name another file."},
      Known{Fault::malformed, ": it looks like ", "Name another file."},
      Known{Fault::malformed, "has no END line", "It was cut off: copy or fetch it anew."},
      Known{Fault::malformed, "is cut short", "It was cut off: copy or fetch it anew."},
      Known{Fault::too_large, "read of such a file", "Name another file."},
  };
  for (const auto& known : kKnown) {
    if (known.fault == error.fault && says(error, known.words)) return known.step;
  }
  return std::nullopt;
}

bool is_for_operators(std::string_view command) {
  constexpr std::array<std::string_view, 6> kCommands{"audit",  "ca",      "certificates",
                                                      "import", "profile", "secret"};
  const auto first = command.substr(0, command.find(' '));
  return std::find(kCommands.begin(), kCommands.end(), first) != kCommands.end();
}

/// A key that stands there is not for removing, what must go first is told with it, and so is the
/// next step of a TLS certificate and of a message that cannot be relayed.
bool tells_the_next_step(const Error& error) {
  return (error.fault == Fault::already_exists &&
          (says(error, "is not written over") || says(error, " first"))) ||
         (error.fault == Fault::unsupported_message && says(error, "relay")) ||
         (error.fault == Fault::untrusted_signer && says(error, "the server's TLS certificate"));
}

/// Who runs an authority asks nobody: what helps a requester is no help here. None: as for others.
std::optional<std::string_view> what_to_do_at_authority(Fault fault, std::string_view command) {
  switch (fault) {
    case Fault::certificate_not_found:  // among those that were given
      if (command.starts_with("ca") || command == "certificates") return "";
      return std::nullopt;
    case Fault::unknown_identity:
      if (command == "secret unlock") return "";  // the error names what shows the locked ones
      return command.starts_with("secret") ? "`signet secret list` names those in force." : "";
    case Fault::malformed:
    case Fault::trailing_data:
    case Fault::too_large:
    case Fault::too_deep:
    case Fault::identity_mismatch:
    case Fault::untrusted_signer:
    case Fault::possession_missing:
    case Fault::possession_failed:
    case Fault::name_not_allowed:
    case Fault::extension_not_allowed:
    case Fault::validity_not_allowed:
    case Fault::key_reuse:
    case Fault::not_allowed:
      return "";
    default:
      return std::nullopt;
  }
}

std::string_view what_to_do_about(Fault fault) {
  switch (fault) {
    case Fault::malformed:
    case Fault::trailing_data:
    case Fault::too_large:
    case Fault::too_deep:
      return "Look at the file or message with `signet inspect`; it is not what was expected here.";
    case Fault::bad_signature:
    case Fault::mac_mismatch:
      return "The octets were changed on their way, or another key signed them. Fetch or send them "
             "again.";
    case Fault::auth_data_failed:
      return "Check the identification and the shared secret (--identity, --secret-file): the "
             "message was authenticated under another one, or altered.";
    case Fault::decryption_failed:
      return "Check the passphrase (--passphrase-file) and that the key is the right one.";
    case Fault::stale_time:
      return "Compare this machine's clock with the server's.";
    case Fault::replayed:
      return "Read the answer with the exchange file of its own request, or send a new request.";
    case Fault::unknown_control:
    case Fault::misplaced_control:
    case Fault::duplicate_control:
    case Fault::duplicate_body_part:
    case Fault::dangling_reference:
    case Fault::unauthorized_assertion:
    case Fault::unsupported_message:
    case Fault::unsupported_request_type:
    case Fault::unsupported_control:
      return "Look at the message with `signet inspect`, then build it anew.";
    case Fault::unknown_profile:
      return "Ask the authority's operator for the name of the profile.";
    case Fault::unsupported_algorithm:
    case Fault::weak_key:
      return "Use another key: --key ec:p256, ec:p384, rsa:3072 or ed25519.";
    case Fault::unknown_identity:
    case Fault::identity_mismatch:
    case Fault::tls_mismatch:
      return "Check that --signer is the certificate the authority knows you by.";
    case Fault::untrusted_signer:
      return "Check that --ca holds the certificate of the authority that answers, and that no "
             "certificate on the path has expired.";
    case Fault::possession_missing:
    case Fault::possession_failed:
    case Fault::link_failed:
      return "Ask the authority's operator; the answer does not fit the key of the request.";
    case Fault::name_not_allowed:
    case Fault::extension_not_allowed:
    case Fault::validity_not_allowed:
    case Fault::key_reuse:
      return "Ask for what the profile allows.";
    case Fault::not_allowed:  // on this side: a weak secret, a key where none belongs
      return "";
    case Fault::certificate_not_found:
    case Fault::crl_not_found:
      return "Check the issuer and the serial number.";
    case Fault::already_exists:
      return "Take another name, or remove what has it.";
    case Fault::busy:
    case Fault::takes_time:
      return "Try again in a moment.";
    case Fault::storage_failed:
      return "Check the path, its permissions and the space on its disk.";
    case Fault::in_doubt:
      return "See whether it was kept; if not, do it again.";
    case Fault::key_not_found:
      return "Name a key that is there: by its certificate's nickname, its label or its id.";
    case Fault::token_failed:
      return "Check that the token is plugged in and its module works: p11tool --list-tokens.";
    case Fault::signing_failed:
      return "Check that the key belongs to the certificate.";
    case Fault::directory_unreachable:
      return "Check the address, the network and that the server runs.";
    case Fault::bad_configuration:
      return "Mend the setting that the message names.";
    case Fault::internal:
      return "This is a defect of signet: please report the command and this message.";
  }
  return {};
}

}  // namespace

std::string_view what_to_do(const Error& error, std::string_view command) {
  if (names_what_was_typed(error) || tells_the_next_step(error)) return {};
  if (error.fault == Fault::directory_unreachable && says(error, " answered HTTP ")) {
    return command.starts_with("agent")
               ? "Something answers there, but not what was asked for: check --url."
               : "Something answers there, but not what was asked for: check --url and --path.";
  }
  if (const auto step = what_to_do_about_file(error)) return *step;
  if (is_for_operators(command)) {
    if (const auto step = what_to_do_at_authority(error.fault, command)) return *step;
  }
  return what_to_do_about(error.fault);
}

std::string_view what_to_do(cmc::CMCFailInfo fail_info) {
  switch (fail_info) {
    case cmc::CMCFailInfo::badAlg:
      return "Use another kind of key (--key), one of those that the server names.";
    case cmc::CMCFailInfo::badMessageCheck:
      return "The authority could not verify the message: check that --signer-key belongs to "
             "--signer, then send it again.";
    case cmc::CMCFailInfo::badRequest:
      return "Correct what the server names and ask again; `signet inspect` shows what was sent.";
    case cmc::CMCFailInfo::badTime:
      return "Compare this machine's clock with the server's.";
    case cmc::CMCFailInfo::badCertId:
      return "Check the issuer and the serial number of the certificate that is meant.";
    case cmc::CMCFailInfo::unsupportedExt:
      return "Name a profile that gives it (--profile), or leave out what the server names.";
    case cmc::CMCFailInfo::mustArchiveKeys:
      return "The profile demands that the private key be archived: ask for another profile.";
    case cmc::CMCFailInfo::badIdentity:
      return "Check who asks: a certificate (--signer) must be in force, and asks for its own name "
             "unless it is an agent's; an identification (--identity) goes with its own secret.";
    case cmc::CMCFailInfo::popRequired:
      return "Sign the request with its key; or, for a key that only decrypts, ask the authority's "
             "operator to offer challenges.";
    case cmc::CMCFailInfo::popFailed:
      return "Make the request anew: nothing in it proves possession of its key.";
    case cmc::CMCFailInfo::noKeyReuse:
      return "Make a new key (leave out --key-file).";
    case cmc::CMCFailInfo::internalCAError:
      return "Ask the authority's operator, who finds the reason in the server's log.";
    case cmc::CMCFailInfo::tryLater:
      return "Send the same message again later: `signet send`.";
    case cmc::CMCFailInfo::authDataFail:
      return "Check the shared secret that authenticates the message.";
  }
  return "Ask the authority's operator what this failInfo means there.";
}

std::string_view what_to_do(cmc::CMCStatus status) {
  switch (status) {
    case cmc::CMCStatus::partial:
      return "The rest is answered later: keep the key, and ask with `signet poll`.";
    case cmc::CMCStatus::pending:
      return "Somebody must approve the request first: keep the key, and ask with `signet poll`.";
    case cmc::CMCStatus::noSupport:
      return "The server does not know this kind of request: use --form pkcs10 or crmf.";
    case cmc::CMCStatus::confirmRequired:
      return "Say that the certificate is taken: `signet confirm`.";
    case cmc::CMCStatus::popRequired:
      return "Use a key that can sign; the authority wants proof that you hold it.";
    case cmc::CMCStatus::success:
    case cmc::CMCStatus::failed:
      return "Ask the authority's operator for the reason.";
  }
  return {};
}

}  // namespace signet::tool
