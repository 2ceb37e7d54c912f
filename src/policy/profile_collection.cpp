#include "policy/profile_collection.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::policy {
namespace {

Error unusable(const std::vector<ProfileFault>& errors) {
  std::string text;
  for (const auto& fault : errors) text += (text.empty() ? "" : "\n") + to_text(fault);
  return {Fault::bad_configuration, text};
}

}  // namespace

Result<ProfileCollection> read_collection(const std::vector<store::ProfileFile>& files,
                                          const std::string& place) {
  ProfileCollection read;
  std::vector<ProfileFault> errors;
  for (const auto& file : files) {
    auto parsed = Profile::parse(place + "/" + file.name, file.text);
    for (auto& fault : parsed.faults) {
      const bool is_error = fault.severity == ProfileFault::Severity::error;
      (is_error ? errors : read.warnings).push_back(std::move(fault));
    }
    if (parsed.profile == nullptr) continue;
    if (parsed.profile->enabled()) {
      read.digests[parsed.profile->id()] = crypto::sha256(as_bytes(file.text));
    }
    read.profiles.add(std::move(parsed.profile));
  }
  if (!errors.empty()) return unusable(errors);
  if (read.digests.empty()) {
    return Error{Fault::bad_configuration, place + ": holds no enabled profile (*.cfg)"};
  }
  read.digest = digest_of(files);
  return read;
}

std::string digest_of(const std::vector<store::ProfileFile>& files) {
  std::map<std::string, std::string> digests;
  for (const auto& file : files) digests[file.name] = to_hex(crypto::sha256(as_bytes(file.text)));
  std::string list;
  for (const auto& [name, digest] : digests) list += digest + "  " + name + "\n";
  return to_hex(crypto::sha256(as_bytes(list)));
}

CollectionChange change_between(const ProfileCollection& before, const ProfileCollection& after) {
  CollectionChange change;
  for (const auto& [id, digest] : after.digests) {
    const auto earlier = before.digests.find(id);
    if (earlier == before.digests.end()) {
      change.added.push_back(id);
    } else if (earlier->second != digest) {
      change.changed.push_back(id);
    }
  }
  for (const auto& [id, digest] : before.digests) {
    if (after.digests.count(id) == 0) change.withdrawn.push_back(id);
  }
  return change;
}

}  // namespace signet::policy
