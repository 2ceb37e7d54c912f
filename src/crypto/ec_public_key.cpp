#include <array>

#include "codec/pkix/oids.h"
#include "crypto/made_public_key.h"

namespace signet::crypto {
namespace {

struct Curve {
  asn1::Oid oid;
  KeyKind kind;
  int bits;
  std::size_t field_octets;
  const char* openssl_name;
};

constexpr std::array kCurves{
    Curve{pkix::oid::kSecp256r1, KeyKind::ec_p256, 256, 32, "P-256"},
    Curve{pkix::oid::kSecp384r1, KeyKind::ec_p384, 384, 48, "P-384"},
    Curve{pkix::oid::kSecp521r1, KeyKind::ec_p521, 521, 66, "P-521"},
};

openssl::Key domain_of(const Curve& curve) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* domain = nullptr;
  CHECK(context != nullptr && EVP_PKEY_paramgen_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_group_name(context.get(), curve.openssl_name) == 1);
  CHECK(EVP_PKEY_paramgen(context.get(), &domain) == 1);
  return openssl::Key(domain);
}

/// A key with the curve and no point. Copying it and setting the point takes a quarter of the time
/// of EVP_PKEY_fromdata, which makes the curve anew for each key.
EVP_PKEY* prepared_domain(const Curve& curve) {
  static const std::array domains{domain_of(kCurves[0]), domain_of(kCurves[1]),
                                  domain_of(kCurves[2])};
  return domains.at(static_cast<std::size_t>(&curve - kCurves.data())).get();
}

/// ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER } (RFC 5480 §2.1.1)
Result<asn1::Oid> read_named_curve(const std::optional<Bytes>& parameters) {
  if (!parameters) return Error{Fault::malformed, "EC key without its curve"};
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*parameters, budget};
  if (!reader.next_is(asn1::kOid)) {
    return Error{Fault::unsupported_algorithm,
                 "EC key whose curve is not named by an identifier (RFC 5480 §2.1.1)"};
  }
  const auto curve = TRY(reader.read_oid());
  TRY(reader.finish());
  return curve;
}

Result<const Curve*> find_curve(const std::optional<Bytes>& parameters) {
  const auto named = TRY(read_named_curve(parameters));
  for (const auto& curve : kCurves) {
    if (curve.oid == named) return &curve;
  }
  return Error{Fault::unsupported_algorithm,
               "curve " + named.to_text() + " is not offered; use P-256, P-384 or P-521"};
}

/// SEC 1 §2.3.3: 04 and both coordinates, or 02 or 03 and the first.
Result<void> check_point_form(const Curve& curve, ByteView point) {
  if (!point.empty() && point.front() == 0x00) {
    return Error{Fault::weak_key, "EC point is at infinity"};
  }
  const auto octets = point.size();
  const bool uncompressed = octets == 1 + 2 * curve.field_octets && point.front() == 0x04;
  const bool compressed =
      octets == 1 + curve.field_octets && (point.front() == 0x02 || point.front() == 0x03);
  if (uncompressed || compressed) return {};
  return Error{Fault::malformed, "EC point of " + std::to_string(octets) + " octets for " +
                                     curve.openssl_name +
                                     " is neither uncompressed nor compressed"};
}

/// OpenSSL checks that the coordinates are below the field's prime and the point is on the curve;
/// the cofactor of these curves is 1, so that the point is in the group as well.
Result<openssl::Key> make_key(const Curve& curve, ByteView point) {
  openssl::Key key(EVP_PKEY_dup(prepared_domain(curve)));
  if (key && EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) == 1) {
    return key;
  }
  return Error{Fault::weak_key, "EC point is not on the curve: " + openssl::reason()};
}

}  // namespace

Result<MadePublicKey> make_ec_public_key(const pkix::SubjectPublicKeyInfo& info) {
  const Curve& curve = *TRY(find_curve(info.algorithm.parameters));
  const ByteView point = info.subject_public_key.octets;
  TRY(check_point_form(curve, point));
  return MadePublicKey{curve.kind, curve.bits, TRY(make_key(curve, point))};
}

}  // namespace signet::crypto
