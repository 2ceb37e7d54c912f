#pragma once

#include <functional>
#include <string>

#include "apps/signetd/routes.h"

namespace signet::server {

/// The message of this request, which it gives away, and over what it came. `profile`: that of the
/// path; ?profileId= goes before it. Faults: malformed, where the name of the profile is no UTF-8,
/// as the answer would be that tells of it.
Result<authority::Inquiry> inquiry_of(http::Request& request, std::string profile);

/// Has the authority answer, and counts the answer; `take` gets it on any thread.
void inquire(const RouteParts& parts, authority::Inquiry inquiry,
             std::function<void(authority::Answer)> take);

}  // namespace signet::server
