#pragma once

#include <string_view>

#include "adapters/http/server.h"
#include "apps/signetd/crl_shelf.h"
#include "base/clock.h"

namespace signet::server {

/// Whether this is a path of a CRL: /ca/crl[/SHARD], /ca/crl/delta[/SHARD].
bool is_crl_path(std::string_view path);

/// The latest CRL of a shard. Caches ask for it again within a minute, so that a revocation is not
/// hidden behind the copy of before.
http::Response answer_crl(CrlShelf& crls, const http::Request& request, Time now);

}  // namespace signet::server
