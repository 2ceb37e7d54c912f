#include "codec/asn1/whole.h"
#include "codec/pkix/extension.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/sequence_of.h"

/// Values of the extensions that we use ourselves (RFC 5280 §4.2).
namespace signet::pkix {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Limits;
using asn1::read_whole;
using asn1::Reader;
using asn1::Writer;

constexpr std::size_t kKeyUsageBits = 9;

template <typename Write>
Bytes written(Write&& write) {
  Writer writer;
  write(writer);
  return std::move(writer).take();
}

bool bit_at(ByteView octets, std::size_t bit) {
  return bit / 8 < octets.size() && (octets[bit / 8] & 0x80U >> bit % 8) != 0;
}

Result<std::vector<Oid>> read_purposes(Reader& reader) {
  return read_sequence_of(reader, [](Reader& member) { return member.read_oid(); });
}

Result<GeneralNames> read_names(Reader& reader) {
  return read_general_names(reader);
}

Result<BasicConstraints> read_constraints(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  BasicConstraints constraints;
  // An encoded FALSE is not DER, which leaves defaults out; many certificates have it.
  if (fields.next_is(asn1::kBoolean)) constraints.ca = TRY(fields.read_boolean());
  if (!fields.at_end()) constraints.path_len_constraint = TRY(fields.read_small_integer());
  TRY(fields.finish());
  return constraints;
}

Result<AuthorityKeyIdentifier> read_authority(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  AuthorityKeyIdentifier authority;
  if (fields.next_is(context(0)))
    authority.key_identifier = TRY(fields.read_octet_string(context(0)));
  if (fields.next_is(context_constructed(1))) {
    authority.authority_cert_issuer = TRY(read_general_names(fields, context_constructed(1)));
  }
  if (fields.next_is(context(2))) {
    authority.authority_cert_serial_number = TRY(fields.read_integer(context(2)));
  }
  TRY(fields.finish());
  if (authority.authority_cert_issuer.has_value() !=
      authority.authority_cert_serial_number.has_value()) {
    return Error{Fault::malformed,
                 "authorityKeyIdentifier has the issuer or the serial number without the other"};
  }
  return authority;
}

/// AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
Result<AccessDescription> read_access_description(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  const auto method = TRY(fields.read_oid());
  auto location = TRY(read_general_name(fields));
  TRY(fields.finish());
  return AccessDescription{method, std::move(location)};
}

Result<std::vector<AccessDescription>> read_access_descriptions(Reader& reader) {
  return read_sequence_of(reader, read_access_description);
}

}  // namespace

// Zero bits at the end, which DER leaves out of a list of named bits, are passed over: they are
// common and mean nothing.
Result<KeyUsage> read_key_usage(ByteView extn_value) {
  const auto bits = TRY(read_whole(extn_value, Limits::der(),
                                   [](Reader& reader) { return reader.read_bit_string(); }));
  KeyUsage usage;
  for (std::size_t bit = 0; bit < bits.octets.size() * 8; ++bit) {
    if (!bit_at(bits.octets, bit)) continue;
    if (bit >= kKeyUsageBits) {
      return Error{Fault::malformed,
                   "keyUsage sets bit " + std::to_string(bit) + ", which has no meaning"};
    }
    usage.bits = static_cast<std::uint16_t>(usage.bits | 1U << bit);
  }
  if (usage.bits == 0) return Error{Fault::malformed, "keyUsage without any bit set"};
  return usage;
}

Bytes write_key_usage(KeyUsage usage) {
  BitString bits;
  for (std::size_t bit = 0; bit < kKeyUsageBits; ++bit) {
    if ((usage.bits >> bit & 1U) == 0) continue;
    bits.octets.resize(bit / 8 + 1);
    bits.octets.back() = static_cast<std::uint8_t>(bits.octets.back() | 0x80U >> bit % 8);
    bits.unused_bits = static_cast<std::uint8_t>(7 - bit % 8);
  }
  return written([&](Writer& writer) { writer.bit_string(bits); });
}

Result<BasicConstraints> read_basic_constraints(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(), read_constraints);
}

Bytes write_basic_constraints(const BasicConstraints& constraints) {
  return written([&](Writer& writer) {
    writer.sequence([&] {
      if (constraints.ca) writer.boolean(true);
      if (constraints.path_len_constraint) writer.integer(*constraints.path_len_constraint);
    });
  });
}

Result<std::vector<Oid>> read_extended_key_usage(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(), read_purposes);
}

Bytes write_extended_key_usage(const std::vector<Oid>& purposes) {
  return written([&](Writer& writer) {
    writer.sequence([&] {
      for (const auto& purpose : purposes) writer.oid(purpose);
    });
  });
}

Result<Bytes> read_subject_key_identifier(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(),
                    [](Reader& reader) { return reader.read_octet_string(); });
}

Bytes write_subject_key_identifier(ByteView identifier) {
  return written([&](Writer& writer) { writer.octet_string(identifier); });
}

Result<AuthorityKeyIdentifier> read_authority_key_identifier(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(), read_authority);
}

Bytes write_authority_key_identifier(const AuthorityKeyIdentifier& identifier) {
  return written([&](Writer& writer) {
    writer.sequence([&] {
      if (identifier.key_identifier) writer.octet_string(*identifier.key_identifier, context(0));
      if (identifier.authority_cert_issuer) {
        write_general_names(writer, *identifier.authority_cert_issuer, context_constructed(1));
      }
      if (identifier.authority_cert_serial_number) {
        writer.integer(*identifier.authority_cert_serial_number, context(2));
      }
    });
  });
}

Result<GeneralNames> read_alternative_name(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(), read_names);
}

Result<GeneralNames> subject_alt_names(const Extensions& extensions) {
  const auto* found = find_extension(extensions, oid::kSubjectAltName);
  return found == nullptr ? Result<GeneralNames>(GeneralNames{})
                          : read_alternative_name(found->extn_value);
}

Bytes write_alternative_name(const GeneralNames& names) {
  return written([&](Writer& writer) { write_general_names(writer, names); });
}

Result<std::vector<AccessDescription>> read_information_access(ByteView extn_value) {
  return read_whole(extn_value, Limits::der(), read_access_descriptions);
}

Bytes write_information_access(const std::vector<AccessDescription>& descriptions) {
  return written([&](Writer& writer) {
    writer.sequence([&] {
      for (const auto& description : descriptions) {
        writer.sequence([&] {
          writer.oid(description.access_method);
          write_general_name(writer, description.access_location);
        });
      }
    });
  });
}

/// DistributionPoint ::= SEQUENCE { distributionPoint [0] EXPLICIT CHOICE {
///   fullName [0] GeneralNames, … } OPTIONAL, … }
Bytes write_crl_distribution_points(const std::vector<GeneralNames>& full_names) {
  return written([&](Writer& writer) {
    writer.sequence([&] {
      for (const auto& full_name : full_names) {
        writer.sequence([&] {
          writer.constructed(context_constructed(0), [&] {
            write_general_names(writer, full_name, context_constructed(0));
          });
        });
      }
    });
  });
}

Bytes write_crl_number(const Integer& number) {
  return written([&](Writer& writer) { writer.integer(number); });
}

Bytes write_reason_code(CRLReason reason) {
  return written([&](Writer& writer) { writer.enumerated(static_cast<std::int64_t>(reason)); });
}

Bytes write_invalidity_date(Time date) {
  return written([&](Writer& writer) { writer.generalized_time(date); });
}

}  // namespace signet::pkix
