#pragma once

#include "codec/pkix/extension.h"

namespace signet::policy {

/// Whether a certificate for `subject` may carry these extensions together: the rules of
/// RFC 5280 §4.2 for conforming authorities, and of RFC 10002 §9.2. Each value must be well formed,
/// be critical or not as its section demands, and agree with the others.
/// What needs the issuer's certificate is in issuance/lint.h.
/// Faults: extension_not_allowed, naming the rule and its section; malformed for a value.
Result<void> check_extension_rules(const pkix::Extensions& extensions, const pkix::Name& subject);

/// Whether RFC 5280 (or RFC 6960, for ocspNoCheck) defines this extension for certificates.
bool is_known_extension(const asn1::Oid& id);

}  // namespace signet::policy
