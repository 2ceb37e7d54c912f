#include "policy/requested_extensions.h"

#include "codec/pkix/oids.h"
#include "policy/extension_rules.h"
#include "policy/powers.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;

Error extension_refusal(const std::string& reason) {
  return {Fault::extension_not_allowed, reason};
}

Result<void> check_unknown(const pkix::Extension& requested, const CertificateDraft& draft) {
  if (!requested.critical || is_known_extension(requested.extn_id)) return {};
  if (draft.find(requested.extn_id) != nullptr) return {};
  //= E07 RFC 10002 §3.1: a PKCS#10 denied for an extension that we cannot handle is unsupportedExt
  //= E37 RFC 10002 §3.2.1.2.2: and so is a CRMF request
  //= E96 RFC 10002 §6.5.1: and one denied for an extension that an agent gave it
  //= E99 RFC 10002 §6.5.2: or added to it
  return extension_refusal("the request asks for the critical extension " +
                           requested.extn_id.to_text() + ", which is unknown here");
}

Result<void> check_basic_constraints(const RequestFacts& facts, const CertificateDraft& draft) {
  const auto* requested = pkix::find_extension(facts.extensions, oid::kBasicConstraints);
  if (requested == nullptr) return {};
  if (!TRY(pkix::read_basic_constraints(requested->extn_value)).ca) return {};

  const auto* given = draft.find(oid::kBasicConstraints);
  const bool is_authority =
      given != nullptr && TRY(pkix::read_basic_constraints(given->extn_value)).ca;
  if (!is_authority) {
    return extension_refusal("the request asks to be an authority; the profile makes none");
  }
  if (facts.role == proof::Role::agent) return {};
  return extension_refusal("the request asks to be an authority; only an agent may ask for that");
}

Result<void> check_purposes(const RequestFacts& facts) {
  const auto* requested = pkix::find_extension(facts.extensions, oid::kExtendedKeyUsage);
  if (requested == nullptr || facts.role == proof::Role::agent) return {};
  for (const auto& purpose : TRY(pkix::read_extended_key_usage(requested->extn_value))) {
    if (is_reserved_purpose(purpose)) {
      return extension_refusal("the request asks for the purpose " + purpose.to_text() +
                               ", which only an agent may ask for");
    }
  }
  return {};
}

/// Its holder would be trusted until it expires, revoked or not (RFC 6960 §4.2.2.2.1).
Result<void> check_ocsp_no_check(const RequestFacts& facts) {
  const auto* requested = pkix::find_extension(facts.extensions, oid::kOcspNoCheck);
  if (requested == nullptr || facts.role == proof::Role::agent) return {};
  return extension_refusal("the request asks for the extension " + oid::kOcspNoCheck.to_text() +
                           " (id-pkix-ocsp-nocheck), which only an agent may ask for");
}

Result<void> check_key_usage(const RequestFacts& facts, const CertificateDraft& draft) {
  const auto* requested = pkix::find_extension(facts.extensions, oid::kKeyUsage);
  const auto* given = draft.find(oid::kKeyUsage);
  if (requested == nullptr || given == nullptr) return {};
  const auto wanted = TRY(pkix::read_key_usage(requested->extn_value));
  const auto got = TRY(pkix::read_key_usage(given->extn_value));
  //= E06 RFC 10002 §3.1: what a PKCS#10 asks for is not turned into its opposite
  //= E36 RFC 10002 §3.2.1.2.2: nor what a CRMF request asks for
  //= E97 RFC 10002 §6.5.1: nor does it become that by what agents change around it
  if ((wanted.bits & got.bits) != 0) return {};
  return extension_refusal(
      "none of the key usages that the request asks for is one that the profile gives");
}

}  // namespace

Result<pkix::Extensions> read_requested_extensions(const cmc::TaggedRequest& request) {
  auto extensions = TRY(request.extensions());
  TRY(check_well_formed(extensions));
  return extensions;
}

Result<void> check_well_formed(const pkix::Extensions& extensions) {
  //= E05 RFC 10002 §3.1: every extension of RFC 5280 in a PKCS#10 is understood before it is decided
  //= E35 RFC 10002 §3.2.1.2.2: and every one in a CRMF request
  //= E96 RFC 10002 §6.5.1: and every one that an agent gives it
  for (const auto& extension : extensions) TRY(pkix::check_extension_value(extension));
  return {};
}

Result<void> check_requested_extensions(const RequestFacts& facts, const CertificateDraft& draft) {
  for (const auto& requested : facts.extensions) TRY(check_unknown(requested, draft));
  TRY(check_basic_constraints(facts, draft));
  TRY(check_purposes(facts));
  TRY(check_ocsp_no_check(facts));
  return check_key_usage(facts, draft);
}

}  // namespace signet::policy
