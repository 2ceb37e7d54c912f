#include "proof/identity/requested_names.h"
#include "proof/identity/standing.h"

/// changeSubjectName (RFC 10002 §7.1): a user asks for other names than its own.
namespace signet::proof {
namespace {

Error not_for(const ProvenIdentity& identity, const std::string& why) {
  return {Fault::identity_mismatch, "the request asks to change the names of " + identity.name() +
                                        " (changeSubjectName), " + why};
}

/// An agent asks for any names as they are; a secret has no certificate whose names could change.
Result<void> check_may_change(const ProvenIdentity& identity, const NameRules& rules) {
  if (identity.role() == Role::agent) {
    return Error{Fault::unsupported_control,
                 "changeSubjectName is not offered to agents: put the wanted names into the "
                 "request's subject and SubjectAltName"};
  }
  if (identity.method() != IdentityMethod::signing_certificate) {
    return not_for(identity, "which wants a message signed by the certificate with the old names");
  }
  if (identity.is_expired()) {
    return not_for(identity, "whose certificate has expired: renew it first");
  }
  if (rules.may_change) return {};
  return not_for(identity,
                 "which a user may not with this profile (auth.changeSubjectNameAllowed): have an "
                 "agent ask for the new names");
}

/// Exactly the old ones, so that nothing but the attribute says what is wanted.
Result<void> check_has_old_names(const cmc::TaggedRequest& request,
                                 const pkix::Certificate& signer) {
  const auto* subject = request.subject();
  const auto extensions = TRY(request.extensions());
  const auto wanted = TRY(pkix::subject_alt_names(extensions));
  const auto held = TRY(pkix::subject_alt_names(signer->extensions));
  const bool same_subject =
      subject != nullptr && (*subject == signer->subject || same_person(*subject, signer->subject));
  if (same_subject && pkix::same_names(wanted, held)) return {};
  return Error{Fault::identity_mismatch,
               "beside changeSubjectName the request's own subject and alternative names must be "
               "those of the signing certificate, " +
                   describe(signer)};
}

}  // namespace

Result<std::optional<cmc::ChangeSubjectName>> find_name_change(const cmc::TaggedRequest& request,
                                                               const ProvenIdentity& identity,
                                                               const NameRules& rules) {
  const auto values = request.attribute_values(cmc::oid::kChangeSubjectName);
  if (values.empty()) return std::optional<cmc::ChangeSubjectName>{};
  TRY(check_may_change(identity, rules));
  if (values.size() != 1) {
    return Error{Fault::malformed, "the request holds changeSubjectName more than once"};
  }
  auto wanted = TRY(cmc::read_change_subject_name(values.front()));
  //= E149 RFC 10002 §7.1: the request itself names whom the signing certificate names
  TRY(check_has_old_names(request, *identity.certificate()));
  return std::optional{std::move(wanted)};
}

}  // namespace signet::proof
