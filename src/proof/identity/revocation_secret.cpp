#include "proof/identity/revocation_secret.h"

#include "codec/cmc/controls.h"
#include "proof/identity/standing.h"

namespace signet::proof {
namespace {

/// What is said for every reason that would tell a guesser something.
Error not_proven(const asn1::Integer& serial_number, const std::string& why) {
  const auto serial = "0x" + serial_number.to_hex();
  return {Fault::unknown_identity,
          "the secret does not prove that the certificate with serial number " + serial +
              " may be revoked: check both, or sign the message with the certificate",
          {},
          "revocation secret of " + serial + ": " + why};
}

//= E121 RFC 10002 §6.11: a revocation by the secret that was registered for the certificate
Result<void> check(const asn1::Integer& serial_number, ByteView secret,
                   const IdentityContext& context) {
  if (context.life == nullptr) return not_proven(serial_number, "none are kept here");
  const auto token_id = revocation_token_id(serial_number);
  const auto history = TRY(context.tokens.token_history(token_id));
  if (is_locked(history, context)) {
    return not_proven(serial_number, "locked after too many wrong ones");
  }
  const auto kept = TRY(context.life->find_revocation_secret(serial_number));
  if (!kept) return not_proven(serial_number, "none is kept for it");
  const auto agreed = agrees(kept->verifier, secret, context.protection);
  if (!agreed.ok()) return not_proven(serial_number, agreed.error().detail);
  if (*agreed) return {};
  context.failed_proof = store::TokenFailure{token_id, context.now};
  return not_proven(serial_number, "wrong secret");
}

}  // namespace

Bytes revocation_token_id(const asn1::Integer& serial_number) {
  auto named = to_bytes(std::string_view("revocation secret of "));
  append(named, serial_number.octets);
  return crypto::sha256(named);
}

Result<std::vector<asn1::Integer>> check_revocation_secrets(const cmc::PkiRequest& message,
                                                            const IdentityContext& context) {
  std::vector<asn1::Integer> proven;
  for (const auto& control : cmc::controls_of(message)) {
    if (control.attr_type != cmc::oid::kRevokeRequest) continue;
    if (control.attr_values.size() != 1) continue;  // refused elsewhere
    const auto wanted = TRY(cmc::read_revoke_request(control.attr_values.front()));
    if (!wanted.shared_secret) continue;
    auto checked = check(wanted.serial_number, *wanted.shared_secret, context);
    if (!checked.ok()) {
      auto error = std::move(checked).error();
      error.body_parts = {control.body_part_id.value};
      return error;
    }
    proven.push_back(wanted.serial_number);
  }
  return proven;
}

}  // namespace signet::proof
