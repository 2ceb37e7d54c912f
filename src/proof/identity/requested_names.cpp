#include "proof/identity/requested_names.h"

#include "codec/pkix/oids.h"
#include "proof/identity/standing.h"

namespace signet::proof {
namespace {

std::string quoted(const pkix::GeneralNames& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + pkix::to_text(name);
  return text.empty() ? "none" : text;
}

Result<void> check_subject_of_signer(const cmc::TaggedRequest& request,
                                     const pkix::Certificate& own) {
  const auto* wanted = request.subject();
  if (wanted != nullptr && same_person(*wanted, own->subject)) return {};
  const bool is_null = wanted == nullptr || wanted->empty();
  //= E28 RFC 10002 §3.2.1.2.1: a NULL subject that is not accepted is a bad request
  return Error{is_null ? Fault::malformed : Fault::identity_mismatch,
               "the request asks for " +
                   (is_null ? "an empty subject" : "the subject " + pkix::to_text(*wanted)) +
                   ", but it is signed by " + describe(own) +
                   ": ask for the subject of the signing certificate, or have an agent ask"};
}

/// The NULL subject asks for whatever name the secret stands for.
Result<void> check_subject_of_secret(const cmc::TaggedRequest& request,
                                     const ProvenIdentity& identity) {
  const auto* wanted = request.subject();
  if (wanted == nullptr || wanted->empty()) return {};
  if (same_person(*wanted, identity.subject())) return {};
  return Error{Fault::identity_mismatch,
               "the request asks for the subject " + pkix::to_text(*wanted) +
                   ", but the shared secret of '" + identity.identification() + "' stands for " +
                   pkix::to_text(identity.subject()) + ": ask for that one, or for an empty one"};
}

Result<void> check_no_alternative_name(const cmc::TaggedRequest& request) {
  const auto extensions = TRY(request.extensions());
  const auto wanted = TRY(pkix::subject_alt_names(extensions));
  if (wanted.empty()) return {};
  return Error{
      Fault::identity_mismatch,
      "the request asks for the alternative names " + quoted(wanted) +
          ", which a shared secret does not stand for: ask for none, or have an agent ask"};
}

Result<void> check_alternative_name_of_signer(const cmc::TaggedRequest& request,
                                              const pkix::Certificate& own) {
  const auto extensions = TRY(request.extensions());
  const auto wanted = TRY(pkix::subject_alt_names(extensions));
  if (wanted.empty()) return {};
  const auto held = TRY(pkix::subject_alt_names(own->extensions));
  if (pkix::same_names(wanted, held)) return {};
  return Error{Fault::identity_mismatch,
               "the request asks for the alternative names " + quoted(wanted) +
                   ", but the certificate that signed it holds " + quoted(held) +
                   ": ask for the same ones or for none, or have an agent ask"};
}

/// Whether the subject will do; where the profile replaces it, any does.
Result<void> unless_replaced(Result<void> checked, const cmc::TaggedRequest& request,
                             const NameRules& rules) {
  if (checked.ok() || rules.subject == SubjectRule::as_requested) return checked;
  if (rules.tolerated != nullptr) {
    rules.tolerated->push_back({Tolerance::replace_subject,
                                "the proven identity's subject replaces the requested one",
                                request.body_part_id()});
  }
  return {};
}

Result<void> check_own_names(const cmc::TaggedRequest& request, const ProvenIdentity& identity,
                             const NameRules& rules) {
  //= E82 RFC 10002 §6.3.3: who signs with an existing certificate asks for the names in it
  if (const auto* own = identity.certificate()) {
    TRY(unless_replaced(check_subject_of_signer(request, *own), request, rules));
    return check_alternative_name_of_signer(request, *own);
  }
  //= E83 RFC 10002 §6.3: identity and possession are linked by a name bound to the secret
  //= E89 RFC 10002 §6.3.2: in every request of the message
  //= E164 RFC 10002 §10: so a message under a MAC is for nobody but the secret's owner
  //= E91 RFC 10002 §6.3.2: the secret was right; the name must be the one that goes with it
  TRY(unless_replaced(check_subject_of_secret(request, identity), request, rules));
  return check_no_alternative_name(request);
}

}  // namespace

Result<std::optional<cmc::ChangeSubjectName>> check_requested_names(
    const cmc::TaggedRequest& request, const ProvenIdentity& identity, const NameRules& rules) {
  if (std::holds_alternative<cmc::OtherReqMsg>(request.choice)) {
    return Error{Fault::unsupported_message,
                 "the names in a certification request of a form that is not known here (orm)"};
  }
  auto new_names = TRY(find_name_change(request, identity, rules));
  const bool is_agents_word =
      identity.role() == Role::agent || identity.method() == IdentityMethod::ra_witness;
  if (!new_names && !is_agents_word) TRY(check_own_names(request, identity, rules));
  return new_names;
}

Result<void> check_granted_subject(const pkix::Name& granted, const ProvenIdentity& identity) {
  if (identity.role() == Role::agent || same_person(granted, identity.subject())) return {};
  const bool is_nameless = granted.empty() && identity.subject().empty();
  if (identity.method() == IdentityMethod::ra_witness && is_nameless) return {};
  return Error{Fault::identity_mismatch,
               "the profile would certify " + pkix::to_text(granted) + ", but " + identity.name() +
                   " asks: a profile for users must take the subject from who asks "
                   "(cmcUserSignedSubjectNameDefaultImpl, authTokenSubjectNameDefaultImpl)"};
}

}  // namespace signet::proof
