#include "authority/profile_choice.h"

namespace signet::authority {
namespace {

const std::string& default_profile(const Settings& settings,
                                   const proof::ProvenIdentity& identity) {
  switch (identity.method()) {
    case proof::IdentityMethod::tls_client_certificate:
      return settings.simple_profile;
    case proof::IdentityMethod::shared_secret:
      return settings.secret_profile;
    case proof::IdentityMethod::ra_witness:
      return settings.agent_profile;
    case proof::IdentityMethod::signing_certificate:
    case proof::IdentityMethod::revocation_secret:
      break;
  }
  return identity.role() == proof::Role::agent ? settings.agent_profile : settings.user_profile;
}

//= E03 RFC 10002 §3.1: where proof of identity is needed, a Simple request is not used
Result<void> check_takes_simple(const policy::Profile& profile) {
  if (profile.authenticator() == policy::Authenticator::agent_tls) return {};
  return Error{Fault::unsupported_message,
               "this is a bare PKCS#10 (Simple PKI Request), but profile \"" + profile.id() +
                   "\" wants a signed CMC message: wrap it in a Full PKI Request, or send it to a "
                   "simple enrollment path"};
}

}  // namespace

const std::string& profile_id_of(const Settings& settings, const std::string& named,
                                 const proof::ProvenIdentity& identity) {
  return named.empty() ? default_profile(settings, identity) : named;
}

bool awaits_confirmation(const Settings& settings, const policy::Profile& profile) {
  return settings.confirmed_profiles.count(profile.id()) != 0;
}

Result<void> check_simple_path(const policy::ProfileSet& offered, const std::string& named,
                               const cmc::PkiRequest& message) {
  if (!std::holds_alternative<cmc::SimplePkiRequest>(message)) return {};
  const auto* profile = offered.find(named);
  return profile == nullptr ? Result<void>{} : check_takes_simple(*profile);
}

Result<const policy::Profile*> choose_profile(const Asker& asker, const policy::ProfileSet& offered,
                                              const std::string& named) {
  const auto& settings = asker.parts.settings;
  const bool simple = std::holds_alternative<cmc::SimplePkiRequest>(asker.request.message());
  const auto& id = profile_id_of(settings, named, asker.identity);
  const auto* profile = offered.find(id);
  if (profile == nullptr) {
    std::string ids;
    for (const auto& known : offered.enabled_ids()) ids += (ids.empty() ? "" : ", ") + known;
    return Error{Fault::unknown_profile,
                 "profile \"" + id + "\" is not offered here; offered are: " + ids};
  }
  if (simple) TRY(check_takes_simple(*profile));
  if (simple && awaits_confirmation(settings, *profile)) {
    return Error{Fault::unsupported_message,
                 "certificates of profile \"" + id +
                     "\" must be confirmed, which the answer to a bare PKCS#10 cannot say: send a "
                     "Full PKI Request"};
  }
  TRY(policy::check_authenticator(*profile, asker.identity));
  return profile;
}

}  // namespace signet::authority
