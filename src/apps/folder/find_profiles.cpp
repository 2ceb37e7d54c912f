#include "apps/folder/find_profiles.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/files/profile_folder.h"
#include "apps/tool/file_kind.h"
#include "base/nearest_word.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".cfg";

bool is_path(const std::string& name_or_file) {
  return name_or_file.find('/') != std::string::npos || name_or_file.ends_with(kEnding);
}

/// What a file is that has no line of a profile; empty: it may be one.
std::string what_no_profile_is(ByteView file) {
  if (!file.empty() && !is_plain_text(file)) return "it is no text";
  const bool is_pem = as_text(file).find("-----BEGIN ") != std::string_view::npos;
  return file.empty() || is_pem ? what_file_is(file) : "";
}

}  // namespace

Result<std::string> find_profiles(const std::string& given) {
  const auto program = fs::read_symlink("/proc/self/exe").parent_path();
  const std::vector<fs::path> places =
      given.empty() ? std::vector<fs::path>{program / "../share/signet/profiles",
                                            program / "../../../profiles", "profiles"}
                    : std::vector<fs::path>{given};
  std::error_code ignored;
  for (const auto& place : places) {
    if (fs::is_directory(place, ignored)) return place.string();
  }
  return Error{Fault::bad_configuration,
               (given.empty() ? std::string("the shipped profiles") : given) +
                   " cannot be found; name their folder with --profiles"};
}

Result<policy::Profile::Parsed> read_profile(const std::string& file) {
  const auto octets = TRY(files::read_file(file));
  if (const auto kind = what_no_profile_is(octets); !kind.empty()) {
    return Error{Fault::malformed, file + " is no profile: " + kind};
  }
  return policy::Profile::parse(file, as_text(octets));
}

Result<std::vector<std::string>> profiles_not_offered(const std::string& folder) {
  std::vector<std::string> errors;
  for (const auto& file : TRY(files::profile_files(folder))) {
    const auto octets = TRY(files::read_file(file));
    const auto parsed = policy::Profile::parse(file, as_text(octets));
    if (parsed.profile != nullptr || parsed.is_switched_off) continue;
    const auto first = std::find_if(
        parsed.faults.begin(), parsed.faults.end(), [](const policy::ProfileFault& fault) {
          return fault.severity == policy::ProfileFault::Severity::error;
        });
    errors.push_back(to_text(*first));
  }
  return errors;
}

Result<std::string> profile_file(const std::string& name_or_file, const std::string& folder) {
  if (is_path(name_or_file)) return name_or_file;
  const auto place = TRY(find_profiles(folder));
  std::vector<std::string> ids;
  for (const auto& file : TRY(files::profile_files(place))) ids.push_back(file.stem().string());
  if (std::find(ids.begin(), ids.end(), name_or_file) != ids.end()) {
    return (fs::path(place) / (name_or_file + kEnding)).string();
  }
  return Error{Fault::bad_configuration, place + " has no profile '" + name_or_file + "'" +
                                             do_you_mean(name_or_file, {ids.begin(), ids.end()})};
}

}  // namespace signet::tool
