#include "apps/enrollment/extension_text.h"

#include "base/encoding.h"

namespace signet::tool {

Result<pkix::Extension> extension_from_text(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) {
    return Error{Fault::malformed, "\"" + text + "\": write OID=HEX or OID,critical=HEX"};
  }
  auto oid = text.substr(0, equals);
  constexpr std::string_view kCritical = ",critical";
  const bool critical = oid.ends_with(kCritical);
  if (critical) oid.resize(oid.size() - kCritical.size());
  const auto type = TRY(asn1::Oid::from_text(oid));
  auto value = TRY(from_hex(text.substr(equals + 1)));
  return pkix::Extension{type, critical, std::move(value)};
}

}  // namespace signet::tool
