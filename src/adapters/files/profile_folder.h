#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "store/profile_edition.h"

namespace signet::files {

/// The files *.cfg of a folder, sorted; by the shell's rule, so that an editor's own files, whose
/// names begin with a dot, are none. Faults: bad_configuration when there is no such folder.
Result<std::vector<std::filesystem::path>> profile_files(const std::string& folder);

/// The texts of the files *.cfg in a folder, by name. Faults: bad_configuration when there is no
/// such folder, or one of them is no file; storage_failed.
Result<std::vector<store::ProfileFile>> read_profile_folder(const std::string& folder);

/// What a look at the folder shows without reading: another text whenever one of its *.cfg came,
/// went, or was written (name, inode, size, times). Of a folder that cannot be read: why.
std::string look_of_profile_folder(const std::string& folder);

}  // namespace signet::files
