#include "policy/template_change.h"

#include <algorithm>
#include <map>

#include "codec/pkix/oids.h"
#include "policy/policy.h"
#include "policy/requested_extensions.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using InOrder = std::vector<const TemplateChange*>;

Result<RequestedTemplate> own_template(const cmc::TaggedRequest& request) {
  const auto* subject = request.subject();
  if (subject == nullptr) {
    return Error{Fault::malformed, "the request has no subject; one not known is sent empty"};
  }
  RequestedTemplate own;
  own.subject = *subject;
  own.extensions = TRY(read_requested_extensions(request));
  if (const auto* crm = std::get_if<cmc::TaggedCertReqMsg>(&request.choice)) {
    const auto& fields = crm->cert_req_msg.cert_req.value.cert_template;
    own.validity = fields.validity.value_or(crmf::OptionalValidity{});
    own.signing_algorithm = fields.signing_alg;
  }
  return own;
}

/// The first field that only the requester or the authority has a say in; empty when none is there.
std::string_view forbidden_field(const crmf::CertTemplate& fields) {
  if (fields.version) return "version";
  if (fields.serial_number) return "serialNumber";
  if (fields.issuer) return "issuer";
  if (fields.public_key) return "publicKey";
  if (fields.issuer_uid) return "issuerUID";
  if (fields.subject_uid) return "subjectUID";
  const bool has_key_usage = pkix::find_extension(fields.extensions, oid::kKeyUsage) != nullptr;
  return has_key_usage ? "keyUsage" : "";
}

Result<void> check_fields(const TemplateChange& change) {
  const auto forbidden = std::string{forbidden_field(change.fields)};
  if (forbidden.empty()) return {};
  return Error{Fault::malformed, change.told_as + " is about the request's " + forbidden +
                                     ", which no agent may change: send it without " + forbidden};
}

Result<void> check_values(const TemplateChange& change) {
  if (change.way == TemplateChange::Way::leave_out) return {};
  const auto checked = check_well_formed(change.fields.extensions);
  if (checked.ok()) return {};
  return Error{checked.error().fault, change.told_as + ": " + checked.error().detail};
}

/// What a change is about, each field as refusals name it.
std::vector<std::string> fields_of(const TemplateChange& change) {
  const auto& fields = change.fields;
  std::vector<std::string> named;
  if (fields.signing_alg) named.emplace_back("signingAlg");
  if (fields.validity && fields.validity->not_before) named.emplace_back("notBefore");
  if (fields.validity && fields.validity->not_after) named.emplace_back("notAfter");
  if (fields.subject) named.emplace_back("subject");
  for (const auto& extension : fields.extensions) {
    named.push_back("extension " + extension.extn_id.to_text());
  }
  return named;
}

/// The controls of one PKIData have no order, so that nobody could tell which of two would win.
Result<void> check_conflicts(std::span<const TemplateChange> changes) {
  std::map<std::pair<std::size_t, std::string>, const TemplateChange*> seen;
  for (const auto& change : changes) {
    for (auto& field : fields_of(change)) {
      const auto [place, is_new] = seen.try_emplace({change.layer, std::move(field)}, &change);
      if (is_new) continue;
      //= E100 RFC 10002 §6.5.2: in one PKIData, two about one field of a request contradict
      return Error{Fault::malformed, place->second->told_as + " and " + change.told_as +
                                         " are both about the " + place->first.second +
                                         " of one request: send one of them"};
    }
  }
  return {};
}

InOrder innermost_first(std::span<const TemplateChange> changes) {
  InOrder in_order;
  for (const auto& change : changes) in_order.push_back(&change);
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const auto* left, const auto* right) { return left->layer < right->layer; });
  return in_order;
}

void replace(RequestedTemplate& wanted, const crmf::CertTemplate& given) {
  if (given.subject) wanted.subject = *given.subject;
  if (given.signing_alg) wanted.signing_algorithm = given.signing_alg;
  if (given.validity) {
    auto& validity = wanted.validity;
    if (given.validity->not_before) validity.not_before = given.validity->not_before;
    if (given.validity->not_after) validity.not_after = given.validity->not_after;
  }
  for (const auto& extension : given.extensions) set_extension(wanted.extensions, extension);
}

void leave_out(RequestedTemplate& wanted, const crmf::CertTemplate& named) {
  if (named.subject) wanted.subject = pkix::Name();
  if (named.signing_alg) wanted.signing_algorithm.reset();
  if (named.validity) {
    if (named.validity->not_before) wanted.validity.not_before.reset();
    if (named.validity->not_after) wanted.validity.not_after.reset();
  }
  std::erase_if(wanted.extensions, [&](const pkix::Extension& extension) {
    return pkix::find_extension(named.extensions, extension.extn_id) != nullptr;
  });
}

//= E94 RFC 10002 §6.5.1: the fields that are there replace or leave out, each extension by itself
void apply_change(const TemplateChange& change, RequestedTemplate& wanted) {
  switch (change.way) {
    case TemplateChange::Way::replace:
      return replace(wanted, change.fields);
    case TemplateChange::Way::leave_out:
      return leave_out(wanted, change.fields);
  }
}

}  // namespace

bool is_about_names(const TemplateChange& change) {
  return change.fields.subject ||
         pkix::find_extension(change.fields.extensions, oid::kSubjectAltName) != nullptr;
}

Result<RequestedTemplate> requested_template(const cmc::TaggedRequest& request,
                                             std::span<const TemplateChange> changes) {
  auto wanted = TRY(own_template(request));
  if (changes.empty()) return wanted;
  for (const auto& change : changes) {
    TRY(check_fields(change));
    TRY(check_values(change));
  }
  TRY(check_conflicts(changes));
  //= E95 RFC 10002 §6.5.1: what stands further out overrides what stands further in
  //= E100 RFC 10002 §6.5.2: for added extensions too, the outermost wins
  for (const auto* change : innermost_first(changes)) apply_change(*change, wanted);
  wanted.are_names_changed = std::any_of(changes.begin(), changes.end(), is_about_names);
  return wanted;
}

}  // namespace signet::policy
