#pragma once

#include <optional>

#include "policy/policy.h"

namespace signet::policy {

/// A parameter with places for what the request says: "CN=$request.req_subject_name.cn$,O=Example"
/// (dogtag/profiles.md §5). Attribute names are looked up ignoring case. Known here:
///   req_subject_name, req_subject_name.cn, req_subject_name.uid   the subject asked for
///   authenticatedName                                             the signer's subject
///   cmcSigningCert                                                the signer's serial, decimal
///   bodyPartId, profileId, profileSetId
class RequestPattern {
 public:
  /// Faults: malformed: a lone '$', a place that does not begin with "request.".
  static Result<RequestPattern> parse(std::string_view text);

  [[nodiscard]] bool is_literal() const;
  /// As it was parsed.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// The attributes named that no request of ours ever has: their places can never be filled.
  [[nodiscard]] std::vector<std::string> unknown_attributes() const;

  /// The text with its places filled; none when the request lacks one of them or it is empty.
  /// Ours: Dogtag leaves "$request.…$" as it stands then, which would be certified.
  [[nodiscard]] std::optional<std::string> fill(const RequestFacts& facts) const;
  /// The same, what is filled in escaped as an attribute value of RFC 4514 (except whole names):
  /// a requester cannot add attributes by a value with a comma.
  [[nodiscard]] std::optional<std::string> fill_name(const RequestFacts& facts) const;

 private:
  struct Part {
    bool is_place = false;
    std::string text;  ///< literal text, or the attribute's name in lower case
  };
  enum class Escape { none, rfc4514 };
  [[nodiscard]] std::optional<std::string> fill(const RequestFacts& facts, Escape escape) const;

  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace signet::policy
