#include "adapters/pkcs11/key_pair.h"

#include <array>

#include "adapters/pkcs11/public_half.h"
#include "codec/pkix/oids.h"

namespace signet::pkcs11 {
namespace {

enum class KeyFamily { rsa, ec, edwards };

/// What may be asked for. Either `rsa_bits` or `curve` is given.
struct Choice {
  std::string_view kind;
  KeyFamily family;
  CK_ULONG rsa_bits;
  asn1::Oid curve;
};

constexpr std::array kChoices{
    Choice{"rsa:2048", KeyFamily::rsa, 2048, {}},
    Choice{"rsa:3072", KeyFamily::rsa, 3072, {}},
    Choice{"rsa:4096", KeyFamily::rsa, 4096, {}},
    Choice{"ec:p256", KeyFamily::ec, 0, pkix::oid::kSecp256r1},
    Choice{"ec:p384", KeyFamily::ec, 0, pkix::oid::kSecp384r1},
    Choice{"ec:p521", KeyFamily::ec, 0, pkix::oid::kSecp521r1},
    Choice{"ed25519", KeyFamily::edwards, 0, pkix::oid::kEd25519},
};

Result<const Choice*> find_choice(std::string_view kind) {
  std::string names;
  for (const auto& choice : kChoices) {
    if (choice.kind == kind) return &choice;
    names += (names.empty() ? "" : ", ") + std::string(choice.kind);
  }
  return Error{Fault::unsupported_algorithm, "cannot make a key of kind \"" + std::string(kind) +
                                                 "\" in a token; say one of " + names};
}

CK_MECHANISM_TYPE mechanism_of(KeyFamily family) {
  switch (family) {
    case KeyFamily::rsa:
      return CKM_RSA_PKCS_KEY_PAIR_GEN;
    case KeyFamily::ec:
      return CKM_EC_KEY_PAIR_GEN;
    case KeyFamily::edwards:
      break;
  }
  return CKM_EC_EDWARDS_KEY_PAIR_GEN;
}

Bytes oid_der(const asn1::Oid& oid) {
  asn1::Writer writer;
  writer.oid(oid);
  return std::move(writer).take();
}

/// PKCS#11 v3.0 §2.3.10 lets the curve be named by text; not every module knows its identifier.
Bytes curve_parameters(const Choice& choice) {
  if (choice.family != KeyFamily::edwards) return oid_der(choice.curve);
  asn1::Writer writer;
  writer.primitive(asn1::kPrintableString, as_bytes("edwards25519"));
  return std::move(writer).take();
}

Template public_template(const Choice& choice, const std::string& label) {
  Template wanted(CKO_PUBLIC_KEY);
  wanted.boolean(CKA_TOKEN, true).boolean(CKA_VERIFY, true).octets(CKA_LABEL, as_bytes(label));
  if (choice.family == KeyFamily::rsa) {
    wanted.boolean(CKA_ENCRYPT, true)
        .number(CKA_MODULUS_BITS, choice.rsa_bits)
        .octets(CKA_PUBLIC_EXPONENT, Bytes{0x01, 0x00, 0x01});
  } else {
    wanted.octets(CKA_EC_PARAMS, curve_parameters(choice));
  }
  return wanted;
}

Template private_template(const Choice& choice, const std::string& label, const Place& place) {
  Template wanted(CKO_PRIVATE_KEY);
  wanted.boolean(CKA_TOKEN, true)
      .boolean(CKA_PRIVATE, true)
      .boolean(CKA_SENSITIVE, true)
      .boolean(CKA_EXTRACTABLE, place.keys_may_leave())
      .boolean(CKA_SIGN, true)
      .octets(CKA_LABEL, as_bytes(label));
  if (choice.family == KeyFamily::rsa) wanted.boolean(CKA_DECRYPT, true);
  if (choice.family == KeyFamily::ec) wanted.boolean(CKA_DERIVE, true);
  return wanted;
}

void set_id(Session& session, CK_OBJECT_HANDLE object, const Bytes& id) {
  CK_ATTRIBUTE attribute{CKA_ID, const_cast<std::uint8_t*>(id.data()), id.size()};
  session.note(session->C_SetAttributeValue(session.handle(), object, &attribute, 1));
}

/// The id is known only once the key is made; both halves get it, as NSS does. Gives the public
/// one.
std::optional<pkix::SubjectPublicKeyInfo> name_pair(Session& session, CK_OBJECT_HANDLE public_key,
                                                    CK_OBJECT_HANDLE private_key) {
  const auto info = public_half(session, public_key);
  const auto id = info.ok() ? nss_key_id(*info) : info.error();
  if (!id.ok()) {
    session.note(CKR_GENERAL_ERROR);
    return std::nullopt;
  }
  set_id(session, public_key, *id);
  set_id(session, private_key, *id);
  return *info;
}

/// A pair that was made but could not be named, nor removed: another one would be its double.
struct Orphan {
  bool left = false;
  CK_RV why = CKR_OK;
};

Error left_behind(const Connection& connection, const std::string& label, const Orphan& orphan) {
  return connection.failed(("a key \"" + label +
                            "\" was made there, but neither given its id nor removed; remove it "
                            "before another one is made")
                               .c_str(),
                           orphan.why);
}

/// Both halves, also where the first does not go.
bool destroy_pair(const Session& session, CK_OBJECT_HANDLE public_key,
                  CK_OBJECT_HANDLE private_key) {
  const auto one = session->C_DestroyObject(session.handle(), private_key);
  const auto other = session->C_DestroyObject(session.handle(), public_key);
  return one == CKR_OK && other == CKR_OK;
}

}  // namespace

Result<pkix::SubjectPublicKeyInfo> make_key_pair(Connection& connection, std::string_view kind,
                                                 const std::string& label) {
  const auto& choice = *TRY(find_choice(kind));
  auto public_wanted = public_template(choice, label);
  auto private_wanted = private_template(choice, label, connection.place());
  std::optional<pkix::SubjectPublicKeyInfo> named;
  Orphan orphan;
  const auto ran = connection.run(
      [&](Session& session) {
        if (orphan.left) return;  // run again: the token came back
        CK_MECHANISM mechanism{mechanism_of(choice.family), nullptr, 0};
        CK_OBJECT_HANDLE public_key = 0;
        CK_OBJECT_HANDLE private_key = 0;
        const bool made = session.note(session->C_GenerateKeyPair(
            session.handle(), &mechanism, public_wanted.data(), public_wanted.size(),
            private_wanted.data(), private_wanted.size(), &public_key, &private_key));
        if (!made) return;
        named = name_pair(session, public_key, private_key);
        if (session.answer() == CKR_OK) return;
        orphan = {!destroy_pair(session, public_key, private_key), session.answer()};
      },
      Connection::Access::write);
  if (orphan.left) return left_behind(connection, label, orphan);
  const auto answer = TRY(ran);
  if (answer == CKR_OK) return *std::move(named);
  if (answer == CKR_MECHANISM_INVALID || answer == CKR_CURVE_NOT_SUPPORTED) {
    return Error{Fault::unsupported_algorithm, connection.place().name() +
                                                   " makes no keys of kind " + std::string(kind) +
                                                   ": " + to_text(answer)};
  }
  return connection.failed("make a key", answer);
}

}  // namespace signet::pkcs11
