#include "policy/approve.h"

namespace signet::policy {
namespace {

using proof::IdentityMethod;
using proof::Role;

Result<void> demand(bool met, const Profile& profile, std::string_view demand,
                    const proof::ProvenIdentity& identity) {
  if (met) return {};
  return Error{Fault::unknown_identity,
               "the profile " + profile.id() + " demands " + std::string{demand} + "; '" +
                   identity.name() + "' " +
                   (identity.role() == Role::agent ? "is an agent" : "is not an agent") +
                   (identity.method() == IdentityMethod::signing_certificate
                        ? " and signed the message"
                        : " and did not sign the message")};
}

}  // namespace

Result<void> check_authenticator(const Profile& profile, const proof::ProvenIdentity& identity) {
  const bool is_agent = identity.role() == Role::agent;
  const bool signed_it = identity.method() == IdentityMethod::signing_certificate;
  switch (profile.authenticator()) {
    case Authenticator::agent_signed:
      return demand(is_agent && signed_it, profile, "a message signed by an agent", identity);
    case Authenticator::user_signed:
      return demand(signed_it, profile, "a message signed with an existing certificate", identity);
    case Authenticator::agent_tls:
      return demand(is_agent && !signed_it, profile,
                    "a bare request over TLS with an agent's certificate", identity);
  }
  return Error{Fault::internal, "the profile " + profile.id() + " has no authenticator"};
}

}  // namespace signet::policy
