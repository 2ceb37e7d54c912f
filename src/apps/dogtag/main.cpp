#include <filesystem>
#include <iostream>

#include "adapters/files/descriptor.h"
#include "apps/dogtag/run.h"
#include "base/core_dumps.h"

namespace {

using namespace signet;

Result<std::shared_ptr<pkcs11::Token>> open_token(const std::string& folder,
                                                  const std::string& token,
                                                  const SecretBytes& password) {
  if (token.empty()) return pkcs11::open_nss_database(folder, password);
  pkcs11::Uri uri;
  uri.token = token;
  return pkcs11::open_token(uri, password);
}

}  // namespace

int main(int argc, char** argv) {
  keep_out_of_core_dumps();
  files::hold_standard_descriptors();
  const auto name = std::filesystem::path(argc > 0 ? argv[0] : "").filename().string();
  dogtag::Console console{std::cout, std::cerr, tool::system_surroundings(), open_token};
  return dogtag::run(name, dogtag::Arguments(argv + 1, argv + argc), console);
}
