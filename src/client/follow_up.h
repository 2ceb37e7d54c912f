#pragma once

#include <string>

#include "client/build_request.h"

namespace signet::client {

/// What stands in the later messages of a transaction, and in messages without requests.

/// queryPending (RFC 10002 §6.13).
std::vector<cmc::TaggedAttribute> poll_controls(ByteView pend_token);
/// confirmCertAcceptance with a status that says whether the certificate is taken (§6.14, AMB-18).
std::vector<cmc::TaggedAttribute> confirmation_controls(const pkix::Certificate& certificate,
                                                        bool is_taken);
/// Whether certificates are to be in the authority's directory.
enum class Publishing { wanted, unwanted };
/// publishCert for certificates, which are named by their SHA-256 (§6.18).
std::vector<cmc::TaggedAttribute> publication_controls(
    const std::vector<pkix::Certificate>& certificates, Publishing what);
/// getCert (§6.9).
std::vector<cmc::TaggedAttribute> get_certificate_controls(const pkix::Name& issuer,
                                                           const asn1::Integer& serial_number);
/// getCRL (§6.10), the latest: the one with this name, where there are several.
std::vector<cmc::TaggedAttribute> get_crl_controls(
    const pkix::Name& issuer, const std::optional<pkix::GeneralName>& name = {});
/// regInfo that registers a revocation secret for the certificate that is asked for, by its salted
/// hash (proof/identity/revocation_verifier.h).
cmc::TaggedAttribute revocation_secret_control(std::string_view verifier);

}  // namespace signet::client
