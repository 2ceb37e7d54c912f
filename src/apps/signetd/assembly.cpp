#include "apps/signetd/assembly.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/signetd/authority_keys.h"
#include "apps/signetd/directory_settings.h"
#include "apps/signetd/journal_check.h"
#include "apps/signetd/key_files.h"
#include "apps/signetd/listener_settings.h"
#include "apps/signetd/own_work.h"
#include "apps/signetd/profile_source.h"
#include "apps/signetd/proof_parts.h"
#include "apps/signetd/room_settings.h"
#include "apps/signetd/start_record.h"
#include "authority/anchor_announcement.h"
#include "base/encoding.h"
#include "issuance/authority_chain.h"
#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// What the files hold that a configuration names.
struct Parts {
  std::vector<AuthorityKey> keys;  ///< the oldest first; the last issues
  AuthorityCertificates certificates;
  std::shared_ptr<const authority::ResponseSigner> response_signer;
  policy::AuthorityFacts facts;
  proof::IdentityRules rules;
  proof::Trust trust;
  std::optional<BegunProfiles> profiles;  ///< none: the store has them
  std::string chain_pem;
  http::ServerSettings http;
};

/// They serve messages that name no profile, but for shared secrets, which not everybody hands out.
std::vector<std::string> default_profiles(const Configuration::Authority& settings) {
  return {settings.agent_profile, settings.user_profile, settings.simple_profile};
}

Result<BegunProfiles> begin_folder(const Configuration::Authority& settings, Log& log) {
  return begin_profiles(profiles_of_folder(settings.profiles), default_profiles(settings), log);
}

Result<BegunProfiles> begin_store(const Configuration::Authority& settings, Assembly& assembly,
                                  Log& log) {
  return begin_profiles(profiles_of_store(*assembly.engine, settings.profiles, assembly.clock),
                        default_profiles(settings), log);
}

/// No faults, but seldom meant. A profile that was withdrawn may be named: its certificates are
/// published on. Whoever chooses a name without an agent may choose whose entry it leads to.
void warn_of_published(const Configuration& configuration,
                       const policy::ProfileCollection& collection, Log& log) {
  const auto warn = [&](const char* what, const std::string& id) {
    log.write(Log::Level::warning, "profile", {{what, id}});
  };
  for (const auto& id : configuration.publishing.profiles) {
    if (collection.profiles.find(id) == nullptr) warn("published_absent", id);
  }
  const auto published = settings_of(configuration).published;
  for (const auto& id : collection.profiles.enabled_ids()) {
    const auto change = collection.profiles.find(id)->name_change();
    if (published.includes(id) && change == policy::NameChange::free) {
      warn("published_by_free_names", id);
    }
  }
}

/// Dogtag has an address of its own to fill in.
void warn_of_open_ocsp(const Configuration& configuration,
                       const policy::ProfileCollection& collection, Log& log) {
  const auto open = collection.profiles.ids_that_want_ocsp_uri();
  if (open.empty() || !configuration.authority.ocsp_uri.empty()) return;
  log.write(Log::Level::warning, "profile",
            {{"fault",
              "authInfoAccess leaves the place of OCSP open, and ocsp_uri is not set: certificates "
              "name none"},
             {"profiles", std::to_string(open.size())},
             {"first", open.front()}});
}

/// Of what `--check` looks through: the server starts without them.
Result<void> check_all_can_be_offered(const policy::ProfileCollection& collection) {
  if (collection.left_out.empty()) return {};
  return unusable(collection);
}

/// Puts an engine, which grants leases too, into its places.
template <typename Engine>
Result<void> take_in(Assembly& assembly, Result<std::unique_ptr<Engine>> opened) {
  auto engine = TRY(std::move(opened));
  assembly.leases = engine.get();
  assembly.engine = std::move(engine);
  return {};
}

/// As a key: what others may read of it, sealed secrets and who asked for what, they may try to
/// open elsewhere; what they may write decides. One that is not there yet will be private.
Result<void> check_store_is_private(const std::string& path) {
  for (const auto* end : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    if (std::filesystem::exists(path + end, ignored)) TRY(files::check_is_private(path + end));
  }
  return {};
}

bool holds_something(const std::string& path) {
  std::error_code absent;
  const auto octets = std::filesystem::file_size(path, absent);
  return !absent && octets > 0;
}

/// Who has a journal had a store. An empty one in its place would know nothing of what was issued
/// and revoked, and its CRLs would say so under numbers that were used.
Result<void> check_store_is_there(const Configuration& configuration) {
  const auto& path = configuration.store.path;
  const auto& journal = configuration.audit.journal;
  const bool is_file = configuration.store.engine == "sqlite";
  if (!is_file || holds_something(path) || !holds_something(journal)) return {};
  return Error{Fault::bad_configuration,
               "the store " + path + " is not there, or empty, and the journal " + journal +
                   " tells that there was one: bring it back (a backup: signet ca restore); to "
                   "begin with an empty store, which forgets what was issued and revoked, move the "
                   "journal away as well"};
}

Result<void> open_store(Assembly& assembly, const Configuration& configuration) {
  const auto& settings = configuration.store;
  if (settings.engine == "memory") {
    return take_in<store::MemoryEngine>(assembly, std::make_unique<store::MemoryEngine>());
  }
  if (settings.engine == "postgres") {
    auto opened = TRY(postgres::PostgresEngine::open(
        settings.uri, {}, name_of_this_node(configuration.audit.journal)));
    assembly.database_time = [database = opened.get()] { return database->tell_time(); };
    assembly.journal_mark = [database = opened.get()](std::string_view journal) {
      return database->find_journal_mark(journal);
    };
    return take_in<postgres::PostgresEngine>(assembly, std::move(opened));
  }
  TRY(check_store_is_private(settings.path));
  TRY(check_store_is_there(configuration));
  auto opened = TRY(sqlite::SqliteEngine::open(settings.path));
  assembly.journal_mark = [store = opened.get()](std::string_view journal) {
    return store->find_journal_mark(journal);
  };
  return take_in<sqlite::SqliteEngine>(assembly, std::move(opened));
}

Result<Parts> read_parts(const Configuration& configuration, Log& log) {
  const auto& settings = configuration.authority;
  auto certificates = TRY(read_authority_certificates(configuration));
  auto keys = TRY(read_authority_keys(configuration, certificates));
  auto response_signer = TRY(read_response_signer(configuration, certificates.own(), log));
  auto facts = facts_of(settings, keys.back());
  auto rules = TRY(identity_rules(configuration));
  auto anchors = certificates.anchors();
  anchors.insert(anchors.end(), rules.foreign_issuers.begin(), rules.foreign_issuers.end());
  auto trust = TRY(proof::Trust::make(anchors, certificates.without_cross()));
  TRY(check_publishing(configuration.publishing));
  // Before the store is opened: where no profile can be offered, all stays as it was.
  std::optional<BegunProfiles> profiles;
  if (settings.profiles_from == "folder") profiles = TRY(begin_folder(settings, log));
  auto chain_pem = pkix::to_pem(certificates.shown());
  auto http = TRY(http_settings(configuration, pkix::to_pem(certificates.without_cross()) +
                                                   pkix::to_pem(rules.foreign_issuers)));
  return Parts{std::move(keys),     std::move(certificates), std::move(response_signer),
               std::move(facts),    std::move(rules),        std::move(trust),
               std::move(profiles), std::move(chain_pem),    std::move(http)};
}

/// A tail that a crash cut short was never durable, so nobody was told of it: no loss, but to know.
Result<std::unique_ptr<files::JournalFile>> open_journal(const std::string& path, Log& log) {
  auto journal = TRY(files::JournalFile::open(path));
  if (journal->cut_octets() > 0) {
    log.write(Log::Level::warning, "journal_tail_cut_off",
              {{"path", path}, {"octets", std::to_string(journal->cut_octets())}});
  }
  return journal;
}

/// What is not as the store says, for the journal. A journal that is gone stops nobody: it may have
/// been moved away because it did not hold.
Result<std::vector<audit::Event>> compare(const Assembly& assembly,
                                          const files::JournalFile& journal, Log& log) {
  if (!assembly.journal_mark) return std::vector<audit::Event>();
  const auto mark = TRY(assembly.journal_mark(journal.mark()->journal));
  return JournalCheck{journal, *assembly.engine, assembly.clock, log}.compare(mark);
}

/// A tolerance is said where operators and auditors look, each time the server starts with it.
Result<void> record_start(Assembly& assembly, const BegunProfiles& profiles,
                          std::vector<audit::Event> findings, const Configuration& configuration,
                          Log& log) {
  log_start(configuration, log);
  store::Commit commit;
  commit.events = std::move(findings);
  commit.events.push_back(start_event(configuration, profiles, assembly.clock));
  const auto outcome = assembly.committer->commit(std::move(commit));
  if (outcome.durable()) return {};
  return outcome.failed.value_or(Error{Fault::storage_failed, "the start could not be recorded"});
}

/// Empty: there is none.
Result<void> note_encryption(Lifetimes& lifetimes, const std::string& pem) {
  if (pem.empty()) return {};
  const auto certificates = TRY(certificates_of(pem, "[encryption] certificate"));
  lifetimes.certificate(role::kEncryption, certificates.front()->validity.not_after);
  return {};
}

/// Who has an earlier root learns of the last one.
Bytes announcement(const AuthorityCertificates& certificates) {
  const auto anchors = certificates.anchors();
  if (!certificates.rolled_over || anchors.size() < 2) return {};
  const auto since = certificates.rolled_over->time_since_epoch().count();
  return authority::announce_anchors(static_cast<std::uint64_t>(since), anchors);
}

/// Who has a secret and no root is told of all there are: an earlier key may still sign answers.
authority::AnchorSet anchors_by_secret(const AuthorityCertificates& certificates) {
  std::vector<pkix::Certificate> roots;
  Time since{};
  for (const auto& anchor : certificates.anchors()) {
    if (!issuance::is_self_signed(anchor)) continue;
    since = std::max(since, anchor->validity.not_before);
    roots.push_back(anchor);
  }
  since = certificates.rolled_over.value_or(since);
  return authority::anchor_set(static_cast<std::uint64_t>(since.time_since_epoch().count()), roots);
}

}  // namespace

Result<std::unique_ptr<Assembly>> assemble(const Configuration& configuration, Log& log) {
  auto parts = TRY(read_parts(configuration, log));
  auto made = std::make_unique<Assembly>();
  made->chain_pem = std::move(parts.chain_pem);
  if (!configuration.encryption.certificate.empty()) {
    made->encryption_pem =
        std::string(as_text(TRY(files::read_file(configuration.encryption.certificate))));
  }
  made->http = std::move(parts.http);
  made->plain_http = plain_http_settings(configuration);
  made->tcp = tcp_settings(configuration);
  made->limits = client_limits(configuration.limits);
  TRY(open_store(*made, configuration));
  made->client_standing = std::make_unique<ClientStanding>(
      ClientStanding::Parts{.store = *made->engine,
                            .clock = made->clock,
                            .authority = parts.certificates.own().back()->subject,
                            .foreign_issuers = parts.rules.foreign_issuers});
  auto profiles = parts.profiles ? *std::move(parts.profiles)
                                 : TRY(begin_store(configuration.authority, *made, log));
  warn_of_published(configuration, profiles.collection, log);
  warn_of_open_ocsp(configuration, profiles.collection, log);
  const auto offered = std::make_shared<policy::OfferedProfiles>(profiles.collection.profiles);
  auto journal = TRY(open_journal(configuration.audit.journal, log));
  auto findings = TRY(compare(*made, *journal, log));
  made->journal = std::move(journal);
  made->committer = std::make_unique<store::Committer>(*made->engine, *made->journal);
  auto proofs = TRY(open_proof_parts(configuration, *made->engine));
  const auto keys = key_facts(parts.keys);
  for (std::size_t at = 0; at + 1 < parts.keys.size(); ++at) {
    made->earlier_issuers.push_back(parts.keys[at].issuer);
  }
  const auto response_signer = parts.response_signer;
  made->authority =
      std::make_unique<authority::CertificateAuthority>(authority::CertificateAuthority::Parts{
          .issuer = parts.keys.back().issuer,
          .profiles = offered,
          .trust = std::move(parts.trust),
          .identity_rules = std::move(parts.rules),
          .possession_rules = std::move(proofs.possession_rules),
          .facts = std::move(parts.facts),
          .settings = settings_of(configuration),
          .secrets = std::move(proofs.secrets),
          .challenge_vault = std::move(proofs.challenge_vault),
          .revocation_protection = std::move(proofs.revocation_protection),
          .decryption = std::move(proofs.decryption),
          .store = *made->engine,
          .tokens = *made->engine,
          .challenges = *made->engine,
          .crls = *made->engine,
          .life = *made->engine,
          .committer = *made->committer,
          .clock = made->clock,
          .random = crypto::system_random(),
          .log = log,
          .crl_points = crl_points(configuration.crl, parts.certificates),
          .response_signer = std::move(parts.response_signer),
          .shown_certificates = parts.certificates.shown(),
          .announcement = announcement(parts.certificates),
          .anchors_by_secret = anchors_by_secret(parts.certificates)});
  open_crls(*made, keys, configuration.crl);
  TRY(record_start(*made, profiles, std::move(findings), configuration, log));
  TRY(start_schedules(*made, configuration, log));
  watch_profiles(*made, std::move(profiles), offered, log);
  open_ocsp(*made, keys, configuration.ocsp, log);
  watch_clock(*made, log);
  watch_store(*made, configuration.store, log);
  watch_lifetimes(*made, parts.certificates, log);
  TRY(start_publishing(*made, configuration, parts.certificates, log));
  note_replaceable(*made->lifetimes, made->http, response_signer.get());
  TRY(note_encryption(*made->lifetimes, made->encryption_pem));
  made->service = std::make_unique<authority::Service>(
      *made->authority, *made->committer, log,
      [schedule = made->crl_schedule.get()] { schedule->status_changed(); },
      [looks = made->delivery_looks.get()] {
        if (looks != nullptr) looks->wake();
      });
  return made;
}

Result<Replaceable> read_replaceable(const Configuration& configuration, Log& log) {
  const auto certificates = TRY(read_authority_certificates(configuration));
  const auto rules = TRY(identity_rules(configuration));
  const auto authorities_pem =
      pkix::to_pem(certificates.without_cross()) + pkix::to_pem(rules.foreign_issuers);
  auto signer = TRY(read_response_signer(configuration, certificates.own(), log));
  return Replaceable{TRY(http_settings(configuration, authorities_pem)), std::move(signer)};
}

Result<void> check(const Configuration& configuration, Log& log) {
  const auto parts = TRY(read_parts(configuration, log));
  if (configuration.store.engine == "postgres") {
    TRY(postgres::PostgresEngine::check(configuration.store.uri));
  }
  if (configuration.store.engine == "sqlite") {
    TRY(check_store_is_private(configuration.store.path));
    TRY(check_store_is_there(configuration));
  }
  if (parts.profiles) {
    warn_of_published(configuration, parts.profiles->collection, log);
    warn_of_open_ocsp(configuration, parts.profiles->collection, log);
    TRY(check_all_can_be_offered(parts.profiles->collection));
  }
  // The store is not opened here; what would become its first edition is checked.
  std::error_code ignored;
  const auto& authority = configuration.authority;
  if (!parts.profiles && std::filesystem::is_directory(authority.profiles, ignored)) {
    const auto begun = TRY(begin_folder(authority, log));
    TRY(check_all_can_be_offered(begun.collection));
  }
  const store::MemoryEngine in_place_of_the_store;
  TRY(open_proof_parts(configuration, in_place_of_the_store));
  return http::Server::check(parts.http);
}

}  // namespace signet::server
