#include "policy/parameters.h"

#include "base/encoding.h"
#include "base/nearest_word.h"
#include "policy/text.h"

namespace signet::policy {
namespace {

constexpr int kMostItems = 100;  // of a numbered list in a profile; Dogtag's own pages stop at 10

bool is_given(const std::string& value) {
  return !value.empty() && value != "-";
}

}  // namespace

bool Parameters::has(const std::string& name) const {
  return file_.find(key(name)) != nullptr;
}

std::string Parameters::text(const std::string& name) {
  read_.insert(name);
  const auto* entry = file_.find(key(name));
  return entry == nullptr ? std::string{} : entry->value;
}

std::optional<bool> Parameters::optional_boolean(const std::string& name) {
  const auto value = text(name);
  if (!is_given(value)) return std::nullopt;
  if (equal_without_case(value, "true")) return true;
  if (!equal_without_case(value, "false"))
    refuse(name, "'" + value + "' is neither true nor false");
  return false;
}

bool Parameters::boolean(const std::string& name, bool fallback) {
  return optional_boolean(name).value_or(fallback);
}

std::optional<std::int64_t> Parameters::optional_number(const std::string& name) {
  const auto value = text(name);
  if (!is_given(value)) return std::nullopt;
  const auto number = number_from_text(value);
  if (!number) refuse(name, "'" + value + "' is not a whole number");
  return number.value_or(0);
}

std::int64_t Parameters::number(const std::string& name, std::int64_t fallback) {
  return optional_number(name).value_or(fallback);
}

int Parameters::count(const std::string& name) {
  const auto value = number(name, 0);
  if (value >= 0 && value <= kMostItems) return static_cast<int>(value);
  refuse(name, "must be 0 to " + std::to_string(kMostItems) + ", not " + std::to_string(value));
  return 0;
}

std::vector<std::string> Parameters::list(const std::string& name) {
  const auto value = text(name);
  return is_given(value) ? split_list(value) : std::vector<std::string>{};
}

asn1::Oid Parameters::oid(const std::string& name) {
  const auto value = text(name);
  auto oid = asn1::Oid::from_text(value);
  if (oid.ok()) return *oid;
  refuse(name, "'" + value + "' is not an object identifier in dotted numbers");
  return {};
}

std::vector<asn1::Oid> Parameters::oids(const std::string& name) {
  std::vector<asn1::Oid> oids;
  for (const auto& item : list(name)) {
    auto oid = asn1::Oid::from_text(item);
    if (oid.ok()) {
      oids.push_back(*oid);
    } else {
      refuse(name, "'" + item + "' is not an object identifier in dotted numbers");
    }
  }
  return oids;
}

Bytes Parameters::hex(const std::string& name) {
  auto octets = from_hex(text(name));
  if (octets.ok()) return *std::move(octets);
  refuse(name, "is not hexadecimal: " + octets.error().detail);
  return {};
}

int Parameters::line_of(const std::string& name) const {
  const int line = file_.line_of(key(name));
  return line != 0 ? line : file_.line_of(prefix_ + "class_id");
}

void Parameters::note(ProfileFault::Severity severity, const std::string& name,
                      const std::string& reason) {
  faults_.push_back({severity, file_.name, line_of(name), key(name) + ": " + reason});
}

void Parameters::refuse(const std::string& name, const std::string& reason) {
  note(ProfileFault::Severity::error, name, reason);
}

void Parameters::warn(const std::string& name, const std::string& reason) {
  note(ProfileFault::Severity::warning, name, reason);
}

void Parameters::warn_of_unread() {
  const auto front = key("");
  const std::vector<std::string_view> known(read_.begin(), read_.end());
  for (auto at = file_.entries.lower_bound(front);
       at != file_.entries.end() && at->first.starts_with(front); ++at) {
    const auto name = at->first.substr(front.size());
    if (read_.contains(name)) continue;
    warn(name, "unknown parameter, has no effect" + do_you_mean(name, known));
  }
}

Result<pkix::GeneralName> general_name_from_text(std::string_view type, const std::string& text) {
  if (equal_without_case(type, "RFC822Name")) return pkix::GeneralName{pkix::Rfc822Name{text}};
  if (equal_without_case(type, "DNSName")) return pkix::GeneralName{pkix::DnsName{text}};
  if (equal_without_case(type, "URIName")) {
    return pkix::GeneralName{pkix::UniformResourceIdentifier{text}};
  }
  if (equal_without_case(type, "DirectoryName")) {
    return pkix::GeneralName{TRY(pkix::name_from_text(text))};
  }
  if (equal_without_case(type, "OIDName")) {
    return pkix::GeneralName{pkix::RegisteredId{TRY(asn1::Oid::from_text(text))}};
  }
  if (equal_without_case(type, "IPAddress")) {
    return pkix::GeneralName{pkix::IpAddress{TRY(ip_address_from_text(text))}};
  }
  return Error{Fault::unsupported_message,
               "names of type '" + std::string{type} +
                   "' are not offered; there are RFC822Name, DNSName, DirectoryName, URIName, "
                   "IPAddress and OIDName"};
}

}  // namespace signet::policy
