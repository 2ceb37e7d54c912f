#include "apps/upkeep/subordinate_authority.h"

#include <filesystem>

#include "apps/folder/authority_folder.h"
#include "apps/folder/folder_in_the_making.h"
#include "apps/folder/furnish_authority.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/rollover.h"
#include "issuance/authority_chain.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using Certificates = std::vector<pkix::Certificate>;

Result<Certificates> find_chain(const AwaitedCertificate& awaited, const crypto::PrivateKey& key,
                                const Certificates& certificates, Time now) {
  const auto name = TRY(pkix::name_from_text(awaited.wanted.subject));
  return issuance::find_authority_chain({key.public_key_info(), name}, certificates, now);
}

Result<void> check_holders(const Certificates& chain, const FirstHolders& holders, Time now) {
  for (const auto* holder :
       {&holders.tls, &holders.agent.value(), &holders.encryption, &holders.cmc}) {
    TRY(issuance::check_may_issue(chain, holder->certificate, now));
  }
  return {};
}

/// What is in use: its name must stay.
Result<pkix::Name> present_name(const AuthorityFolder& folder) {
  return TRY(own_certificates(folder)).back()->subject;
}

/// As in plan_rollover, now that the certificate is there.
Result<Certificates> let_new_key_take_over(const AuthorityFolder& folder,
                                           const Certificates& certificates, const Clock& clock) {
  const auto turn = TRY(wait_for_turn({folder.generations_file, "", ""}));
  const auto awaited = TRY(recall(folder.directory));
  const auto made = TRY(find_key(key_of(awaited.wanted), awaited.key_file));
  const auto name = TRY(present_name(folder));
  const auto chain = TRY(issuance::find_authority_chain({made.key->public_key_info(), name},
                                                        certificates, clock.now()));
  const auto stem = stem_of_request(awaited.request_file);
  auto generation = TRY(generation_called(stem, folder, clock));
  if (made.place.token != nullptr) generation.key = awaited.wanted.token;
  generation.key_passphrase_file = awaited.wanted.passphrase_file;
  TRY(keep_certificate(made, chain.front()));
  TRY(install_generation(folder, generation, chain, clock));
  TRY(forget_awaited(folder.directory));
  return chain;
}

Result<Certificates> replace_certificate(const AuthorityFolder& folder,
                                         const Certificates& certificates, const Clock& clock) {
  const auto turn = TRY(wait_for_turn(folder.current()));
  const auto issuing = TRY(open_issuing_key(folder));
  const auto name = TRY(present_name(folder));
  const auto chain = TRY(issuance::find_authority_chain({issuing.key->public_key_info(), name},
                                                        certificates, clock.now()));
  TRY(replace_pair(folder.current(), nullptr, SecretBytes(), pkix::to_pem(chain)));
  return chain;
}

}  // namespace

Result<AwaitedCertificate> make_subordinate(const NewAuthority& wanted) {
  TRY(check_wanted(wanted));
  TRY(check_new(wanted));
  const auto made = TRY(make_key(key_of(wanted)));
  const fs::path directory = wanted.directory;
  const AwaitedCertificate awaited{wanted, directory / "ca.key", directory / "ca.csr"};
  auto folder = TRY(FolderInTheMaking::begin(wanted.directory));
  TRY(keep_key(key_of(wanted), made, awaited.key_file));
  const auto subject = TRY(pkix::name_from_text(wanted.subject));
  TRY(write_request(awaited.request_file, subject, *made.key));
  TRY(remember(awaited));
  folder.keep();
  return awaited;
}

Result<CertifiedAuthority> install_first_certificate(const std::string& directory,
                                                     const Certificates& certificates,
                                                     const Clock& clock) {
  const auto awaited = TRY(recall(directory));
  const auto& wanted = awaited.wanted;
  const auto profiles = TRY(check_wanted(wanted));
  const auto made = TRY(find_key(key_of(wanted), awaited.key_file));
  const auto chain = TRY(find_chain(awaited, *made.key, certificates, clock.now()));
  const auto holders = TRY(make_first_holders(wanted, {*made.key, chain}, clock.now()));
  TRY(check_holders(chain, holders, clock.now()));
  TRY(keep_certificate(made, chain.front()));
  auto furnished = TRY(establish(wanted, chain, holders, profiles, clock));
  TRY(forget_awaited(directory));
  return CertifiedAuthority{wanted, std::move(furnished), chain};
}

Result<Certificates> install_further_certificate(const std::string& directory,
                                                 const Certificates& certificates,
                                                 const Clock& clock) {
  const auto folder = TRY(read_authority_folder(directory));
  return awaits_certificate(directory) ? let_new_key_take_over(folder, certificates, clock)
                                       : replace_certificate(folder, certificates, clock);
}

}  // namespace signet::tool
