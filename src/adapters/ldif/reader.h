#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/ldif/line_reader.h"
#include "base/bytes.h"
#include "base/result.h"

namespace signet::ldif {

/// What one entry may cost. What goes beyond is passed over, and said in the entry.
struct Limits {
  std::size_t value_octets = 1024 * 1024;  ///< a certificate's record has a hundredth of it
  std::size_t entry_octets = 8 * 1024 * 1024;
  std::size_t attributes = 10'000;
};

/// One value. An attribute with several stands there several times.
struct Attribute {
  std::string name;          ///< the type, in lower case: "usercertificate"
  std::string options;       ///< in lower case, with their semicolons: ";binary"; empty: none
  Bytes value;               ///< decoded
  bool is_too_long = false;  ///< then `value` is empty
  bool operator==(const Attribute&) const = default;

  [[nodiscard]] std::string_view text() const { return as_text(value); }
  /// Whether it stands among the options; `option` in lower case, without semicolon.
  [[nodiscard]] bool has_option(std::string_view option) const;
};

struct Entry {
  std::uint64_t line = 0;  ///< where it begins
  std::string dn;          ///< empty: it has none
  std::vector<Attribute> attributes;
  /// Why it is no whole entry: the first thing wrong with it, with its line; empty: nothing is.
  std::string fault;
  std::size_t passed_over = 0;  ///< attributes beyond the limits of one entry
};

/// The entries of an LDIF file (RFC 2849 §2, ldif-content), one after another.
///
///   ldif-content = version-spec 1*(1*SEP ldif-attrval-record)
///   value-spec   = ":" ( FILL 0*1(SAFE-STRING) / ":" FILL (BASE64-STRING) / "<" FILL url )
///
/// As real directories write: values may hold any octets but line ends, the version may be absent,
/// an empty line too. Values by URL are not fetched: a fault of the entry. So are changes
/// (changetype). Does not check that a DN is one, nor attributes against a schema.
class Reader {
 public:
  explicit Reader(std::istream& in, Limits limits = {});

  /// None after the last. Faults: storage_failed (the stream), malformed (another version of LDIF).
  Result<std::optional<Entry>> next();
  [[nodiscard]] std::uint64_t octets_read() const { return lines_.octets_read(); }

 private:
  /// The first line of the next entry; false at the end.
  bool next_entry_line();
  Result<void> check_version();
  void take_line(Entry& entry);

  Limits limits_;
  LineReader lines_;
  Line line_;
  bool is_first_ = true;
  std::size_t entry_octets_ = 0;
};

}  // namespace signet::ldif
