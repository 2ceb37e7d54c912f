#pragma once

#include "apps/tool/report.h"
#include "policy/profile.h"

namespace signet::tool {

/// A profile told to a person: who may ask, and what a certificate from it holds.
void print_profile(std::ostream& out, const policy::Profile& profile);

/// {"profile":…,"name":…,"enabled":true,"authenticator":…,"who":[…],"approval":false,
///  "sets":[{"id":…,"statements":[{"topic":"extension","kind":"given","text":…,
///  "extension":"keyUsage","oid":…,"critical":true}]}]}
Json to_json(const policy::Profile& profile);

/// {"line":12,"severity":"error","reason":…}
Json to_json(const policy::ProfileFault& fault);

}  // namespace signet::tool
