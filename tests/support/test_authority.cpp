#include "support/test_authority.h"

#include <algorithm>
#include <future>

#include "authority/anchor_announcement.h"
#include "authority/service.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "issuance/authority_certificates.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "test set-up: %s\n", result.error().detail.c_str());
    std::abort();
  }
  return std::move(result).value();
}

void add_profile(policy::ProfileSet& profiles, const std::string& file, std::string_view text) {
  auto parsed = policy::Profile::parse(file, text);
  if (parsed.profile == nullptr) {
    for (const auto& fault : parsed.faults) std::fprintf(stderr, "%s\n", to_text(fault).c_str());
    std::abort();
  }
  profiles.add(parsed.profile);
}

policy::ProfileSet read_shipped_profiles() {
  policy::ProfileSet profiles;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/profiles")) {
    const auto text = file(entry.path());
    if (entry.path().extension() == ".cfg") add_profile(profiles, entry.path(), as_text(text));
  }
  return profiles;
}

}  // namespace

policy::ProfileSet shipped_profiles(const std::string& more) {
  static const auto shipped = read_shipped_profiles();  // once: there are many authorities
  auto profiles = shipped;
  if (!more.empty()) add_profile(profiles, "extra.cfg", more);
  return profiles;
}

namespace {

std::shared_ptr<const crypto::PrivateKey> make_key(const std::string& kind) {
  return must(crypto::generate_private_key(kind));
}

std::vector<pkix::Certificate> shown(std::vector<pkix::Certificate> chain,
                                     const std::vector<pkix::Certificate>& announced,
                                     const crypto::PrivateKey& key) {
  const auto own = chain.front();
  for (const auto& root : announced) {
    chain.push_back(root);
    chain.push_back(must(issuance::make_authority_certificate(
        {root->subject, root->subject_public_key_info, root->validity}, own, key,
        crypto::system_random())));
  }
  return chain;
}

Holder make_cmc_holder(const std::vector<pkix::Certificate>& chain,
                       const crypto::PrivateKey& authority_key, Time now) {
  Holder holder{make_key("ec:p256"), {}};
  holder.certificate =
      must(issuance::make_service_certificate({.kind = issuance::ServiceKind::cmc_signer,
                                               .subject = chain.front()->subject,
                                               .key = holder.key->public_key_info(),
                                               .now = now},
                                              chain, authority_key, crypto::system_random()));
  return holder;
}

/// What a PKIResponse came in.
struct Around {
  std::optional<Bytes> content;
  std::vector<pkix::Certificate> certificates;
  std::vector<pkix::CertificateList> crls;
  std::optional<cms::AuthenticatedData> authenticated;
};

Around read_around(ByteView octets) {
  const auto outer = must(cms::read_content_info(octets));
  if (outer.content_type != cms::oid::kAuthenticatedData) {
    auto data = must(cms::read_signed_data(outer.content));
    return {std::move(data.encap_content_info.e_content),
            std::move(data.certificates),
            std::move(data.crls),
            {}};
  }
  auto data = must(cms::read_authenticated_data(outer.content));
  Around around{data.encap_content_info.e_content, {}, {}, data};
  if (!data.originator_info) return around;
  around.certificates = std::move(data.originator_info->certificates);
  around.crls = std::move(data.originator_info->crls);
  return around;
}

}  // namespace

std::optional<cmc::CMCFailInfo> Told::fail_info() const {
  if (!status.other_info) return std::nullopt;
  const auto* info = std::get_if<cmc::CMCFailInfo>(&*status.other_info);
  return info == nullptr ? std::nullopt : std::optional(*info);
}

bool Told::names(std::uint32_t body_part) const {
  const cmc::BodyPartReference wanted = cmc::BodyPartID{body_part};
  return std::find(status.body_list.begin(), status.body_list.end(), wanted) !=
         status.body_list.end();
}

bool Told::has_event(std::string_view name, audit::EventOutcome outcome) const {
  return std::any_of(events.begin(), events.end(), [&](const audit::Event& event) {
    return event.name == name && event.outcome == outcome;
  });
}

struct TestAuthority::Impl {
  std::shared_ptr<const crypto::PrivateKey> key;
  std::vector<pkix::Certificate> chain;
  std::shared_ptr<policy::OfferedProfiles> profiles;
  store::MemoryEngine memory;
  audit::MemoryJournal memory_journal;
  store::Engine* engine = nullptr;
  SilentLog silent_log;
  Log* log = &silent_log;
  std::unique_ptr<store::Committer> committer;
  std::unique_ptr<authority::CertificateAuthority> authority;
  std::unique_ptr<authority::Service> service;
};

TestAuthority::TestAuthority() : TestAuthority(Choices{}) {}

TestAuthority::TestAuthority(Choices choices) : impl_(std::make_unique<Impl>()) {
  auto& impl = *impl_;
  auto& random = choices.own_random != nullptr ? *choices.own_random : crypto::system_random();
  impl.key = choices.own_key  ? choices.own_key
             : choices.estate ? choices.estate->key
                              : make_key(choices.ca_key);
  impl.chain = choices.estate ? choices.estate->chain : std::vector{own_root(*impl.key)};
  if (choices.log != nullptr) impl.log = choices.log;
  impl.engine = choices.engine != nullptr ? choices.engine : &impl.memory;
  auto& journal = choices.journal != nullptr ? *choices.journal : impl.memory_journal;
  impl.committer = std::make_unique<store::Committer>(*impl.engine, journal);

  agent = choices.estate ? choices.estate->agent : enroll("CN=Agent,O=Test");
  alice = choices.estate ? choices.estate->alice : enroll("CN=Alice,O=Test");
  cmc = make_cmc_holder(impl.chain, *impl.key, clock.now());
  proof::IdentityRules rules;
  rules.tls_match = choices.tls_match;
  rules.secrets = choices.secret_rules;
  rules.foreign_issuers = choices.foreign_issuers;
  auto anchors = impl.chain;
  anchors.insert(anchors.end(), rules.foreign_issuers.begin(), rules.foreign_issuers.end());
  rules.agents.insert(crypto::sha256(agent.certificate.der));
  const auto algorithm = must(crypto::default_signature_algorithm(*impl.key));
  impl.profiles =
      std::make_shared<policy::OfferedProfiles>(shipped_profiles(choices.more_profiles));
  impl.authority =
      std::make_unique<authority::CertificateAuthority>(authority::CertificateAuthority::Parts{
          .issuer = must(issuance::Issuer::make(impl.chain, impl.key)),
          .profiles = impl.profiles,
          .trust = must(proof::Trust::make(anchors, {})),
          .identity_rules = rules,
          .possession_rules = choices.possession_rules,
          .facts = {.certificate = impl.chain.front(),
                    .default_signature_algorithm = algorithm,
                    .ocsp_uri = "http://ocsp.example.test/"},
          .settings = choices.settings,
          .secrets = secrets_of(choices),
          .challenge_vault = std::make_shared<proof::ChallengeVault>(
              must(crypto::SealingKey::with_octets(SecretBytes(Bytes(32, 9))))),
          .revocation_protection = choices.revocation_protection,
          .decryption = choices.decryption,
          .store = *impl.engine,
          .tokens = *impl.engine,
          .challenges = *impl.engine,
          .crls = *impl.engine,
          .life = *impl.engine,
          .committer = *impl.committer,
          .clock = choices.own_clock != nullptr ? *choices.own_clock : clock,
          .random = random,
          .log = *impl.log,
          .crl_points = choices.crl_points,
          .response_signer = choices.delegates ? must(authority::make_response_signer(
                                                     cmc.certificate, cmc.key, impl.chain))
                                               : nullptr,
          .shown_certificates = shown(impl.chain, choices.announces, *impl.key),
          .announcement = choices.announces.empty()
                              ? Bytes{}
                              : authority::announce_anchors(7, choices.announces),
          .anchors_by_secret =
              authority::anchor_set(6, choices.has_root ? impl.chain : decltype(impl.chain){})});
  impl.service = std::make_unique<authority::Service>(*impl.authority, *impl.committer, *impl.log);
}

TestAuthority::~TestAuthority() = default;

pkix::Certificate TestAuthority::own_root(const crypto::PrivateKey& key) const {
  return must(issuance::make_root({.subject = must(pkix::name_from_text("CN=Test CA,O=Test")),
                                   .key = key,
                                   .now = clock.now() - std::chrono::days{1}},
                                  crypto::system_random()));
}

std::shared_ptr<const proof::SecretSource> TestAuthority::secrets_of(const Choices& choices) const {
  if (!choices.takes_secrets) return nullptr;
  return choices.own_secrets ? choices.own_secrets : secrets;
}

Estate TestAuthority::estate() const {
  return {impl_->key, impl_->chain, agent, alice};
}

const pkix::Certificate& TestAuthority::certificate() const {
  return impl_->chain.front();
}
const crypto::PrivateKey& TestAuthority::key() const {
  return *impl_->key;
}
policy::OfferedProfiles& TestAuthority::profiles() {
  return *impl_->profiles;
}

store::Engine& TestAuthority::engine() {
  return *impl_->engine;
}
authority::CertificateAuthority& TestAuthority::authority() {
  return *impl_->authority;
}

Holder TestAuthority::enroll(const std::string& subject, const std::string& kind) {
  Holder holder{make_key(kind), {}};
  auto tbs = impl_->chain.front().tbs.value;
  tbs.serial_number = pkix::Integer::from_unsigned(must(crypto::system_random().octets(15)));
  tbs.issuer = impl_->chain.front()->subject;
  tbs.validity = {clock.now() - std::chrono::hours{1}, clock.now() + std::chrono::days{90}};
  tbs.subject = must(pkix::name_from_text(subject));
  tbs.subject_public_key_info = holder.key->public_key_info();
  tbs.extensions = {
      {pkix::oid::kAuthorityKeyIdentifier, false,
       pkix::write_authority_key_identifier({.key_identifier = ca_key_identifier(),
                                             .authority_cert_issuer = std::nullopt,
                                             .authority_cert_serial_number = std::nullopt})},
      {pkix::oid::kExtendedKeyUsage, false,
       pkix::write_extended_key_usage({pkix::oid::kClientAuth, pkix::oid::kEmailProtection})},
  };
  holder.certificate = sign(std::move(tbs), *impl_->key);
  record(holder.certificate);
  return holder;
}

Bytes TestAuthority::ca_key_identifier() const {
  return impl_->chain.front().subject_key_identifier().value();
}

pkix::Certificate TestAuthority::sign(pkix::TBSCertificate tbs, const crypto::PrivateKey& key) {
  tbs.signature = must(crypto::default_signature_algorithm(key));
  const auto der = pkix::write_tbs_certificate(tbs);
  return must(pkix::read_certificate(
      pkix::write_certificate(der, tbs.signature, {must(key.sign(tbs.signature, der)), 0})));
}

void TestAuthority::record(const pkix::Certificate& certificate) {
  auto record = store::record_of(
      certificate, crypto::sha256(certificate->subject_public_key_info.der), clock.now());
  record.profile_id = "test";
  record.requester = "test";
  store::Commit commit;
  commit.certificates.push_back(std::move(record));
  CHECK(impl_->committer->commit(std::move(commit)).durable());
}

Holder TestAuthority::forge(const std::string& subject, const pkix::Integer& serial,
                            bool signed_by_stranger) {
  Holder holder{make_key("ec:p256"), {}};
  const auto stranger = make_key("ec:p256");
  const auto& signing_key = signed_by_stranger ? *stranger : *impl_->key;
  auto tbs = alice.certificate.tbs.value;
  tbs.serial_number = serial;
  tbs.subject = must(pkix::name_from_text(subject));
  tbs.subject_public_key_info = holder.key->public_key_info();
  holder.certificate = sign(std::move(tbs), signing_key);
  return holder;
}

Bytes TestAuthority::certification_request(const std::string& subject) {
  const auto key = make_key("ec:p256");
  return must(client::make_certification_request({.subject = must(pkix::name_from_text(subject)),
                                                  .subject_alt_names = {},
                                                  .extensions = {},
                                                  .key = *key}));
}

client::SentRequest TestAuthority::request(const Holder& signer, const std::string& subject,
                                           client::RequestForm form) {
  const auto key = make_key("ec:p256");
  const client::WantedCertificate wanted{.subject = must(pkix::name_from_text(subject)),
                                         .subject_alt_names = {},
                                         .extensions = {},
                                         .key = *key};
  auto item = form == client::RequestForm::pkcs10
                  ? must(client::make_certification_request(wanted))
                  : must(client::make_cert_req_msg(wanted, cmc::BodyPartID{101}));
  return must(client::make_full_request({.requests = {{form, std::move(item)}},
                                         .data_return = std::nullopt,
                                         .more_controls = {},
                                         .signer = signer.certificate,
                                         .signer_key = *signer.key,
                                         .chain = {}},
                                        crypto::system_random()));
}

Told TestAuthority::send(ByteView message, const Holder* tls_client, const std::string& profile) {
  authority::Inquiry inquiry;
  inquiry.octets = to_bytes(message);
  inquiry.profile_id = profile;
  inquiry.peer.address = "192.0.2.1";
  if (tls_client != nullptr) inquiry.peer.tls_client_certificate = tls_client->certificate.der;
  return send(std::move(inquiry));
}

Told TestAuthority::send(authority::Inquiry inquiry) {
  const auto before = impl_->memory_journal.events().size();
  auto told = deliver(std::move(inquiry));
  const auto& events = impl_->memory_journal.events();
  told.events.assign(events.begin() + static_cast<std::ptrdiff_t>(before), events.end());
  return told;
}

authority::Answer TestAuthority::deliver_octets(authority::Inquiry inquiry) {
  std::promise<authority::Answer> promise;
  impl_->service->respond(std::move(inquiry),
                          [&](authority::Answer answer) { promise.set_value(std::move(answer)); });
  return promise.get_future().get();
}

Told TestAuthority::deliver(authority::Inquiry inquiry) {
  return read_told(deliver_octets(std::move(inquiry)), {impl_->chain.front(), cmc.certificate});
}

Told read_told(const authority::Answer& answer, const std::vector<pkix::Certificate>& own) {
  Told told;
  told.kind = answer.kind;
  if (answer.kind == authority::ResponseKind::none || answer.octets.empty()) return told;
  auto around = read_around(answer.octets);
  for (auto& certificate : around.certificates) {
    if (std::find(own.begin(), own.end(), certificate) == own.end()) {
      told.certificates.push_back(std::move(certificate));
    }
  }
  told.crls = std::move(around.crls);
  told.authenticated = std::move(around.authenticated);
  if (answer.kind != authority::ResponseKind::full) return told;
  auto response = must(cmc::read_pki_response(*around.content));
  told.controls = std::move(response.control_sequence);
  told.messages = std::move(response.cms_sequence);
  const auto* status = cmc::find_control(told.controls, cmc::oid::kStatusInfoV2);
  CHECK(status != nullptr);
  told.status = must(cmc::read_cmc_status_info_v2(status->attr_values.front()));
  return told;
}

std::size_t TestAuthority::certificates_on_record() {
  store::CertificateStore::Query query;
  query.most = 100000;
  return must(impl_->engine->find_certificates(query)).size();
}

}  // namespace signet::test
