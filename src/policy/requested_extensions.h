#pragma once

#include "policy/policy.h"

namespace signet::policy {

/// The extensions that a request asks for, each value well formed by its own type.
/// Faults: malformed, trailing_data.
Result<pkix::Extensions> read_requested_extensions(const cmc::TaggedRequest& request);

/// Whether each value is well formed by its own type. Faults: malformed, trailing_data.
Result<void> check_well_formed(const pkix::Extensions& extensions);

/// Whether the request can be granted with the extensions that the profile gave it: every one asked
/// for, by the request or by an agent in between (template_change.h), is copied, altered or
/// dropped, but nobody gets the opposite of what it asked for, nor what it may not have (RFC 10002
/// §3.1, §3.2.1.2.2; dogtag/profiles.md §2). Faults: extension_not_allowed.
Result<void> check_requested_extensions(const RequestFacts& facts, const CertificateDraft& draft);

}  // namespace signet::policy
