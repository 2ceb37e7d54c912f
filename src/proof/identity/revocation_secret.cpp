#include "proof/identity/revocation_secret.h"

#include <string>

#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "proof/identity/standing.h"

namespace signet::proof {
namespace {

// With the 100,000 iterations that one on record may have, a fifth of a second.
constexpr std::size_t kMostBySecret = 8;

/// What is said for every reason that would tell a guesser something.
Error not_proven(const asn1::Integer& serial_number, const std::string& why) {
  const auto serial = "0x" + serial_number.to_hex();
  return {Fault::unknown_identity,
          "the secret does not prove that the certificate with serial number " + serial +
              " may be revoked: check both, or sign the message with the certificate",
          {},
          "revocation secret of " + serial + ": " + why};
}

/// A revokeRequest that brings a secret.
struct Claim {
  cmc::BodyPartID control;
  cmc::RevokeRequest wanted;
};

Result<void> check_next(const cmc::RevokeRequest& wanted, const std::vector<Claim>& before,
                        const IdentityContext& context) {
  const auto serial = "serial number 0x" + wanted.serial_number.to_hex();
  if (!pkix::names_match(wanted.issuer_name, context.authority->subject)) {
    return Error{Fault::certificate_not_found,
                 "no certificate of this authority has " + serial + " and issuer " +
                     pkix::to_text(wanted.issuer_name) + ": check both"};
  }
  for (const auto& other : before) {
    if (other.wanted.serial_number != wanted.serial_number) continue;
    return Error{Fault::duplicate_control, "two revokeRequests of the message are about " + serial};
  }
  if (before.size() < kMostBySecret) return {};
  return Error{Fault::too_large, "a message revokes at most " + std::to_string(kMostBySecret) +
                                     " certificates by their secrets: send several messages"};
}

/// All that a message claims, before the first secret is looked at.
Result<std::vector<Claim>> read_claims(const cmc::PkiRequest& message,
                                       const IdentityContext& context) {
  std::vector<Claim> claims;
  for (const auto* control :
       cmc::find_controls(cmc::controls_of(message), cmc::oid::kRevokeRequest)) {
    if (control->attr_values.size() != 1) continue;  // refused elsewhere
    auto wanted = TRY(cmc::read_revoke_request(control->attr_values.front()));
    if (!wanted.shared_secret) continue;
    TRY(concerning(control->body_part_id, check_next(wanted, claims, context)));
    claims.push_back({control->body_part_id, std::move(wanted)});
  }
  return claims;
}

/// The same work where none is kept and where it is locked.
//= E121 RFC 10002 §6.11: a revocation by the secret that was registered for the certificate
Result<void> check(const asn1::Integer& serial_number, ByteView secret,
                   const IdentityContext& context) {
  if (context.life == nullptr) return not_proven(serial_number, "none are kept here");
  const auto token_id = revocation_token_id(serial_number);
  const auto history = TRY(context.tokens.token_history(token_id));
  const auto kept = TRY(context.life->find_revocation_secret(serial_number));
  const auto agreed = agrees(kept ? std::string_view(kept->verifier) : nobodys_verifier(), secret,
                             context.protection);
  if (is_locked(history, context)) {
    return not_proven(serial_number, "locked after too many wrong ones");
  }
  if (!kept) return not_proven(serial_number, "none is kept for it");
  if (!agreed.ok() && agreed.error().fault == Fault::token_failed) return agreed.error();
  if (!agreed.ok()) return not_proven(serial_number, agreed.error().detail);
  if (*agreed) return {};
  context.failed_proof = store::TokenFailure{token_id, context.now, "0x" + serial_number.to_hex()};
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
  const auto claims = TRY(read_claims(message, context));
  if (!claims.empty() && !context.may_take_time) return takes_time();
  std::vector<asn1::Integer> proven;
  for (const auto& [control, wanted] : claims) {
    TRY(concerning(control, check(wanted.serial_number, *wanted.shared_secret, context)));
    proven.push_back(wanted.serial_number);
  }
  return proven;
}

}  // namespace signet::proof
