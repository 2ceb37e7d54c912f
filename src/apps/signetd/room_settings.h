#pragma once

#include "apps/configuration/configuration.h"
#include "apps/signetd/authority_keys.h"
#include "authority/certificate_authority.h"
#include "authority/crl_maker.h"
#include "authority/service.h"

/// What the configuration says to each room, in the room's own words. Nothing here can fail: what
/// could be wrong with a value, read_configuration has refused.
namespace signet::server {

authority::Settings settings_of(const Configuration& configuration);
/// Where addresses are not told apart (address_connections = 0: behind a proxy), one may have all.
authority::LongAnswerLimits long_answer_limits(const Configuration::Limits& limits);
/// `issues`: the key that issues now.
policy::AuthorityFacts facts_of(const Configuration::Authority& settings,
                                const AuthorityKey& issues);
/// Of the key that issues now.
issuance::CrlPoints crl_points(const Configuration::Crl& given,
                               const AuthorityCertificates& certificates);
/// Of the key that issued what stands on these shards.
authority::CrlSettings crl_settings(const Configuration::Crl& given,
                                    const issuance::ShardRange& of_key);

}  // namespace signet::server
