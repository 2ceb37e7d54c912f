#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codec/asn1/oid.h"
#include "codec/pkix/general_name.h"
#include "policy/config_file.h"

namespace signet::policy {

/// The parameters of one default or constraint: `<prefix>params.<name>`, read with what is wrong in
/// them noted. A reader that notes an error gives a harmless value: the profile will not load.
/// `-` and an empty value both mean "not given".
class Parameters {
 public:
  /// `prefix` ends with a dot: "policyset.cmcUserCertSet.1.default.".
  Parameters(const ConfigFile& file, std::string prefix, std::vector<ProfileFault>& faults)
      : file_(file), prefix_(std::move(prefix)), faults_(faults) {}

  /// The value as it stands; empty when absent.
  std::string text(const std::string& name);
  [[nodiscard]] bool has(const std::string& name) const;
  /// "true" or "false", in any case. Not given: `fallback`.
  bool boolean(const std::string& name, bool fallback = false);
  /// The same; none when not given: "do not check".
  std::optional<bool> optional_boolean(const std::string& name);
  std::int64_t number(const std::string& name, std::int64_t fallback);
  std::optional<std::int64_t> optional_number(const std::string& name);
  /// A count, 0..100. Not given: 0.
  int count(const std::string& name);
  /// Must be given.
  asn1::Oid oid(const std::string& name);
  std::vector<asn1::Oid> oids(const std::string& name);
  /// Comma separated; empty when not given.
  std::vector<std::string> list(const std::string& name);
  Bytes hex(const std::string& name);
  /// A name that Dogtag reads but that has no effect, here or there.
  void ignore(const std::string& name) { read_.insert(name); }

  void refuse(const std::string& name, const std::string& reason);
  void warn(const std::string& name, const std::string& reason);
  /// Warns of every parameter in the file that no reader asked for.
  void warn_of_unread();

 private:
  [[nodiscard]] std::string key(const std::string& name) const {
    return prefix_ + "params." + name;
  }
  [[nodiscard]] int line_of(const std::string& name) const;
  void note(ProfileFault::Severity severity, const std::string& name, const std::string& reason);

  const ConfigFile& file_;
  std::string prefix_;
  std::vector<ProfileFault>& faults_;
  std::set<std::string> read_;
};

/// A general name of one of Dogtag's types from text: RFC822Name, DNSName, DirectoryName, URIName,
/// IPAddress, OIDName, any case. EDIPartyName and OtherName are not offered: unsupported_message.
/// Faults: also malformed, when the text is no such name.
Result<pkix::GeneralName> general_name_from_text(std::string_view type, const std::string& text);

}  // namespace signet::policy
