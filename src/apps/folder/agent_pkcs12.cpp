#include "apps/folder/agent_pkcs12.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "base/encoding.h"

namespace signet::tool {

Result<void> write_agent_pkcs12(const std::string& directory, const crypto::PrivateKey& key,
                                const pkix::Certificate& certificate,
                                const std::vector<pkix::Certificate>& chain) {
  constexpr std::size_t kPassphraseOctets = 16;
  const std::filesystem::path folder(directory);
  auto random = TRY(crypto::system_random().octets(kPassphraseOctets));
  const SecretBytes passphrase(std::string_view(to_hex(random)));
  auto certificates = chain;
  certificates.insert(certificates.begin(), certificate);
  const auto pkcs12 = TRY(crypto::write_pkcs12(key, certificates, "agent", passphrase));
  TRY(files::write_secret_file(folder / "agent.p12", pkcs12.view()));
  return files::write_secret_file(folder / "agent.p12.passphrase", passphrase.view());
}

}  // namespace signet::tool
