#include "apps/upkeep/rollover.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/folder/authority_record.h"
#include "apps/folder/operator_journal.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/awaited_certificate.h"
#include "issuance/authority_certificates.h"
#include "issuance/authority_chain.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMadeBy = "signet ca rollover";
/// So many numbers beyond the generations are looked through for what was left.
constexpr std::size_t kMostLookedFor = 100;

/// Each key has CRLs of its own, so each address must tell whose it is.
Result<void> check_crl_addresses(const AuthorityFolder& folder) {
  const auto lacks_shard = [](const std::string& uri) {
    return !uri.empty() && uri.find("{shard}") == std::string::npos;
  };
  if (!lacks_shard(folder.crl_uri) && !lacks_shard(folder.delta_uri)) return {};
  return Error{Fault::bad_configuration,
               "[crl] uri and delta_uri must hold {shard}, since the new key has CRLs of its own: "
               "set uri = \"…/ca/crl/{shard}\", put the old address into earlier_uris, and restart "
               "signetd first"};
}

/// The setting names an algorithm of the present key.
Result<void> check_signing_algorithm(const AuthorityFolder& folder, const WantedKey& wanted,
                                     const pkix::Certificate& old) {
  if (folder.signing_algorithm.empty() || wanted.kind == kind_like(old->subject_public_key_info)) {
    return {};
  }
  return Error{Fault::bad_configuration,
               "[authority] signing_algorithm names an algorithm of the present key: take it out "
               "before the authority gets a key of another kind"};
}

Result<WantedKey> complete(WantedKey wanted, const AuthorityFolder& folder,
                           const pkix::Certificate& old) {
  const auto present = folder.current();
  if (wanted.kind.empty()) wanted.kind = kind_like(old->subject_public_key_info);
  if (wanted.token.empty() && pkcs11::is_token_name(present.key)) {
    return Error{Fault::bad_configuration,
                 "the present key is in a token: say by --pkcs11 where the new one is to be"};
  }
  if (wanted.passphrase_file.empty()) wanted.passphrase_file = present.passphrase_file;
  return wanted;
}

/// Its request may be on the way to the authority above, and another key would take its place.
Result<void> check_no_key_waits(const AuthorityFolder& folder) {
  if (!awaits_certificate(folder.directory)) return {};
  const auto waits = TRY(recall(folder.directory));
  return Error{Fault::already_exists,
               waits.key_file + " waits for its certificate already, by " + waits.request_file +
                   ": install that (signet ca install-certificate); to give the key up, remove " +
                   (fs::path(folder.directory) / "awaited.json").string()};
}

// ------------------------------------------------------------ names

/// What a roll-over writes, beside one another.
constexpr const char* kEndings[] = {".key", ".pem", ".cross.pem", ".csr"};

std::string stem_of(const AuthorityFolder& folder, std::size_t number) {
  return (fs::path(folder.directory) / ("ca-" + std::to_string(number))).string();
}

/// A link that leads nowhere is something too.
bool stands_there(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

bool is_free(const std::string& stem) {
  return std::none_of(std::begin(kEndings), std::end(kEndings),
                      [&](const char* ending) { return stands_there(stem + ending); });
}

Result<std::string> next_stem(const AuthorityFolder& folder) {
  const auto end = folder.generations.size() + kMostLookedFor;
  for (auto number = folder.generations.size() + 2; number < end; ++number) {
    if (is_free(stem_of(folder, number))) return stem_of(folder, number);
  }
  return Error{Fault::already_exists, "the files of " + std::to_string(kMostLookedFor) +
                                          " keys stand in " + folder.directory +
                                          " and are in no use: move those away first (ca-*)"};
}

bool is_in_use(const std::string& stem, const AuthorityFolder& folder) {
  return std::any_of(folder.generations.begin(), folder.generations.end(),
                     [&](const files::Generation& each) {
                       return each.key == stem + ".key" || each.certificate == stem + ".pem";
                     });
}

/// Of the key that waits for its certificate; empty: none does.
std::string awaited_stem(const AuthorityFolder& folder) {
  if (!awaits_certificate(folder.directory)) return {};
  const auto awaited = recall(folder.directory);
  return awaited.ok() ? stem_of_request(awaited->request_file) : std::string();
}

/// Under the folder's turn: another one may have come first since the plan was made.
Result<void> check_still_free(const AuthorityFolder& folder, const RolloverPlan& plan) {
  const auto generations = TRY(files::read_generations(folder.generations_file));
  const auto stem = fs::path(plan.generation.certificate).replace_extension().string();
  if (generations == folder.generations && is_free(stem)) return check_no_key_waits(folder);
  return Error{Fault::busy,
               "another signet ca rollover came first: see what it did (signet ca "
               "status), and run this again where another key is still wanted"};
}

bool is_root(const std::vector<pkix::Certificate>& chain) {
  return chain.size() == 1 && issuance::is_self_signed(chain.front());
}

struct Keys {
  IssuingKey old;
  AuthorityKey fresh;
};

Result<pkix::Certificate> certify_itself(const Keys& keys, Time now) {
  return issuance::make_root(
      {.subject = keys.old.chain.front()->subject, .key = *keys.fresh.key, .now = now},
      crypto::system_random());
}

/// RFC 4210 §4.4: new with old from now on, old with new for all of the old key's life.
Result<std::vector<pkix::Certificate>> vouch(const Keys& keys, const pkix::Certificate& fresh,
                                             Time now) {
  const auto& old = keys.old.chain.front();
  auto& random = crypto::system_random();
  auto new_with_old = TRY(issuance::make_authority_certificate(
      {old->subject, keys.fresh.key->public_key_info(), {now, fresh->validity.not_after}}, old,
      *keys.old.key, random));
  auto old_with_new = TRY(issuance::make_authority_certificate(
      {old->subject, old->subject_public_key_info, old->validity}, fresh, *keys.fresh.key, random));
  return std::vector<pkix::Certificate>{std::move(new_with_old), std::move(old_with_new)};
}

Result<RolledOver> roll_over_root(const AuthorityFolder& folder, const RolloverPlan& plan,
                                  const Clock& clock) {
  auto issuing = TRY(open_issuing_key(folder));
  auto made = TRY(make_key(plan.key));
  const Keys keys{std::move(issuing), std::move(made)};
  const auto& generation = plan.generation;
  const auto fresh = TRY(certify_itself(keys, clock.now()));
  auto cross = TRY(vouch(keys, fresh, clock.now()));
  TRY(keep_key(plan.key, keys.fresh, generation.key));
  TRY(keep_certificate(keys.fresh, fresh));
  TRY(files::write_file(generation.cross_certificates, as_bytes(pkix::to_pem(cross))));
  TRY(put_on_record(folder, {{cross[0]}, folder.first_crl_shard(), kMadeBy}, clock));
  TRY(put_on_record(folder, {{cross[1]}, generation.first_crl_shard, kMadeBy}, clock));
  TRY(install_generation(folder, generation, {fresh}, clock));
  return RolledOver{fresh, std::move(cross)};
}

/// The key waits in its place until another authority has certified it.
Result<RolledOver> ask_for_certificate(const AuthorityFolder& folder, const RolloverPlan& plan) {
  const auto made = TRY(make_key(plan.key));
  TRY(keep_key(plan.key, made, plan.generation.key));
  TRY(write_request(plan.request_file, plan.old_certificate->subject, *made.key));
  AwaitedCertificate awaited;
  awaited.wanted.directory = folder.directory;
  awaited.wanted.subject = pkix::to_text(plan.old_certificate->subject);
  awaited.wanted.key = plan.key.kind;
  awaited.wanted.passphrase_file = plan.key.passphrase_file;
  awaited.wanted.token = plan.key.token;
  awaited.key_file = plan.generation.key;
  awaited.request_file = plan.request_file;
  TRY(remember(awaited));
  return RolledOver{};
}

}  // namespace

Result<files::Generation> generation_called(const std::string& stem, const AuthorityFolder& folder,
                                            const Clock& clock) {
  const auto engine = TRY(look_into_store(folder));
  const auto used = TRY(engine->crl_shards());
  files::Generation generation;
  generation.certificate = stem + ".pem";
  generation.key = stem + ".key";
  generation.first_crl_shard = std::max(folder.first_crl_shard() + folder.crl_shards, used);
  generation.since = clock.now();
  return generation;
}

std::vector<std::string> left_by_rollovers(const AuthorityFolder& folder) {
  const auto awaited = awaited_stem(folder);
  std::vector<std::string> left;
  for (std::size_t number = 2; number < folder.generations.size() + kMostLookedFor; ++number) {
    const auto stem = stem_of(folder, number);
    if (is_in_use(stem, folder) || stem == awaited) continue;
    for (const auto* ending : kEndings) {
      if (stands_there(stem + ending)) left.push_back(stem + ending);
    }
  }
  return left;
}

Result<RolloverPlan> plan_rollover(const AuthorityFolder& folder, WantedKey wanted,
                                   const Clock& clock) {
  const auto chain = TRY(read_certificates_file(folder.current().certificate));
  const auto& old = chain.front();
  RolloverPlan plan;
  plan.old_certificate = old;
  plan.kind = is_root(chain) ? RolloverKind::root : RolloverKind::subordinate;
  if (plan.kind == RolloverKind::root) TRY(check_in_force(old, clock.now()));
  plan.key = TRY(complete(std::move(wanted), folder, old));
  TRY(check_key(plan.key));
  TRY(check_no_key_waits(folder));
  TRY(check_crl_addresses(folder));
  TRY(check_signing_algorithm(folder, plan.key, old));
  const auto stem = TRY(next_stem(folder));
  plan.generation = TRY(generation_called(stem, folder, clock));
  plan.left = left_by_rollovers(folder);
  if (plan.kind == RolloverKind::root) plan.generation.cross_certificates = stem + ".cross.pem";
  if (plan.kind == RolloverKind::subordinate) plan.request_file = stem + ".csr";
  if (!plan.key.token.empty()) plan.generation.key = plan.key.token;
  plan.generation.key_passphrase_file =
      plan.key.passphrase_file.empty() ? "" : fs::absolute(plan.key.passphrase_file).string();
  return plan;
}

Result<RolledOver> roll_over(const AuthorityFolder& folder, const RolloverPlan& plan,
                             const Clock& clock) {
  const auto turn = TRY(wait_for_turn({folder.generations_file, "", ""}));
  TRY(check_still_free(folder, plan));
  return plan.kind == RolloverKind::root ? roll_over_root(folder, plan, clock)
                                         : ask_for_certificate(folder, plan);
}

Result<void> install_generation(const AuthorityFolder& folder, const files::Generation& generation,
                                const std::vector<pkix::Certificate>& chain, const Clock& clock) {
  auto generations = TRY(files::read_generations(folder.generations_file));
  const bool is_done = std::any_of(generations.begin(), generations.end(), [&](const auto& each) {
    return each.certificate == generation.certificate;
  });
  if (is_done) return {};
  TRY(files::write_file(generation.certificate, as_bytes(pkix::to_pem(chain))));
  const OperatorDeed deed{folder.directory,
                          "AUTHORITY_KEY_ROLLOVER",
                          {{"CertSubject", pkix::to_text(chain.front()->subject)},
                           {"CertSerialNum", "0x" + chain.front()->serial_number.to_hex()},
                           {"FirstCRLShard", std::to_string(generation.first_crl_shard)}}};
  TRY(record_by_operator(deed.directory, deed.event, deed.fields, clock));
  generations.push_back(generation);
  const auto written = files::write_generations(folder.generations_file, generations);
  return written.ok() ? written : undone(deed, written.error(), clock);
}

}  // namespace signet::tool
