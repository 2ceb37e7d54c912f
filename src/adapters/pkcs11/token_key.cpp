#include "adapters/pkcs11/token_key.h"

#include "adapters/pkcs11/mechanism.h"
#include "adapters/pkcs11/public_half.h"
#include "crypto/key_agreement.h"
#include "crypto/pkcs1_unpadding.h"

namespace signet::pkcs11 {
namespace {

/// Room for the longest signature of ours, RSA with 8192 bits, and for what RSA opens.
constexpr CK_ULONG kMostOctets = 1024;

bool is_refused_mechanism(CK_RV answer) {
  return answer == CKR_MECHANISM_INVALID || answer == CKR_MECHANISM_PARAM_INVALID ||
         answer == CKR_ARGUMENTS_BAD || answer == CKR_KEY_FUNCTION_NOT_PERMITTED ||
         answer == CKR_KEY_TYPE_INCONSISTENT || answer == CKR_FUNCTION_NOT_SUPPORTED;
}

Error not_offered(const Place& place, const char* what, CK_RV answer) {
  return {Fault::unsupported_algorithm,
          place.name() + " does not " + what + " with this key: " + to_text(answer)};
}

Error not_opened() {
  return {Fault::decryption_failed, "the key transport cannot be opened"};
}

/// PKCS#11 takes what it only reads through pointers that are not const.
CK_BYTE* pointer(ByteView octets) {
  return const_cast<CK_BYTE*>(octets.data());
}

/// A block below every modulus of `octets` that nobody else has a reason to open.
Bytes secret_source_block(std::size_t octets) {
  Bytes block{0x00};
  for (std::uint8_t counter = 0; block.size() < octets; ++counter) {
    auto input = to_bytes("signet: what a wrong padding is answered from");
    input.push_back(counter);
    append(block, crypto::sha256(input));
  }
  block.resize(octets);
  return block;
}

void show_pin_if_wanted(const Connection& connection, Session& session, CK_OBJECT_HANDLE object) {
  const auto wanted = session.attribute(object, CKA_ALWAYS_AUTHENTICATE);
  const bool every_time = wanted && !wanted->empty() && wanted->front() == CK_TRUE;
  if (every_time) connection.show_pin_again(session);
}

/// Z may be read: it lives in the session only, and leaves it at once.
Template shared_secret_template(std::size_t octets) {
  Template wanted(CKO_SECRET_KEY);
  wanted.number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
      .boolean(CKA_TOKEN, false)
      .boolean(CKA_SENSITIVE, false)
      .boolean(CKA_EXTRACTABLE, true)
      .number(CKA_VALUE_LEN, octets);
  return wanted;
}

}  // namespace

std::optional<CK_OBJECT_HANDLE> find_private_key(Session& session,
                                                 const pkix::SubjectPublicKeyInfo& info) {
  for (const auto object : session.find(Template(CKO_PRIVATE_KEY))) {
    const auto told = public_half(session, object);
    if (told.ok() && *told == info) return object;
  }
  return std::nullopt;
}

Result<std::unique_ptr<crypto::PrivateKey>> TokenKey::make(std::shared_ptr<Connection> connection,
                                                           pkix::SubjectPublicKeyInfo info) {
  const auto checked = TRY(crypto::PublicKey::from(info));
  std::unique_ptr<crypto::PrivateKey> key =
      std::make_unique<TokenKey>(std::move(connection), std::move(info), checked);
  return key;
}

std::optional<CK_OBJECT_HANDLE> TokenKey::object_in(Session& session) const {
  const std::lock_guard lock(mutex_);
  if (login_ == session.login()) return object_;
  const auto found = find_private_key(session, info_);
  if (!found) {
    session.note(CKR_KEY_HANDLE_INVALID);
    return std::nullopt;
  }
  object_ = *found;
  login_ = session.login();
  return found;
}

Result<CK_RV> TokenKey::run(const Connection::Operation& operation) const {
  auto answer = connection_->run(operation);
  if (!answer.ok() && answer.error().fault == Fault::decryption_failed) {
    return Error{Fault::bad_configuration, answer.error().detail};
  }
  if (answer.ok() && (*answer == CKR_KEY_HANDLE_INVALID || *answer == CKR_OBJECT_HANDLE_INVALID)) {
    return Error{Fault::key_not_found, connection_->failed("find this key", *answer).detail};
  }
  return answer;
}

/// The token is there, and does not do it.
Error TokenKey::broken(const char* step, CK_RV answer) const {
  return {Fault::internal, connection_->failed(step, answer).detail};
}

Result<Bytes> TokenKey::sign(const pkix::AlgorithmIdentifier& algorithm, ByteView message) const {
  const auto scheme = TRY(crypto::signature_scheme(algorithm));
  TRY(crypto::check_fits(scheme, kind_, bits_));
  auto input = signing(scheme, bits_, message);
  Bytes made(kMostOctets);
  const auto ran = run([&](Session& session) {
    const auto object = object_in(session);
    auto mechanism = input.mechanism.for_token();
    CK_ULONG octets = kMostOctets;
    if (!object || !session.note(session->C_SignInit(session.handle(), &mechanism, *object))) {
      return;
    }
    show_pin_if_wanted(*connection_, session, *object);
    if (session.note(session->C_Sign(session.handle(), input.input.data(), input.input.size(),
                                     made.data(), &octets))) {
      made.resize(octets);
    }
  });
  if (!ran.ok()) {
    const auto& why = ran.error();
    return Error{why.fault == Fault::token_failed ? why.fault : Fault::signing_failed, why.detail};
  }
  if (*ran == CKR_OK) return signature_value(scheme, made);
  if (is_refused_mechanism(*ran)) {
    return not_offered(connection_->place(), "sign by this algorithm", *ran);
  }
  return Error{Fault::signing_failed, connection_->failed("sign", *ran).detail};
}

std::size_t TokenKey::modulus_octets() const {
  return (static_cast<std::size_t>(bits_) + 7) / 8;
}

Result<TokenKey::Opened> TokenKey::open(Mechanism mechanism, ByteView ciphertext) const {
  Bytes opened(kMostOctets);
  CK_ULONG octets = 0;
  const auto answer = TRY(run([&](Session& session) {
    const auto object = object_in(session);
    auto wanted = mechanism.for_token();
    octets = kMostOctets;
    if (!object || !session.note(session->C_DecryptInit(session.handle(), &wanted, *object))) {
      return;
    }
    show_pin_if_wanted(*connection_, session, *object);
    session.note(session->C_Decrypt(session.handle(), pointer(ciphertext), ciphertext.size(),
                                    opened.data(), &octets));
  }));
  Opened kept{answer, SecretBytes(ByteView(opened).first(answer == CKR_OK ? octets : 0))};
  wipe(opened);
  return kept;
}

Result<SecretBytes> TokenKey::decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                      ByteView ciphertext) const {
  if (kind_ != crypto::KeyKind::rsa) {
    return Error{Fault::unsupported_algorithm, "key transport needs an RSA key, this one is " +
                                                   std::string(crypto::to_text(kind_))};
  }
  const auto oaep = TRY(crypto::transport_scheme(algorithm));
  // RFC 8017 §7.1.2 and §7.2.2 step 1: exactly as long as the modulus.
  if (ciphertext.size() != modulus_octets()) return not_opened();
  if (!oaep) return decrypt_pkcs1(ciphertext);
  auto opened = TRY(open(oaep_mechanism(*oaep), ciphertext));
  if (opened.answer == CKR_OK) return std::move(opened.octets);
  if (is_refused_mechanism(opened.answer)) {
    return not_offered(connection_->place(), "open RSAES-OAEP with these parameters",
                       opened.answer);
  }
  return not_opened();
}

/// The padding is looked at here: many tokens tell by their answer whether it was right.
Result<SecretBytes> TokenKey::decrypt_pkcs1(ByteView ciphertext) const {
  const auto secret = TRY(wrong_padding_secret());
  const auto opened = TRY(open({CKM_RSA_X_509}, ciphertext));
  if (opened.answer != CKR_OK || opened.octets.size() != ciphertext.size()) return not_opened();
  return crypto::unpad_pkcs1({opened.octets.view(), ciphertext, secret.view()});
}

/// The private exponent does not leave the token; what the key makes of a block of ours is as
/// unforeseeable, and the same at each start.
Result<SecretBytes> TokenKey::wrong_padding_secret() const {
  {
    const std::lock_guard lock(mutex_);
    if (wrong_padding_secret_) return wrong_padding_secret_->copy();
  }
  auto opened = TRY(open({CKM_RSA_X_509}, secret_source_block(modulus_octets())));
  if (is_refused_mechanism(opened.answer)) {
    return not_offered(connection_->place(),
                       "open RSA without padding (CKM_RSA_X_509), which PKCS#1 v1.5 needs to be "
                       "safe; use RSAES-OAEP",
                       opened.answer);
  }
  if (opened.answer != CKR_OK) return broken("decrypt", opened.answer);
  const std::lock_guard lock(mutex_);
  wrong_padding_secret_ = std::move(opened.octets);
  return wrong_padding_secret_->copy();
}

Result<SecretBytes> TokenKey::agree(const crypto::PublicKey& peer) const {
  if (!crypto::can_agree(kind_) || peer.kind() != kind_) {
    return Error{Fault::unsupported_algorithm, std::string(crypto::to_text(kind_)) + " and " +
                                                   std::string(crypto::to_text(peer.kind())) +
                                                   " keys do not agree on a key"};
  }
  auto point = TRY(crypto::uncompressed_point(peer));
  auto wanted = shared_secret_template((static_cast<std::size_t>(bits_) + 7) / 8);
  std::optional<Bytes> shared;
  const auto answer = TRY(run([&](Session& session) {
    const auto object = object_in(session);
    CK_ECDH1_DERIVE_PARAMS parameters{CKD_NULL, 0, nullptr, point.size(), point.data()};
    CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
    CK_OBJECT_HANDLE derived = 0;
    if (!object || !session.note(session->C_DeriveKey(session.handle(), &mechanism, *object,
                                                      wanted.data(), wanted.size(), &derived))) {
      return;
    }
    shared = session.attribute(derived, CKA_VALUE);
    session.note(session->C_DestroyObject(session.handle(), derived));
  }));
  if (answer == CKR_OK && shared) return SecretBytes(std::move(*shared));
  if (is_refused_mechanism(answer)) return not_offered(connection_->place(), "agree", answer);
  return broken("agree on a key", answer);
}

}  // namespace signet::pkcs11
