#pragma once

#include <span>

#include "codec/pkix/certificate.h"

/// What OCSPRequest and BasicOCSPResponse have in common.
namespace signet::ocsp {

/// Version ::= INTEGER { v1(0) }, [0] EXPLICIT DEFAULT v1: DER leaves out the only one there is.
/// Faults: malformed when one stands there.
Result<void> refuse_other_versions(asn1::Reader& tbs);
/// Extensions under [number] EXPLICIT; empty when absent.
Result<pkix::Extensions> read_explicit_extensions(asn1::Reader& reader, std::uint32_t number);
void write_explicit_extensions(asn1::Writer& writer, const pkix::Extensions& extensions,
                               std::uint32_t number);
/// certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL; an empty one is read as none.
Result<std::vector<pkix::Certificate>> read_certs(asn1::Reader& reader);
void write_certs(asn1::Writer& writer, std::span<const pkix::Certificate> certs);

}  // namespace signet::ocsp
