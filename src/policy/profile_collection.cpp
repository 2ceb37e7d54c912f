#include "policy/profile_collection.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::policy {
namespace {

/// An error in what is not enabled keeps nothing from being offered.
void sort_faults(Profile::Parsed& parsed, ProfileCollection& read) {
  for (auto& fault : parsed.faults) {
    const bool is_error = fault.severity == ProfileFault::Severity::error;
    if (is_error && parsed.is_switched_off) {
      fault.severity = ProfileFault::Severity::warning;
      fault.reason = "not enabled, and could not be: " + fault.reason;
    }
    (is_error && !parsed.is_switched_off ? read.errors : read.warnings).push_back(std::move(fault));
  }
}

}  // namespace

Error unusable(const ProfileCollection& collection) {
  std::string text;
  for (const auto& fault : collection.errors) text += (text.empty() ? "" : "\n") + to_text(fault);
  return {Fault::bad_configuration, text};
}

Result<ProfileCollection> read_collection(const std::vector<store::ProfileFile>& files,
                                          const std::string& place, WithErrors with_errors) {
  ProfileCollection read;
  for (const auto& file : files) {
    auto parsed = Profile::parse(place + "/" + file.name, file.text);
    sort_faults(parsed, read);
    if (parsed.profile == nullptr) {
      if (!parsed.is_switched_off) read.left_out.push_back(file.name);
      continue;
    }
    if (parsed.profile->enabled()) {
      read.digests[parsed.profile->id()] = crypto::sha256(as_bytes(file.text));
    }
    read.profiles.add(std::move(parsed.profile));
  }
  std::sort(read.left_out.begin(), read.left_out.end());
  const bool none_is_left = read.digests.empty();
  if (!read.errors.empty() && (none_is_left || with_errors == WithErrors::refuse_all)) {
    return unusable(read);
  }
  if (none_is_left) {
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
