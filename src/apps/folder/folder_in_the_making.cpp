#include "apps/folder/folder_in_the_making.h"

#include <filesystem>
#include <utility>

#include "apps/folder/new_authority.h"
#include "apps/tool/file_pair.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{1};

}  // namespace

Result<FolderInTheMaking> FolderInTheMaking::begin(const std::string& directory) {
  const bool was_there = is_there(directory);
  TRY(prepare_directory(directory));
  auto held = TRY(wait_for_turn({fs::path(directory) / "ca.pem", "", ""}, kPatience));
  TRY(prepare_directory(
      directory));  // another one may have put its files there before its turn ended
  return FolderInTheMaking(fs::absolute(directory).string(), std::move(held), was_there);
}

FolderInTheMaking::FolderInTheMaking(FolderInTheMaking&& other) noexcept
    : directory_(std::exchange(other.directory_, {})),
      held_(std::move(other.held_)),
      was_there_(other.was_there_) {}

FolderInTheMaking::~FolderInTheMaking() {
  if (directory_.empty()) return;
  std::error_code ignored;
  for (fs::directory_iterator entry(directory_, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    std::error_code stays;
    fs::remove_all(entry->path(), stays);
  }
  if (!was_there_) fs::remove(directory_, ignored);
}

}  // namespace signet::tool
