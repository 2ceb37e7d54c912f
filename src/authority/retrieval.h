#pragma once

#include "authority/asker.h"
#include "authority/granted.h"

namespace signet::authority {

/// Whether the message asks for certificates or CRLs.
bool asks_to_retrieve(const cmc::PkiRequest& message);

/// Whether it asks for them and wants nothing certified.
bool only_retrieves(const envelope::OpenedRequest& request);

/// getCert and getCRL (RFC 10002 §6.9, §6.10), at most 64 and 16 of a message; all found or an
/// error. What is asked for twice is found once. CRLs: one alone, or 64 MiB in all.
/// Who asks must be known, and may ask for anything: certificates and CRLs are public.
/// Faults, naming the control: certificate_not_found, crl_not_found; malformed;
/// unsupported_message (revocations beside); too_large; storage_failed.
Result<Granted> retrieve(const Asker& asker);

/// Puts what was found beside what was granted: both or neither. A challenge, or a wait for an
/// agent, grants nothing yet.
void add_retrieved(Granted retrieved, Granted& granted);

}  // namespace signet::authority
