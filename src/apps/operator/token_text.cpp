#include "apps/operator/token_text.h"

namespace signet::tool {

Json token_to_json(const store::SharedToken& token) {
  Json json{{"identification", token.identification},
            {"subject", token.subject},
            {"created_at", signet::to_text(token.created_at)},
            {"uses_allowed", token.uses_allowed}};
  json["expires_at"] = token.expires_at ? Json(signet::to_text(*token.expires_at)) : Json();
  return json;
}

}  // namespace signet::tool
