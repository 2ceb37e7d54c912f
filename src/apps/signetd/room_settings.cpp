#include "apps/signetd/room_settings.h"

namespace signet::server {
namespace {

issuance::CrlPoints crl_points(const Configuration::Crl& given,
                               const issuance::ShardRange& of_key) {
  issuance::CrlPoints points;
  points.of_key = of_key;
  points.shards = static_cast<std::uint32_t>(given.shards);
  points.uri = given.uri;
  points.delta_uri = given.delta_uri;
  points.earlier_uris = given.earlier_uris;
  points.freshest_in_certificates = given.freshest_in_certificates;
  return points;
}

}  // namespace

authority::Settings settings_of(const Configuration& configuration) {
  authority::Settings settings;
  settings.replace_subject = configuration.compatibility.replace_subject;
  settings.shared_body_part_ids = configuration.compatibility.shared_body_part_ids;
  settings.dogtag_challenge = configuration.compatibility.dogtag_challenge;
  settings.bare_revocation = configuration.compatibility.bare_revocation;
  settings.bare_names = configuration.compatibility.bare_names;
  settings.raw_key_identifier = configuration.compatibility.raw_key_identifier;
  const auto& confirmation = configuration.confirmation;
  settings.confirmed_profiles = {confirmation.profiles.begin(), confirmation.profiles.end()};
  settings.confirmation_time = std::chrono::minutes{confirmation.within_minutes};
  const bool holds = confirmation.otherwise == Unconfirmed::hold;
  settings.unconfirmed = holds ? authority::Unconfirmed::held : authority::Unconfirmed::revoked;
  settings.approval_time = std::chrono::days{configuration.approval.days};
  settings.most_waiting = static_cast<std::size_t>(configuration.limits.requester_waiting);
  const auto& publishing = configuration.publishing;
  if (publishing.has_users()) {
    settings.published = authority::PublishedProfiles::named_or_all(publishing.profiles);
  }
  settings.record_intent = configuration.authority.record_intent;
  settings.signing_time_window =
      std::chrono::seconds{configuration.authority.signing_time_window_seconds};
  settings.agent_profile = configuration.authority.agent_profile;
  settings.user_profile = configuration.authority.user_profile;
  settings.simple_profile = configuration.authority.simple_profile;
  settings.secret_profile = configuration.authority.secret_profile;
  return settings;
}

issuance::CrlPoints crl_points(const Configuration::Crl& given,
                               const AuthorityCertificates& certificates) {
  auto points = crl_points(given, certificates.shards.back());
  for (std::size_t at = certificates.shards.size() - 1; at > 0; --at) {
    points.of_earlier_keys.push_back(certificates.shards[at - 1].first);
  }
  return points;
}

authority::CrlSettings crl_settings(const Configuration::Crl& given,
                                    const issuance::ShardRange& of_key) {
  authority::CrlSettings settings;
  settings.validity = std::chrono::hours{given.validity_hours};
  settings.overlap = std::chrono::hours{given.overlap_hours};
  if (given.delta_minutes > 0) settings.delta_every = std::chrono::minutes{given.delta_minutes};
  settings.points = crl_points(given, of_key);
  settings.first_number = static_cast<std::uint64_t>(given.first_number);
  return settings;
}

authority::LongAnswerLimits long_answer_limits(const Configuration::Limits& limits) {
  authority::LongAnswerLimits made;
  if (limits.address_connections == 0) made.most_octets_of_one = made.most_octets;
  return made;
}

policy::AuthorityFacts facts_of(const Configuration::Authority& settings,
                                const AuthorityKey& issues) {
  policy::AuthorityFacts facts;
  facts.certificate = issues.issuer.certificate();
  facts.ocsp_uri = settings.ocsp_uri;
  facts.allow_past_ca_validity = settings.allow_past_ca_validity;
  facts.default_signature_algorithm = issues.signature_algorithm;
  return facts;
}

}  // namespace signet::server
