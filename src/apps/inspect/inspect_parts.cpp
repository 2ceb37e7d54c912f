#include "apps/inspect/inspect_parts.h"

#include <algorithm>

#include "apps/inspect/object_names.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

constexpr std::size_t kMostHexOctets = 64;

bool is_one_of(const asn1::Oid& identifier, std::initializer_list<asn1::Oid> choices) {
  return std::find(choices.begin(), choices.end(), identifier) != choices.end();
}

std::string gcm_text(ByteView parameters) {
  const auto gcm = cms::read_gcm_parameters(parameters);
  if (!gcm.ok()) return " (parameters do not decode: " + gcm.error().detail + ")";
  return " (nonce " + to_hex(gcm->nonce) + ", ICV " + octets_text(gcm->icv_octets) + ")";
}

std::string pbkdf2_text(ByteView parameters) {
  const auto pbkdf2 = cms::read_pbkdf2_parameters(parameters);
  if (!pbkdf2.ok()) return " (parameters do not decode: " + pbkdf2.error().detail + ")";
  return " (salt " + hex_text(pbkdf2->salt) + ", " + std::to_string(pbkdf2->iteration_count) +
         " iterations, " + name_of(pbkdf2->prf.algorithm) + ")";
}

std::string parameters_text(const pkix::AlgorithmIdentifier& algorithm) {
  using namespace pkix::oid;
  const auto& parameters = *algorithm.parameters;
  if (parameters == Bytes{0x05, 0x00}) return "";
  if (is_one_of(algorithm.algorithm, {kAes128Gcm, kAes192Gcm, kAes256Gcm})) {
    return gcm_text(parameters);
  }
  if (algorithm.algorithm == kPbkdf2) return pbkdf2_text(parameters);
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{parameters, budget};
  if (reader.next_is(asn1::kOid)) {
    const auto named = reader.read_oid();
    if (named.ok()) return " " + name_of(*named);
  }
  return " (parameters " + hex_text(parameters) + ")";
}

}  // namespace

std::string octets_text(std::size_t octets) {
  return std::to_string(octets) + (octets == 1 ? " octet" : " octets");
}

std::string hex_text(ByteView octets) {
  if (octets.size() <= kMostHexOctets) return to_hex(octets);
  return to_hex(octets.first(kMostHexOctets)) + "… (" + octets_text(octets.size()) + ")";
}

std::string text_or_hex(ByteView octets) {
  const bool is_text =
      !octets.empty() && std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) {
        return octet >= 0x20 && octet < 0x7F;
      });
  return is_text ? "\"" + std::string(as_text(octets)) + "\"" : hex_text(octets);
}

std::string integer_text(const asn1::Integer& integer) {
  const auto small = integer.to_uint64();
  if (small && *small < 0x10000) return std::to_string(*small);
  if (integer.is_negative()) return integer.to_decimal();
  return "0x" + integer.to_hex();
}

std::string name_text(const pkix::Name& name) {
  return name.empty() ? "(empty: the NULL name)" : pkix::to_text(name);
}

std::string algorithm_text(const pkix::AlgorithmIdentifier& algorithm) {
  const auto name = name_of(algorithm.algorithm);
  return algorithm.parameters ? name + parameters_text(algorithm) : name;
}

AnnotatedTree general_names_tree(std::string name, const pkix::GeneralNames& names) {
  AnnotatedTree tree{std::move(name)};
  for (const auto& one : names) tree.add("name", pkix::to_text(one));
  return tree;
}

AnnotatedTree public_key_tree(std::string name, const pkix::SubjectPublicKeyInfo& key) {
  AnnotatedTree tree{std::move(name), algorithm_text(key.algorithm)};
  const auto usable = crypto::PublicKey::from(key);
  if (usable.ok()) {
    tree.value += ", " + std::to_string(usable->bits()) + " bits";
  } else {
    tree.remark = "not fit for use: " + usable.error().detail;
  }
  tree.add("key identifier (SHA-1)", to_hex(crypto::key_identifier(key)));
  return tree;
}

AnnotatedTree undecoded(std::string name, const Error& error) {
  return {.name = std::move(name), .value = "does not decode", .remark = error.detail};
}

AnnotatedTree signature_tree(const pkix::AlgorithmIdentifier& algorithm,
                             const Result<void>& verified, const std::string& by) {
  AnnotatedTree tree{"signature", algorithm_text(algorithm)};
  if (algorithm.algorithm == pkix::oid::kNoSignature) {
    tree.check = Check::not_checked;
    tree.remark = "there is none; it proves nothing";
  } else if (verified.ok()) {
    tree.check = Check::verified;
    tree.remark = by;
  } else {
    const auto fault = verified.error().fault;
    const bool not_offered = fault == Fault::unsupported_algorithm || fault == Fault::weak_key ||
                             fault == Fault::untrusted_signer;
    tree.check = not_offered ? Check::not_checked : Check::broken;
    tree.remark = verified.error().detail;
  }
  return tree;
}

AnnotatedTree check_signature(const pkix::SubjectPublicKeyInfo& key,
                              const pkix::AlgorithmIdentifier& algorithm, ByteView message,
                              const asn1::BitString& signature, const std::string& by) {
  const auto usable = crypto::PublicKey::from(key);
  if (!usable.ok()) return signature_tree(algorithm, usable.error(), by);
  return signature_tree(algorithm, usable->verify(algorithm, message, signature.octets), by);
}

}  // namespace signet::tool
