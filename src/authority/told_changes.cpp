#include "authority/told_changes.h"

#include <algorithm>
#include <set>

namespace signet::authority {
namespace {

void add_item(std::string& line, const std::string& item) {
  line += (line.empty() ? "" : "; ") + item;
}

/// `ids`: each once.
void add_ids(std::string& line, const std::string& what, const std::vector<std::string>& ids) {
  std::string told;
  for (std::size_t place = 0; place < std::min(ids.size(), kMostToldChanges); ++place) {
    told += (told.empty() ? "" : ",") + ids[place];
  }
  if (ids.size() > kMostToldChanges) told += ",… (" + std::to_string(ids.size()) + ")";
  if (!told.empty()) add_item(line, what + " " + told);
}

/// In the order given, without doubles.
template <typename Items, typename IdOf>
std::vector<std::string> each_once(const Items& items, IdOf id_of) {
  std::set<std::string> known;
  std::vector<std::string> ids;
  for (const auto& item : items) {
    auto id = id_of(item);
    if (known.insert(id).second) ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace

std::string told_changes(const policy::AgentChanges& changes) {
  std::string line;
  const auto given = each_once(changes.extensions, [](const pkix::Extension& extension) {
    return extension.extn_id.to_text() + (extension.critical ? " (critical)" : "");
  });
  const auto left_out =
      each_once(changes.left_out, [](const asn1::Oid& id) { return id.to_text(); });
  add_ids(line, "extensions", given);
  add_ids(line, "left out", left_out);
  if (changes.not_before) add_item(line, "not before " + signet::to_text(*changes.not_before));
  if (changes.not_after) add_item(line, "not after " + signet::to_text(*changes.not_after));
  return line;
}

}  // namespace signet::authority
