#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "store/certificate_store.h"

namespace signet::server {

/// Profiles as they were found, before anybody looked into them.
struct FoundProfiles {
  std::string place;  ///< the folder, or "edition 3"
  Result<std::vector<store::ProfileFile>> files;
};

/// Where a server's profiles come from ([authority] profiles_from). One thread at a time.
class ProfileSource {
 public:
  virtual ~ProfileSource() = default;
  /// Those to begin with. Faults: those of the place.
  virtual Result<FoundProfiles> begin() = 0;

  enum class Haste { none, at_once };
  /// Those of now, once after each change. What is still being changed is given when it was the
  /// same for two looks, or at once. Faults: those of asking; then the change is given later.
  virtual Result<std::optional<FoundProfiles>> look(Haste haste) = 0;
  /// Between two looks, so that a change is taken within a second.
  [[nodiscard]] virtual std::chrono::milliseconds pause() const = 0;
};

/// A folder of *.cfg, which an operator edits in place.
std::unique_ptr<ProfileSource> profiles_of_folder(std::string folder);

/// The store's newest edition. While it has none, `folder` becomes the first: of nodes that begin
/// at the same time one publishes, and all take what that one published. `store` and `clock`
/// outlive the source.
std::unique_ptr<ProfileSource> profiles_of_store(store::Engine& store, std::string folder,
                                                 const Clock& clock);

}  // namespace signet::server
