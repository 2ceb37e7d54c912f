#include <array>
#include <mutex>
#include <vector>

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

/// Keys of one curve that nobody uses any more, whose point may be replaced. A copy of one without
/// a point takes half of the time of EVP_PKEY_fromdata, which makes the curve anew for each key;
/// one from here takes a tenth, and its contexts verify by the new point: they refer to the very
/// key. Safe for many threads; holds at most a few.
class SpareKeys {
 public:
  explicit SpareKeys(const Curve& curve) : domain_(domain_of(curve)) {
    spare_.reserve(kMostSpare);  // so that giving back cannot fail
  }

  /// On the curve, with any point or none; null when there is no memory.
  std::unique_ptr<LoadedKey> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!spare_.empty()) {
        auto key = std::move(spare_.back());
        spare_.pop_back();
        return key;
      }
    }
    openssl::Key copy(EVP_PKEY_dup(domain_.get()));
    return copy ? std::make_unique<LoadedKey>(std::move(copy)) : nullptr;
  }

  /// No context but its own may hold the key any more.
  void give_back(std::unique_ptr<LoadedKey> key) {
    const std::lock_guard lock(mutex_);
    if (spare_.size() < kMostSpare) spare_.push_back(std::move(key));
  }

 private:
  /// As many as threads are likely to hold at once.
  static constexpr std::size_t kMostSpare = 16;

  openssl::Key domain_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<LoadedKey>> spare_;
};

SpareKeys& spare_keys_of(const Curve& curve) {
  // Never destroyed: keys are given back as long as the program runs.
  static auto& all = *new std::array<SpareKeys, kCurves.size()>{
      SpareKeys(kCurves[0]), SpareKeys(kCurves[1]), SpareKeys(kCurves[2])};
  return all.at(static_cast<std::size_t>(&curve - kCurves.data()));
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
Result<std::shared_ptr<LoadedKey>> make_key(const Curve& curve, ByteView point) {
  auto& spare = spare_keys_of(curve);
  auto key = spare.take();
  if (key && EVP_PKEY_set1_encoded_public_key(key->get(), point.data(), point.size()) == 1) {
    return std::shared_ptr<LoadedKey>(key.release(), [&spare](LoadedKey* used) {
      spare.give_back(std::unique_ptr<LoadedKey>(used));
    });
  }
  return Error{Fault::weak_key, "EC point is not on the curve: " + openssl::reason()};
}

}  // namespace

Result<MadePublicKey> make_ec_public_key(const pkix::SubjectPublicKeyInfo& info) {
  const Curve& curve = *TRY(find_curve(info.algorithm.parameters));
  const ByteView point = info.subject_public_key.octets;
  TRY(check_point_form(curve, point));
  auto key = TRY(make_key(curve, point));
  return MadePublicKey{curve.kind, curve.bits, std::move(key)};
}

}  // namespace signet::crypto
