#pragma once

#include <span>
#include <string>

#include "codec/cmc/pki_data.h"

namespace signet::policy {

/// What a registration authority changes in one request: modCertTemplate (RFC 10002 §6.5.1) or
/// addExtensions (§6.5.2). That it may is proven before this is made.
struct TemplateChange {
  enum class Way {
    replace,    ///< the fields that are there take the place of the request's
    leave_out,  ///< the fields that are there are left out, whatever their values
  };
  std::string told_as;    ///< for refusals: "modCertTemplate 7 of CN=RA"
  std::size_t layer = 0;  ///< of messages around the request: 0 stands right around it
  Way way = Way::replace;
  /// Each extension is a field of its own; so are notBefore and notAfter of the validity.
  crmf::CertTemplate fields = {};
};

/// Whether the change gives or takes a subject or a SubjectAltName, the same or another.
bool is_about_names(const TemplateChange& change);

/// What is asked for, once those between have changed it. The octets of the request stay what its
/// key signed.
struct RequestedTemplate {
  pkix::Name subject;           ///< as written; empty where it was left out
  pkix::Extensions extensions;  ///< each value well formed
  crmf::OptionalValidity validity;
  std::optional<pkix::AlgorithmIdentifier> signing_algorithm;
  bool are_names_changed = false;  ///< one of the changes is_about_names
};

/// The request's own template with `changes`, those of the innermost layer first, so that outer
/// ones have the last word; the changes come in any order. Faults: malformed when the request has
/// no subject or one of its extensions cannot be read, when an extension given in its place cannot,
/// when a change is about a field that nobody may change (version, serialNumber, issuer, publicKey,
/// the unique ids; keyUsage: RFC 8756 §6.1), and when two of one layer are about the same field;
/// trailing_data for an extension's value.
Result<RequestedTemplate> requested_template(const cmc::TaggedRequest& request,
                                             std::span<const TemplateChange> changes);

}  // namespace signet::policy
