#include "apps/signetd/proof_parts.h"

#include "adapters/files/file.h"
#include "adapters/files/secret_file.h"
#include "adapters/ldap/ldap_secret_source.h"
#include "apps/signetd/directory_settings.h"
#include "apps/signetd/key_files.h"
#include "base/encoding.h"
#include "codec/pkix/oids.h"
#include "proof/identity/store_secret_source.h"

namespace signet::server {
namespace {

proof::SecretRules secret_rules(const Configuration& configuration) {
  const auto& settings = configuration.secrets;
  return {.most_failures = static_cast<std::size_t>(settings.most_failures),
          .lock_time = std::chrono::minutes{settings.lock_minutes},
          .legacy_proofs = configuration.compatibility.legacy_proofs,
          .link_required = settings.link_required,
          .link_of_signers = configuration.compatibility.link_of_signers,
          .link_with_identification = configuration.compatibility.link_with_identification};
}

proof::SecretTransport transport_of(KeyTransport transport) {
  return transport == KeyTransport::oaep ? proof::SecretTransport::oaep
                                         : proof::SecretTransport::pkcs1;
}

Result<std::shared_ptr<const proof::SecretSource>> open_secret_directory(
    const Configuration::Secrets::Ldap& given) {
  ldap::DirectorySettings settings{TRY(directory_address(given)), given.base, given.uid_attribute,
                                   given.secret_attribute};
  ldap::Protection protection{
      TRY(read_key(given.protection_key, given.protection_key_passphrase_file))};
  protection.transport = transport_of(given.key_transport);
  auto source = ldap::LdapSecretSource::make(std::move(settings), std::move(protection),
                                             static_cast<std::size_t>(given.uses));
  if (source.ok()) return std::shared_ptr<const proof::SecretSource>{*std::move(source)};
  return Error{Fault::bad_configuration, given.protection_key + ": " + source.error().detail};
}

/// What opens the things that lie sealed in the store.
Result<crypto::SealingKey> read_store_key(const std::string& file) {
  auto key = crypto::SealingKey::with_octets(TRY(files::read_private_file(file)));
  if (!key.ok()) return Error{key.error().fault, file + ": " + key.error().detail};
  return key;
}

/// Null where shared secrets prove nothing. `tokens` outlives the source.
Result<std::shared_ptr<const proof::SecretSource>> open_secrets(const Configuration& configuration,
                                                                const store::TokenStore& tokens) {
  using Source = std::shared_ptr<const proof::SecretSource>;
  const auto& settings = configuration.secrets;
  if (settings.source == SecretsFrom::store) {
    proof::TokenVault vault{TRY(read_store_key(configuration.store.key))};
    return Source{std::make_shared<proof::StoreSecretSource>(tokens, std::move(vault))};
  }
  if (settings.source == SecretsFrom::file) {
    TRY(files::check_is_private(settings.file));
    return Source{std::make_shared<files::SecretFile>(TRY(files::SecretFile::read(settings.file)))};
  }
  if (settings.source == SecretsFrom::ldap) return open_secret_directory(settings.ldap);
  return Source{};
}

asn1::Oid cipher_of(ContentEncryption encryption) {
  switch (encryption) {
    case ContentEncryption::aes_128_cbc:
      return pkix::oid::kAes128Cbc;
    case ContentEncryption::aes_128_gcm:
      return pkix::oid::kAes128Gcm;
    case ContentEncryption::aes_256_cbc:
      return pkix::oid::kAes256Cbc;
    case ContentEncryption::aes_256_gcm:
      break;
  }
  return pkix::oid::kAes256Gcm;
}

envelope::EncryptionStyle style_of(const Configuration::Possession& settings) {
  using Transport = envelope::EncryptionStyle::KeyTransport;
  const bool is_pkcs1 = settings.key_transport == KeyTransport::pkcs1;
  return {.content_encryption = cipher_of(settings.content_encryption),
          .icv_octets = static_cast<std::size_t>(settings.icv_octets),
          .key_transport = is_pkcs1 ? Transport::pkcs1 : Transport::oaep};
}

proof::PossessionRules possession_rules(const Configuration& configuration) {
  const auto& settings = configuration.possession;
  proof::PossessionRules rules;
  rules.ra_witness = settings.ra_witness;
  if (!offers_challenges(configuration)) return rules;
  rules.challenges = proof::ChallengeRules{
      .lifetime = std::chrono::minutes{settings.challenge_minutes},
      .most_wrong_answers = static_cast<std::size_t>(settings.most_wrong_answers),
      .style = style_of(settings),
      .legacy_proofs = configuration.compatibility.legacy_proofs,
      .sha1 = configuration.compatibility.sha1_challenge,
      .loose_reference = configuration.compatibility.loose_pop_reference};
  return rules;
}

/// Null where no challenges are offered.
Result<std::shared_ptr<const proof::ChallengeVault>> open_challenges(
    const Configuration& configuration) {
  using Vault = std::shared_ptr<const proof::ChallengeVault>;
  if (!offers_challenges(configuration)) return Vault{};
  return Vault{
      std::make_shared<proof::ChallengeVault>(TRY(read_store_key(configuration.store.key)))};
}

Result<proof::SecretProtection> open_revocation_protection(
    const Configuration::Revocation& settings) {
  proof::SecretProtection protection;
  protection.transport = transport_of(settings.key_transport);
  if (settings.protection_key.empty()) return protection;
  protection.key = TRY(read_key(settings.protection_key, settings.protection_key_passphrase_file));
  return protection;
}

/// Null where messages may not be encrypted to us.
Result<std::shared_ptr<const envelope::DecryptionKey>> open_decryption(
    const Configuration::Encryption& settings) {
  using Decryption = std::shared_ptr<const envelope::DecryptionKey>;
  if (settings.certificate.empty()) return Decryption{};
  auto key = TRY(read_key(settings.key, settings.key_passphrase_file));
  const auto certificates = TRY(read_certificates(settings.certificate));
  if (certificates.front()->subject_public_key_info != key->public_key_info()) {
    return Error{Fault::bad_configuration,
                 "[encryption] " + settings.key + " is not the key of " + settings.certificate};
  }
  return Decryption{std::make_shared<envelope::DecryptionKey>(
      envelope::DecryptionKey{certificates.front(), std::move(key)})};
}

}  // namespace

Result<proof::IdentityRules> identity_rules(const Configuration& configuration) {
  constexpr std::size_t kDigestOctets = 32;
  const auto& settings = configuration.identity;
  proof::IdentityRules rules;
  rules.secrets = secret_rules(configuration);
  if (settings.tls_match == TlsMatch::subject) rules.tls_match = proof::TlsMatch::subject;
  rules.cmc_ra_is_agent = settings.cmc_ra_is_agent;
  for (const auto& agent : settings.agents) {
    auto digest = from_hex(agent);
    if (!digest.ok() || digest->size() != kDigestOctets) {
      return Error{Fault::bad_configuration, "[identity] agents: \"" + agent +
                                                 "\" is no SHA-256 in hexadecimal; openssl x509 "
                                                 "-fingerprint -sha256 prints it"};
    }
    rules.agents.insert(std::move(digest).value());
  }
  for (const auto& file : settings.foreign_issuers) {
    for (auto& issuer : TRY(read_certificates(file))) {
      rules.foreign_issuers.push_back(std::move(issuer));
    }
  }
  return rules;
}

bool offers_challenges(const Configuration& configuration) {
  return configuration.possession.challenges && !configuration.store.key.empty();
}

Result<ProofParts> open_proof_parts(const Configuration& configuration,
                                    const store::TokenStore& tokens) {
  ProofParts parts;
  parts.possession_rules = possession_rules(configuration);
  parts.secrets = TRY(open_secrets(configuration, tokens));
  parts.challenge_vault = TRY(open_challenges(configuration));
  parts.decryption = TRY(open_decryption(configuration.encryption));
  parts.revocation_protection = TRY(open_revocation_protection(configuration.revocation));
  return parts;
}

}  // namespace signet::server
