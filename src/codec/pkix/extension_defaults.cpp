#include "codec/asn1/whole.h"
#include "codec/pkix/extension.h"
#include "codec/pkix/oids.h"

/// What DER leaves out of extensions that users ask for, and encoders put in all the same.
namespace signet::pkix {
namespace {

using asn1::Reader;

/// The last octet holds the last bit that is not left out: it is set.
Result<void> check_named_bits(Reader& reader) {
  const auto bits = TRY(reader.read(asn1::kBitString)).value;
  constexpr std::size_t kWithOneOctet = 2;  // the number of unused bits stands before them
  if (bits.size() >= kWithOneOctet && (bits.back() >> (bits.front() & 7U) & 1U) != 0) {
    return {};
  }
  return Error{Fault::malformed, "keyUsage with zero bits at its end (X.690 §11.2.2)"};
}

Result<void> check_constraints(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  if (fields.next_is(asn1::kBoolean) && !TRY(fields.read_boolean())) {
    return Error{Fault::malformed, "basicConstraints with a cA that says FALSE (X.690 §11.5)"};
  }
  return {};
}

}  // namespace

Result<void> check_leaves_out_defaults(const Extension& extension) {
  const auto check = [&extension](auto read) {
    return asn1::read_whole(extension.extn_value, asn1::Limits::der(), read);
  };
  if (extension.extn_id == oid::kKeyUsage) return check(check_named_bits);
  if (extension.extn_id == oid::kBasicConstraints) return check(check_constraints);
  return {};
}

Result<Extension> without_defaults(Extension extension) {
  if (extension.extn_id == oid::kKeyUsage) {
    extension.extn_value = write_key_usage(TRY(read_key_usage(extension.extn_value)));
  }
  if (extension.extn_id == oid::kBasicConstraints) {
    extension.extn_value =
        write_basic_constraints(TRY(read_basic_constraints(extension.extn_value)));
  }
  return extension;
}

}  // namespace signet::pkix
