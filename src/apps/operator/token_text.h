#pragma once

#include "apps/tool/report.h"
#include "store/certificate_store.h"

namespace signet::tool {

/// {"identification":…,"subject":…,"created_at":…,"uses_allowed":1,"expires_at":…}: no secret.
Json token_to_json(const store::SharedToken& token);

}  // namespace signet::tool
