#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/asn1/oid.h"
#include "policy/profile.h"

namespace signet::policy {

/// What a statement is about.
enum class Topic { subject, validity, key, renewal, extension, signature };
/// "subject"
std::string_view to_text(Topic topic);

/// What one default gives, or one constraint demands, told to people: "180 days from the moment of
/// issue". A clause without full stop, from the parameters that are in force.
struct Statement {
  Topic topic;
  std::string text;
  std::optional<asn1::Oid> extension = {};  ///< what Topic::extension is about
  /// Of the extension: as it will be, or must be. None: a constraint that does not look at it.
  std::optional<bool> critical = {};
};

/// One for most policies; none for those that do nothing.
using Statements = std::vector<Statement>;

/// Dogtag's name of it: "CMCUserSignedAuth".
std::string_view to_text(Authenticator authenticator);
/// Who may ask for a certificate, and how it is proven: clauses without full stop.
std::vector<std::string> describe(Authenticator authenticator);

/// "a, b and c" with `last` before the last one.
std::string join(const std::vector<std::string>& items, std::string_view last);

}  // namespace signet::policy
