#include "codec/asn1/whole.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"

namespace signet::cms {
namespace {

using asn1::Reader;
using asn1::Writer;

constexpr std::size_t kMinimumIcvOctets = 12;
constexpr std::size_t kMaximumIcvOctets = 16;

/// GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER (12..16) DEFAULT 12 }
Result<GcmParameters> read_gcm(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  GcmParameters parameters;
  parameters.nonce = TRY(fields.read_octet_string());
  if (parameters.nonce.empty()) return Error{Fault::malformed, "AES-GCM with an empty nonce"};
  if (!fields.at_end()) {
    const auto icv_octets = static_cast<std::uint64_t>(TRY(fields.read_small_integer()));
    if (icv_octets < kMinimumIcvOctets || icv_octets > kMaximumIcvOctets) {
      return Error{Fault::malformed, "AES-GCM with an ICV of " + std::to_string(icv_octets) +
                                         " octets; RFC 5084 §3.2 has 12 to 16"};
    }
    parameters.icv_octets = icv_octets;
  }
  TRY(fields.finish());
  return parameters;
}

AlgorithmIdentifier default_prf() {
  return {pkix::oid::kHmacWithSha1, Bytes{0x05, 0x00}};
}

Result<std::int64_t> read_count(Reader& fields, std::string_view name) {
  const auto count = TRY(fields.read_small_integer());
  if (count == 0) return Error{Fault::malformed, "PBKDF2 with " + std::string(name) + " 0"};
  return count;
}

/// PBKDF2-params ::= SEQUENCE { salt CHOICE { specified OCTET STRING, otherSource
///   AlgorithmIdentifier }, iterationCount INTEGER (1..MAX), keyLength INTEGER (1..MAX) OPTIONAL,
///   prf AlgorithmIdentifier DEFAULT hmacWithSHA1 }
Result<Pbkdf2Parameters> read_pbkdf2(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  if (fields.next_is(asn1::kSequence)) {
    return Error{Fault::unsupported_algorithm,
                 "PBKDF2 with a salt from another source; send the salt itself"};
  }
  Pbkdf2Parameters parameters;
  parameters.salt = TRY(fields.read_octet_string());
  parameters.iteration_count = TRY(read_count(fields, "iterationCount"));
  if (fields.next_is(asn1::kInteger)) {
    parameters.key_length = TRY(read_count(fields, "keyLength"));
  }
  parameters.prf = fields.at_end() ? default_prf() : TRY(pkix::read_algorithm_identifier(fields));
  TRY(fields.finish());
  return parameters;
}

}  // namespace

// The parameters came inside a message that may be BER, and are BER where it is.

Result<GcmParameters> read_gcm_parameters(ByteView parameters_der) {
  return asn1::read_whole(parameters_der, asn1::Limits::ber(), read_gcm);
}

Bytes write_gcm_parameters(const GcmParameters& parameters) {
  Writer writer;
  writer.sequence([&] {
    writer.octet_string(parameters.nonce);
    if (parameters.icv_octets == kMinimumIcvOctets) return;
    writer.integer(static_cast<std::int64_t>(parameters.icv_octets));
  });
  return std::move(writer).take();
}

Bytes write_ecc_cms_shared_info(ByteView key_info_der, const std::optional<Bytes>& ukm,
                                std::size_t octets) {
  const auto bits = static_cast<std::uint32_t>(octets * 8);
  Writer writer;
  writer.sequence([&] {
    writer.raw(key_info_der);
    if (ukm) writer.constructed(asn1::context_constructed(0), [&] { writer.octet_string(*ukm); });
    writer.constructed(asn1::context_constructed(2), [&] {
      writer.octet_string(
          Bytes{static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint8_t>(bits >> 16),
                static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)});
    });
  });
  return std::move(writer).take();
}

Result<Bytes> read_cbc_iv(const AlgorithmIdentifier& algorithm) {
  constexpr std::size_t kIvOctets = 16;
  const Error malformed{Fault::malformed, "AES-CBC without an initialization vector of 16 octets"};
  if (!algorithm.parameters) return malformed;
  auto iv = TRY(asn1::read_whole(*algorithm.parameters, asn1::Limits::ber(),
                                 [](asn1::Reader& reader) { return reader.read_octet_string(); }));
  if (iv.size() != kIvOctets) return malformed;
  return iv;
}

Result<Pbkdf2Parameters> read_pbkdf2_parameters(ByteView parameters_der) {
  return asn1::read_whole(parameters_der, asn1::Limits::ber(), read_pbkdf2);
}

Result<void> check_pbkdf2_cost(const Pbkdf2Parameters& parameters, std::int64_t most_iterations) {
  constexpr std::size_t kMostSaltOctets = 1024;
  constexpr std::int64_t kMostKeyOctets = 64;  // of HMAC-SHA512, the longest that is offered
  if (parameters.iteration_count > most_iterations) {
    return Error{Fault::too_large, "PBKDF2 with " + std::to_string(parameters.iteration_count) +
                                       " iterations; at most " + std::to_string(most_iterations) +
                                       " are done for a message"};
  }
  if (parameters.salt.size() > kMostSaltOctets ||
      parameters.key_length.value_or(1) > kMostKeyOctets) {
    return Error{Fault::too_large,
                 "PBKDF2 with a key of more than 64 octets or a salt of more than 1024"};
  }
  return {};
}

Bytes write_pbkdf2_parameters(const Pbkdf2Parameters& parameters) {
  Writer writer;
  writer.sequence([&] {
    writer.octet_string(parameters.salt);
    writer.integer(parameters.iteration_count);
    if (parameters.key_length) writer.integer(*parameters.key_length);
    if (parameters.prf != default_prf()) pkix::write_algorithm_identifier(writer, parameters.prf);
  });
  return std::move(writer).take();
}

}  // namespace signet::cms
