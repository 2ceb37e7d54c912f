#pragma once

#include <string>
#include <vector>

#include "apps/upkeep/own_certificate_status.h"

namespace signet::tool {

/// What is wrong in an authority's folder beside its certificates, and what to do about it.
struct FolderFinding {
  std::string what;  ///< "store", "CRL", "journal", "left"
  std::string file;  ///< where; empty: in no file of the folder
  std::string problem;
  std::string next;
};

/// The store that cannot be asked or is gone, its CRLs that are overdue or of the future, a journal
/// that is gone, and files that a killed command left behind, which may hold keys or secrets. Looks
/// at no record of store or journal twice: that a backup and `signet audit verify` do. A server's
/// memory cannot be looked into. `engine`: as look_into_store gave it.
std::vector<FolderFinding> findings_in(const AuthorityFolder& folder, const StoreAsOpened& engine,
                                       const Clock& clock);

}  // namespace signet::tool
