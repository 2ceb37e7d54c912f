#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signet::tool {

/// What came of checking a signature (or another proof that the octets themselves carry).
enum class Check {
  none,        ///< nothing to check here
  verified,    ///< it holds
  broken,      ///< it does not
  not_checked  ///< what it takes is not in the file, or not offered here
};

/// One part of a message in the standard's terms: "transactionId" "0x1234", with its parts below.
/// Values are text for people; octets from outside are made fit for a terminal when printed.
struct AnnotatedTree {
  std::string name;
  std::string value = {};
  Check check = Check::none;
  std::string remark = {};  ///< why it is broken or not checked, or whose signature it is
  std::vector<AnnotatedTree> children = {};

  /// Puts a part below this one and gives this one back.
  AnnotatedTree& add(AnnotatedTree child) {
    children.push_back(std::move(child));
    return *this;
  }
  AnnotatedTree& add(std::string child_name, std::string child_value) {
    return add(AnnotatedTree{std::move(child_name), std::move(child_value)});
  }
  bool operator==(const AnnotatedTree&) const = default;
};

/// How many checks of a tree came out how.
struct CheckCounts {
  std::size_t verified = 0;
  std::size_t broken = 0;
  std::size_t not_checked = 0;
  bool operator==(const CheckCounts&) const = default;
};
CheckCounts count_checks(const AnnotatedTree& tree);

/// The first part of this name, the tree itself included, depth first; null when there is none.
const AnnotatedTree* find_part(const AnnotatedTree& tree, const std::string& name);

}  // namespace signet::tool
