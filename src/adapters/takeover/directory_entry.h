#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ldif/reader.h"
#include "base/clock.h"

namespace signet::takeover {

/// What an entry of Dogtag's directory is about, by its objectClass.
enum class EntryKind {
  certificate,    ///< certificateRecord
  request,        ///< request
  issuing_point,  ///< crlIssuingPointRecord
  profile,        ///< certProfile: kept in the directory instead of files
  user,           ///< its agents and administrators
  deleted,        ///< a tombstone
  other           ///< its own configuration, folders, ranges of numbers, …
};
EntryKind kind_of(const ldif::Entry& entry);

/// The first value of an attribute, whatever its options; null when there is none. `name` in lower
/// case. Values that a replica only remembers as deleted do not count.
const ldif::Attribute* find(const ldif::Entry& entry, std::string_view name);
/// The one with this option. As find.
const ldif::Attribute* find(const ldif::Entry& entry, std::string_view name,
                            std::string_view option);
/// As text; empty when there is none.
std::string text_of(const ldif::Entry& entry, std::string_view name);
/// Of a metaInfo "key:value" the value; empty when there is none.
std::string meta_info(const ldif::Entry& entry, std::string_view key);

/// Numbers stand with two digits before them that say how many digits they have, so that they sort
/// as text: "0517389" is 17389. The number in decimal. Faults: malformed.
Result<std::string> read_number(std::string_view text);

/// The server's own time zone: from a time that it wrote to UTC.
using ToUtc = std::function<Time(Time written)>;

/// "20261123144620Z". The Z is written whatever the server's zone. Faults: malformed.
Result<Time> read_date(std::string_view text, const ToUtc& to_utc);

/// revInfo: date[;CRLReasonExtension=n][;InvalidityDateExtension=date], other extensions passed
/// over. Faults: malformed.
struct RevocationInfo {
  Time at;
  std::optional<int> reason = {};  ///< as written, whatever it is
  std::optional<Time> invalidity_date = {};
  bool operator==(const RevocationInfo&) const = default;
};
Result<RevocationInfo> read_revocation_info(std::string_view text, const ToUtc& to_utc);

}  // namespace signet::takeover
