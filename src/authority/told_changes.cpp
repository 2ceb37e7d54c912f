#include "authority/told_changes.h"

namespace signet::authority {
namespace {

void add_item(std::string& line, const std::string& item) {
  line += (line.empty() ? "" : "; ") + item;
}

template <typename Items, typename IdOf>
void add_ids(std::string& line, const std::string& what, const Items& items, IdOf id_of) {
  constexpr std::size_t kMostNamed = 32;
  std::string ids;
  std::size_t named = 0;
  for (const auto& item : items) {
    if (named++ == kMostNamed) {
      ids += ",… (" + std::to_string(items.size()) + ")";
      break;
    }
    ids += (ids.empty() ? "" : ",") + id_of(item);
  }
  if (!ids.empty()) add_item(line, what + " " + ids);
}

}  // namespace

std::string told_changes(const policy::AgentChanges& changes) {
  std::string line;
  add_ids(line, "extensions", changes.extensions, [](const pkix::Extension& extension) {
    return extension.extn_id.to_text() + (extension.critical ? " (critical)" : "");
  });
  add_ids(line, "left out", changes.left_out, [](const asn1::Oid& id) { return id.to_text(); });
  if (changes.not_before) add_item(line, "not before " + signet::to_text(*changes.not_before));
  if (changes.not_after) add_item(line, "not after " + signet::to_text(*changes.not_after));
  return line;
}

}  // namespace signet::authority
