#include "envelope/authenticated_data.h"

#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "crypto/pwri_key.h"
#include "envelope/signed_attributes.h"

namespace signet::envelope {
namespace {

// Of the PRF (crypto::pbkdf2_cost), twice what ours costs: whoever asks is not known yet.
constexpr std::uint64_t kMostCost = 200'000;
constexpr std::uint32_t kOurIterations = 100'000;
constexpr std::size_t kSaltOctets = 16;
constexpr std::size_t kKeyOctets = 32;

Error malformed(std::string why) {
  return {Fault::malformed, "an AuthenticatedData " + std::move(why)};
}

Error mismatch() {
  return {Fault::mac_mismatch,
          "the MAC of the AuthenticatedData does not verify with this identification and secret"};
}

//= E14 RFC 10002 §3.2: the MAC key is for a PasswordRecipientInfo
Result<const cms::PasswordRecipientInfo*> password_recipient(const cms::AuthenticatedData& data) {
  const auto* found = data.recipient_infos.size() == 1
                          ? std::get_if<cms::PasswordRecipientInfo>(&data.recipient_infos.front())
                          : nullptr;
  if (found == nullptr) return malformed("must have one recipient, a PasswordRecipientInfo");
  if (!found->key_derivation_algorithm) return malformed("names no key derivation");
  return found;
}

/// PBKDF2's parameters, before any iteration is done.
struct Derivation {
  cms::Pbkdf2Parameters parameters;
  crypto::MacAlgorithm prf;
};

//= B14 RFC 10004 §5.1: PBKDF2 derives the key that wraps
Result<Derivation> read_derivation(const pkix::AlgorithmIdentifier& algorithm) {
  if (algorithm.algorithm != pkix::oid::kPbkdf2) {
    return Error{Fault::unsupported_algorithm,
                 "key derivation " + algorithm.algorithm.to_text() + ": use PBKDF2"};
  }
  if (!algorithm.parameters) return malformed("has PBKDF2 without parameters");
  auto parameters = TRY(cms::read_pbkdf2_parameters(*algorithm.parameters));
  TRY(cms::check_pbkdf2_cost(parameters, static_cast<std::int64_t>(kMostCost)));
  const auto prf = TRY(crypto::mac_algorithm(parameters.prf));
  return Derivation{std::move(parameters), prf};
}

/// How the MAC key lies in the PasswordRecipientInfo: under AES key wrap, or under
/// id-alg-PWRI-KEK, which has an IV (RFC 3211 §2.3).
struct KeyWrap {
  std::size_t key_octets = 0;
  std::optional<Bytes> iv;
};

Result<KeyWrap> read_pwri_kek(const pkix::AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters) return malformed("has id-alg-PWRI-KEK without parameters");
  const auto cipher =
      TRY(pkix::read_algorithm_identifier(*algorithm.parameters, asn1::Limits::ber()));
  if (!crypto::is_aes_cbc(cipher.algorithm)) {
    return Error{Fault::unsupported_algorithm,
                 "id-alg-PWRI-KEK with " + cipher.algorithm.to_text() + ": use AES-CBC"};
  }
  const auto octets = TRY(crypto::aes_key_octets(cipher.algorithm));
  auto iv = TRY(cms::read_cbc_iv(cipher));
  return KeyWrap{octets, std::move(iv)};
}

//= B15 RFC 10004 §5.1: AES key wrap
Result<KeyWrap> read_key_wrap(const pkix::AlgorithmIdentifier& algorithm) {
  const auto& oid = algorithm.algorithm;
  if (oid == pkix::oid::kPwriKek) return read_pwri_kek(algorithm);
  if (crypto::is_aes_key_wrap(oid)) {
    return KeyWrap{TRY(crypto::aes_key_octets(oid)), std::nullopt};
  }
  return Error{Fault::unsupported_algorithm,
               "key encryption " + oid.to_text() + ": use AES key wrap (RFC 3394)"};
}

Result<void> check_derives(const Derivation& derivation, std::size_t key_octets) {
  const auto iterations = static_cast<std::uint32_t>(derivation.parameters.iteration_count);
  if (crypto::pbkdf2_cost(derivation.prf, iterations, key_octets) > kMostCost) {
    return Error{Fault::too_large, "PBKDF2 with " + std::to_string(iterations) +
                                       " iterations for each block of a key of " +
                                       std::to_string(key_octets) + " octets; at most " +
                                       std::to_string(kMostCost) +
                                       " are done in all: use fewer, or HMAC-SHA256"};
  }
  const auto& length = derivation.parameters.key_length;
  if (!length || *length == static_cast<std::int64_t>(key_octets)) return {};
  return malformed("derives a key of another length than its key wrap takes");
}

Result<SecretBytes> unwrap_mac_key(const cms::PasswordRecipientInfo& recipient,
                                   const SecretBytes& password) {
  const auto derivation = TRY(read_derivation(*recipient.key_derivation_algorithm));
  const auto wrap = TRY(read_key_wrap(recipient.key_encryption_algorithm));
  TRY(check_derives(derivation, wrap.key_octets));
  const auto wrapping_key = crypto::pbkdf2(
      derivation.prf, password.view(), derivation.parameters.salt,
      static_cast<std::uint32_t>(derivation.parameters.iteration_count), wrap.key_octets);
  auto key = wrap.iv ? crypto::pwri_key_unwrap(wrapping_key, *wrap.iv, recipient.encrypted_key)
                     : crypto::aes_key_unwrap(wrapping_key, recipient.encrypted_key);
  if (!key.ok()) return mismatch();
  return key;
}

Result<crypto::MacAlgorithm> accepted_mac_algorithm(const pkix::AlgorithmIdentifier& identifier) {
  const auto algorithm = TRY(crypto::mac_algorithm(identifier));
  if (algorithm != crypto::MacAlgorithm::hmac_sha1) return algorithm;
  return Error{Fault::unsupported_algorithm, "macAlgorithm HMAC-SHA1: use HMAC-SHA256 or better"};
}

Result<void> check_frame(const cms::AuthenticatedData& data) {
  if (data.version != 0) return malformed("with a PasswordRecipientInfo alone has version 0");
  if (!data.encap_content_info.e_content) return malformed("without content");
  if (!data.auth_attrs_der || !data.digest_algorithm) {
    return malformed("without authAttrs and digestAlgorithm, over content that is not id-data");
  }
  return {};
}

Result<std::optional<cms::OriginatorInfo>> originator_info(const MacInput& input) {
  if (input.certificates.empty() && input.crls.empty()) return std::optional<cms::OriginatorInfo>{};
  cms::OriginatorInfo info;
  for (const auto& der : input.certificates) {
    info.certificates.push_back(TRY(pkix::read_certificate(der)));
  }
  for (const auto& der : input.crls) info.crls.push_back(TRY(pkix::read_certificate_list(der)));
  return std::optional{std::move(info)};
}

}  // namespace

Result<void> verify_mac(const cms::AuthenticatedData& authenticated, const SecretBytes& password) {
  TRY(check_frame(authenticated));
  const auto* recipient = TRY(password_recipient(authenticated));
  const auto mac = TRY(accepted_mac_algorithm(authenticated.mac_algorithm));
  const bool digest_agrees = TRY(check_authenticated_attributes(authenticated));
  const auto key = TRY(unwrap_mac_key(*recipient, password));
  const auto expected = crypto::mac(mac, key.view(), *authenticated.auth_attrs_der);
  const bool mac_agrees = constant_time_equal(expected, authenticated.mac);
  if (mac_agrees && digest_agrees) return {};
  return mismatch();
}

Result<Bytes> seal_authenticated_data(const MacInput& input, RandomSource& random) {
  using crypto::DigestAlgorithm;
  using crypto::MacAlgorithm;
  const auto mac_algorithm = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  const auto salt = TRY(random.octets(kSaltOctets));
  const auto wrapping_key = crypto::pbkdf2(MacAlgorithm::hmac_sha256, input.password.view(), salt,
                                           kOurIterations, kKeyOctets);
  //= E15 RFC 10002 §3.2: the MAC key is random
  const SecretBytes mac_key{TRY(random.octets(kKeyOctets))};

  cms::AuthenticatedData data;
  data.originator_info = TRY(originator_info(input));
  auto wrapped = TRY(crypto::aes_key_wrap(wrapping_key, mac_key));
  data.recipient_infos.push_back(cms::PasswordRecipientInfo{
      .version = 0,
      .key_derivation_algorithm =
          pkix::AlgorithmIdentifier{pkix::oid::kPbkdf2,
                                    cms::write_pbkdf2_parameters({.salt = salt,
                                                                  .iteration_count = kOurIterations,
                                                                  .key_length = kKeyOctets,
                                                                  .prf = mac_algorithm})},
      .key_encryption_algorithm = {pkix::oid::kAes256Wrap, std::nullopt},
      .encrypted_key = std::move(wrapped)});
  data.mac_algorithm = mac_algorithm;
  data.digest_algorithm = crypto::algorithm_identifier(DigestAlgorithm::sha256);
  data.encap_content_info = {input.content_type, to_bytes(input.content)};
  data.auth_attrs_der = write_signed_attributes(input.content_type, crypto::sha256(input.content),
                                                input.signing_time);
  data.mac = crypto::mac(MacAlgorithm::hmac_sha256, mac_key.view(), *data.auth_attrs_der);
  return cms::write_content_info(cms::oid::kAuthenticatedData, cms::write_authenticated_data(data));
}

}  // namespace signet::envelope
