#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::tool {

/// How far an import into a folder has come.
enum class ImportStage {
  fresh,    ///< nothing is there yet
  prepared  ///< key, store and the rest are there, records perhaps in part
};

/// The folder that an authority is imported into. A note in `import/source.json` says from what,
/// so that an import that was cut short goes on with the same, and nothing else is ever touched.
class ImportFolder {
 public:
  /// Makes it, or finds how far it has come. What a preparation that was cut short left of store
  /// and journal is removed. `fingerprint` stands for all that is imported. Faults:
  /// bad_configuration (in use, another import's, already an authority), storage_failed.
  static Result<ImportFolder> open(const std::string& directory, const Bytes& fingerprint);

  [[nodiscard]] ImportStage stage() const { return stage_; }
  /// From now on, an import started again goes on. Faults: storage_failed.
  Result<void> set_prepared();
  /// "import/" within it, where the report goes.
  [[nodiscard]] std::string report_folder() const;

 private:
  ImportFolder(std::string directory, std::string fingerprint, ImportStage stage)
      : directory_(std::move(directory)), fingerprint_(std::move(fingerprint)), stage_(stage) {}
  [[nodiscard]] Result<void> write_note() const;

  std::string directory_;
  std::string fingerprint_;  ///< hexadecimal
  ImportStage stage_;
};

/// A digest of a file of any size: SHA-256 of its blocks, each with the digest of what was before.
/// Faults: storage_failed.
Result<Bytes> fingerprint_of_file(const std::string& path);

}  // namespace signet::tool
