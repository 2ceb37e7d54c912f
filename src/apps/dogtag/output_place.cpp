#include "apps/dogtag/output_place.h"

#include <unistd.h>

#include <filesystem>

namespace signet::dogtag {

Result<void> check_output_place(const std::string& path, std::string_view as_written) {
  namespace fs = std::filesystem;
  const auto folder = fs::absolute(path).parent_path();
  std::error_code error;
  const auto cannot = [&](const std::string& why) {
    return Error{Fault::storage_failed, std::string(as_written) + " cannot be written: " + why};
  };
  if (!fs::is_directory(folder, error)) return cannot(folder.string() + " is no folder");
  if (fs::is_directory(path, error)) return cannot("it is a folder");
  const bool may_write = ::access(folder.c_str(), W_OK) == 0 ||  // a new file takes its place
                         ::access(path.c_str(), W_OK) == 0;      // a device, or /dev/stdout
  if (may_write) return {};
  return cannot("no permission to write in " + folder.string());
}

}  // namespace signet::dogtag
