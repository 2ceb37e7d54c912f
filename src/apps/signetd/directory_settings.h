#pragma once

#include "adapters/ldap/directory_publisher.h"
#include "apps/configuration/configuration.h"

/// What the configuration says of directories. Faults: bad_configuration, and those of reading the
/// password's file.
namespace signet::server {

Result<ldap::DirectoryAddress> directory_address(const Configuration::Directory& given);
/// Where certificates and CRLs are published.
Result<ldap::PublishingPlaces> publishing_places(const Configuration::Publishing& given);
/// That both can be had, where something is published.
Result<void> check_publishing(const Configuration::Publishing& given);

}  // namespace signet::server
