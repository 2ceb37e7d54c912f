#include "apps/signetd/profile_source.h"

#include "adapters/files/profile_folder.h"
#include "policy/profile_collection.h"

namespace signet::server {
namespace {

constexpr std::chrono::milliseconds kFolderPause{250};  // it takes two looks
constexpr std::chrono::milliseconds kStorePause{400};

class FolderSource final : public ProfileSource {
 public:
  explicit FolderSource(std::string folder) : folder_(std::move(folder)) {}

  // Looked at before it is read: what changes meanwhile is seen by the next look.
  Result<FoundProfiles> begin() override {
    seen_ = given_ = files::look_of_profile_folder(folder_);
    return read();
  }

  Result<std::optional<FoundProfiles>> look(Haste haste) override {
    auto now = files::look_of_profile_folder(folder_);
    const bool is_quiet = now == seen_ || haste == Haste::at_once;
    seen_ = std::move(now);
    if (!is_quiet || seen_ == given_) return std::optional<FoundProfiles>();
    auto found = read();
    if (!found.files.ok()) return found.files.error();
    // What was written while it was read may have been read by half.
    if (files::look_of_profile_folder(folder_) != seen_) return std::optional<FoundProfiles>();
    given_ = seen_;
    return std::optional(std::move(found));
  }

  [[nodiscard]] std::chrono::milliseconds pause() const override { return kFolderPause; }

 private:
  [[nodiscard]] FoundProfiles read() const {
    return {folder_, files::read_profile_folder(folder_)};
  }

  std::string folder_;
  std::string seen_;   ///< by the last look
  std::string given_;  ///< by the look after which the folder was last read
};

class StoreSource final : public ProfileSource {
 public:
  StoreSource(store::Engine& store, std::string folder, const Clock& clock)
      : store_(store), folder_(std::move(folder)), clock_(clock) {}

  Result<FoundProfiles> begin() override {
    auto found = TRY(look(Haste::at_once));
    if (!found) {
      TRY(publish_folder());
      found = TRY(look(Haste::at_once));
    }
    if (found) return *std::move(found);
    return Error{Fault::storage_failed, "an edition of the profiles was published and is gone"};
  }

  Result<std::optional<FoundProfiles>> look(Haste) override {
    auto edition = TRY(store_.find_profiles(seen_));
    if (!edition) return std::optional<FoundProfiles>();
    seen_ = edition->number;
    return std::optional(
        FoundProfiles{"edition " + std::to_string(seen_), std::move(edition->files)});
  }

  [[nodiscard]] std::chrono::milliseconds pause() const override { return kStorePause; }

 private:
  /// Faults: also those of the profiles.
  Result<void> publish_folder() {
    const auto files = TRY(files::read_profile_folder(folder_));
    TRY(policy::read_collection(files, folder_));
    const auto published = store_.publish_profiles(files, 0, clock_.now());
    if (published.ok() || published.error().fault == Fault::already_exists) return {};
    return published.error();
  }

  store::Engine& store_;
  std::string folder_;
  const Clock& clock_;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<ProfileSource> profiles_of_folder(std::string folder) {
  return std::make_unique<FolderSource>(std::move(folder));
}

std::unique_ptr<ProfileSource> profiles_of_store(store::Engine& store, std::string folder,
                                                 const Clock& clock) {
  return std::make_unique<StoreSource>(store, std::move(folder), clock);
}

}  // namespace signet::server
