#include "policy/approve.h"
#include "policy/description.h"

namespace signet::policy {
namespace {

using proof::IdentityMethod;
using proof::Role;

std::string_view how(IdentityMethod method) {
  switch (method) {
    case IdentityMethod::signing_certificate:
      return " and signed the message";
    case IdentityMethod::tls_client_certificate:
      return " and did not sign the message";
    case IdentityMethod::shared_secret:
      return " and proved who it is by a shared secret";
    case IdentityMethod::revocation_secret:
      return " and may only revoke";
    case IdentityMethod::ra_witness:
      return " and an agent vouched for who it is";
  }
  return "";
}

Result<void> demand(bool met, const Profile& profile, std::string_view demand,
                    const proof::ProvenIdentity& identity) {
  if (met) return {};
  return Error{Fault::unknown_identity,
               "the profile " + profile.id() + " demands " + std::string{demand} + "; '" +
                   identity.name() + "' " +
                   (identity.role() == Role::agent ? "is an agent" : "is not an agent") +
                   std::string{how(identity.method())}};
}

/// Only a profile that says so is served to an expired certificate.
Result<void> check_in_force(const Profile& profile, const proof::ProvenIdentity& identity) {
  if (!identity.is_expired() || profile.renews_expired()) return {};
  return Error{Fault::untrusted_signer,
               "the certificate of '" + identity.name() + "' expired at " +
                   signet::to_text((*identity.certificate())->validity.not_after) +
                   ", and the profile " + profile.id() +
                   " renews certificates before that only: enroll anew"};
}

}  // namespace

std::string_view to_text(Authenticator authenticator) {
  switch (authenticator) {
    case Authenticator::agent_signed:
      return "CMCAuth";
    case Authenticator::user_signed:
      return "CMCUserSignedAuth";
    case Authenticator::agent_tls:
      return "AgentCertAuth";
  }
  return "";
}

std::vector<std::string> describe(Authenticator authenticator) {
  switch (authenticator) {
    case Authenticator::agent_signed:
      return {"an agent, for others too: signs the message with the agent's certificate"};
    case Authenticator::user_signed:
      return {
          "whoever has a certificate of this authority: signs the message with it, and shows it "
          "as TLS client certificate",
          "whoever has a shared secret: signs the message with the requested key and proves the "
          "secret (identification, identityProofV2), or sends an AuthenticatedData under it"};
    case Authenticator::agent_tls:
      return {
          "an agent, for others too: sends the bare PKCS#10 over TLS with the agent's "
          "certificate"};
  }
  return {};
}

Result<void> check_authenticator(const Profile& profile, const proof::ProvenIdentity& identity) {
  TRY(check_in_force(profile, identity));
  const bool is_agent = identity.role() == Role::agent;
  const bool signed_it = identity.method() == IdentityMethod::signing_certificate;
  const bool by_secret = identity.method() == IdentityMethod::shared_secret;
  const bool by_tls = identity.method() == IdentityMethod::tls_client_certificate;
  const bool is_vouched_for = identity.method() == IdentityMethod::ra_witness;
  switch (profile.authenticator()) {
    case Authenticator::agent_signed:
      // Who vouches is the agent who signed the message around.
      return demand((is_agent && signed_it) || is_vouched_for, profile,
                    "a message signed by an agent", identity);
    case Authenticator::user_signed:
      return demand(signed_it || by_secret, profile,
                    "a message signed with an existing certificate, or by the requested key with a "
                    "shared secret",
                    identity);
    case Authenticator::agent_tls:
      return demand(is_agent && by_tls, profile,
                    "a bare request over TLS with an agent's certificate", identity);
  }
  return Error{Fault::internal, "the profile " + profile.id() + " has no authenticator"};
}

}  // namespace signet::policy
