#include "apps/folder/folder_configuration.h"

#include <filesystem>

#include "adapters/files/file.h"

namespace signet::tool {

Result<std::optional<server::Configuration>> read_folder_configuration(
    const std::string& directory) {
  const auto file = (std::filesystem::path{directory} / "signetd.toml").string();
  std::error_code error;  // of a folder that may not be looked into: the reading says so
  if (!std::filesystem::exists(file, error) && !error) {
    return std::optional<server::Configuration>();
  }
  const auto text = TRY(files::read_file(file));
  return std::optional{TRY(server::read_configuration(file, as_text(text)))};
}

}  // namespace signet::tool
