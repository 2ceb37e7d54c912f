#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/folder/new_authority.h"
#include "apps/import/import_report.h"
#include "apps/tool/progress.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// What `signet import dogtag` is asked for.
struct Takeover {
  /// Where the authority goes, and what it gets besides. Its subject and key come from the files
  /// below.
  NewAuthority authority;
  std::string ldif_file;
  std::string pkcs12_file;  ///< the signing key with its certificates; or else the next two
  std::string key_file;     ///< or a token's key, which stays there
  std::string
      certificate_file;  ///< of the signing key, its chain after it; with a PKCS#12: more chain
  std::string source_passphrase_file;  ///< of the PKCS#12 or the key file
  std::string profiles;              ///< Dogtag's folder; empty: those that come with this program
  std::string tls_certificate_file;  ///< empty: the authority makes one
  std::string tls_key_file;
  std::vector<std::string> agent_certificate_files;  ///< empty: the authority makes an agent
  std::string protection_key_file;                   ///< opens wrapped revocation secrets; or empty
  std::string time_zone;                             ///< of the server that wrote the export
  std::optional<std::uint64_t> next_crl_number;      ///< none: as the export says
};

struct TakenOver {
  MadeAuthority made;
  ImportReport report;
};

/// Takes over an authority of Dogtag's. Started again after it was cut short, with the same
/// arguments, it goes on and ends with the same store. signetd.toml is written last: without it
/// there is no authority.
/// Faults: bad_configuration (arguments, the folder, another export than before, times of another
/// zone), already_exists (a serial number given twice), malformed, those of the files and the
/// store.
Result<TakenOver> import_authority(const Takeover& wanted, const Surroundings& surroundings,
                                   Progress& progress);

}  // namespace signet::tool
