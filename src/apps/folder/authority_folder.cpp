#include "apps/folder/authority_folder.h"

#include <filesystem>

#include "apps/folder/authority_store.h"
#include "apps/folder/folder_configuration.h"
#include "apps/tool/credentials.h"
#include "issuance/authority_chain.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

HolderFiles agent_in(const fs::path& directory) {
  std::error_code ignored;
  if (!fs::exists(directory / "agent.pem", ignored)) return {};
  return {directory / "agent.pem", directory / "agent.key", ""};
}

AuthorityFolder folder_of(const server::Configuration& settings) {
  const auto& authority = settings.authority;
  const auto& http = settings.http;
  const auto& encryption = settings.encryption;
  AuthorityFolder folder;
  folder.first = {authority.certificate, authority.key, authority.key_passphrase_file};
  folder.profiles = authority.profiles;
  folder.profiles_from_store = authority.profiles_from == server::ProfilesFrom::store;
  folder.cmc = {authority.cmc_certificate, authority.cmc_key, authority.cmc_key_passphrase_file};
  folder.tls = {http.certificate, http.key, http.key_passphrase_file};
  folder.encryption = {encryption.certificate, encryption.key, encryption.key_passphrase_file};
  if (settings.store.engine == server::StoreEngine::sqlite) folder.store = settings.store.path;
  folder.store_key = settings.store.key;
  folder.journal = settings.audit.journal;
  folder.crl_shards = static_cast<std::uint32_t>(settings.crl.shards);
  folder.crl_uri = settings.crl.uri;
  folder.delta_uri = settings.crl.delta_uri;
  folder.signing_algorithm = authority.signing_algorithm;
  return folder;
}

Result<void> check_own_key(const IssuingKey& issuing, const HolderFiles& files) {
  if (issuing.chain.front()->subject_public_key_info == issuing.key->public_key_info()) return {};
  return Error{Fault::bad_configuration, files.key + " is not the key of " + files.certificate};
}

}  // namespace

HolderFiles AuthorityFolder::current() const {
  if (generations.empty()) return first;
  const auto& last = generations.back();
  return {last.certificate, last.key, last.key_passphrase_file};
}

std::uint32_t AuthorityFolder::first_crl_shard() const {
  return generations.empty() ? 0 : generations.back().first_crl_shard;
}

Result<AuthorityFolder> read_authority_folder(const std::string& directory) {
  const auto place = fs::absolute(directory).lexically_normal();
  const auto settings = TRY(read_folder_configuration(place));
  const auto file = (place / "signetd.toml").string();
  if (!settings) {
    return Error{Fault::bad_configuration,
                 file + " is not there; --directory names the folder of an authority"};
  }
  auto folder = folder_of(*settings);
  folder.directory = place;
  folder.configuration = file;
  folder.agent = agent_in(place);
  folder.generations_file = place / "generations";
  folder.generations = TRY(files::read_generations(folder.generations_file));
  return folder;
}

Result<IssuingKey> open_issuing_key(const AuthorityFolder& folder) {
  const auto files = folder.current();
  auto certificates = TRY(read_certificates_file(files.certificate));
  auto key = TRY(read_key_file(files.key, files.passphrase_file));
  IssuingKey issuing{std::move(certificates), std::move(key)};
  TRY(check_own_key(issuing, files));
  return issuing;
}

Result<void> check_in_force(const pkix::Certificate& own, Time now) {
  const auto& validity = own->validity;
  if (now < validity.not_before) {
    return Error{Fault::bad_configuration, "the authority's certificate begins at " +
                                               to_text(validity.not_before) +
                                               ": set this machine's clock"};
  }
  if (now <= validity.not_after) return {};
  const std::string ended = "the authority's certificate ended at " + to_text(validity.not_after) +
                            ", and with it all that it issued: ";
  return Error{Fault::bad_configuration,
               ended + (issuance::is_self_signed(own)
                            ? "its key vouches for nothing any more; make another authority in "
                              "another folder (signet ca init)"
                            : "have its key certified again by the authority above (signet ca "
                              "install-certificate)")};
}

Result<std::unique_ptr<store::Engine>> open_store(const AuthorityFolder& folder) {
  return open_authority_store(folder.directory);
}

Result<std::unique_ptr<const store::Engine>> look_into_store(const AuthorityFolder& folder) {
  return look_into_authority_store(folder.directory);
}

Result<std::vector<pkix::Certificate>> links_of(const AuthorityFolder& folder,
                                                const IssuingKey& issuing) {
  std::vector<pkix::Certificate> links;
  for (const auto& generation : folder.generations) {
    if (generation.cross_certificates.empty()) continue;
    for (auto& cross : TRY(read_certificates_file(generation.cross_certificates))) {
      links.push_back(std::move(cross));
    }
  }
  for (const auto& certificate : issuing.chain) {
    if (!issuance::is_self_signed(certificate)) links.push_back(certificate);
  }
  return links;
}

Result<std::vector<pkix::Certificate>> own_certificates(const AuthorityFolder& folder) {
  std::vector<pkix::Certificate> own{TRY(read_certificates_file(folder.first.certificate)).front()};
  for (const auto& generation : folder.generations) {
    own.push_back(TRY(read_certificates_file(generation.certificate)).front());
  }
  return own;
}

}  // namespace signet::tool
