#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/build_request.h"

namespace signet::dogtag {

/// The certification requests of a file: one PKCS#10, or the CertReqMessages that CRMFPopClient
/// writes; PEM, base64 or DER. Faults: storage_failed; malformed, naming the file and, where it
/// holds the other form, saying so and what to do then (`advice`).
Result<std::vector<client::RequestItem>> read_request_file(const std::string& path,
                                                           client::RequestForm form,
                                                           std::string_view advice);

}  // namespace signet::dogtag
