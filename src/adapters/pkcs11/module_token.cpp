#include <algorithm>
#include <set>

#include "adapters/pkcs11/export_key.h"
#include "adapters/pkcs11/key_pair.h"
#include "adapters/pkcs11/nss_trust.h"
#include "adapters/pkcs11/public_half.h"
#include "adapters/pkcs11/token_key.h"

namespace signet::pkcs11 {
namespace {

struct FoundKey {
  CK_OBJECT_HANDLE object;
  Bytes id;
  std::string label;
};

struct FoundCertificate {
  std::string nickname;
  Bytes id;
  pkix::Certificate certificate;
};

std::vector<FoundKey> find_keys(Session& session) {
  std::vector<FoundKey> keys;
  for (const auto object : session.find(Template(CKO_PRIVATE_KEY))) {
    keys.push_back(
        {object, session.attribute(object, CKA_ID).value_or(Bytes{}), session.label(object)});
  }
  return keys;
}

/// Newest first. What is no certificate that we can read is passed over: others keep theirs there.
std::vector<FoundCertificate> find_certificates(Session& session) {
  Template wanted(CKO_CERTIFICATE);
  wanted.number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  std::vector<FoundCertificate> found;
  for (const auto object : session.find(wanted)) {
    auto certificate =
        pkix::read_certificate(session.attribute(object, CKA_VALUE).value_or(Bytes{}));
    if (!certificate.ok()) continue;
    found.push_back({session.label(object), session.attribute(object, CKA_ID).value_or(Bytes{}),
                     std::move(certificate).value()});
  }
  std::ranges::stable_sort(found, [](const auto& left, const auto& right) {
    return left.certificate->validity.not_before > right.certificate->validity.not_before;
  });
  return found;
}

/// What there is to choose from, for a message.
std::string names_of(const std::vector<FoundKey>& keys,
                     const std::vector<FoundCertificate>& certificates) {
  std::set<std::string> names;
  for (const auto& key : keys) {
    names.insert(key.label.empty() ? "id " + to_hex(key.id) : key.label);
    for (const auto& certificate : certificates) {
      if (certificate.id == key.id) names.insert(certificate.nickname);
    }
  }
  std::string joined;
  for (const auto& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined.empty() ? "none" : joined;
}

class ModuleToken final : public Token {
 public:
  explicit ModuleToken(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  Result<std::unique_ptr<crypto::PrivateKey>> find_key(const KeyName& name) override;
  Result<std::unique_ptr<crypto::PrivateKey>> find_key_of(
      const pkix::SubjectPublicKeyInfo& public_key) override;
  Result<std::vector<NamedCertificate>> certificates(std::string_view nickname) override;
  Result<std::unique_ptr<crypto::PrivateKey>> generate_key(std::string_view kind,
                                                           const std::string& label) override;
  Result<void> store_certificate(const pkix::Certificate& certificate,
                                 const std::string& nickname) override;
  Result<SecretBytes> export_key(const pkix::SubjectPublicKeyInfo& public_key) override;
  Result<std::vector<pkix::Certificate>> server_authorities() override;

 private:
  struct Contents {
    std::vector<FoundKey> keys;
    std::vector<FoundCertificate> certificates;
  };
  [[nodiscard]] Result<Contents> contents() const;
  [[nodiscard]] Result<pkix::SubjectPublicKeyInfo> choose(const KeyName& name) const;
  [[nodiscard]] Result<std::unique_ptr<crypto::PrivateKey>> checked_key(
      const pkix::SubjectPublicKeyInfo& info) const;

  std::shared_ptr<Connection> connection_;
};

Result<ModuleToken::Contents> ModuleToken::contents() const {
  Contents found;
  TRY(connection_->run_to_end("list its objects", [&](Session& session) {
    found = {find_keys(session), find_certificates(session)};
  }));
  return found;
}

/// The keys that `name` fits: by label, or by the newest certificate of that nickname.
std::vector<FoundKey> fitting(const std::vector<FoundKey>& keys,
                              const std::vector<FoundCertificate>& certificates,
                              const KeyName& name) {
  const auto newest = std::ranges::find_if(certificates, [&](const FoundCertificate& each) {
    return each.nickname == name.label &&
           std::ranges::any_of(keys, [&](const FoundKey& key) { return key.id == each.id; });
  });
  const bool by_certificate = !name.label.empty() && newest != certificates.end();
  std::vector<FoundKey> fits;
  for (const auto& key : keys) {
    const bool by_id = name.id.empty() || key.id == name.id;
    const bool by_label =
        name.label.empty() || (by_certificate ? key.id == newest->id : key.label == name.label);
    if (by_id && by_label) fits.push_back(key);
  }
  return fits;
}

Result<pkix::SubjectPublicKeyInfo> ModuleToken::choose(const KeyName& name) const {
  Contents found;
  std::vector<FoundKey> fits;
  std::optional<Result<pkix::SubjectPublicKeyInfo>> chosen;
  TRY(connection_->run_to_end("look for the key", [&](Session& session) {
    found = {find_keys(session), find_certificates(session)};
    fits = fitting(found.keys, found.certificates, name);
    if (fits.size() == 1) chosen = public_half(session, fits.front().object);
  }));
  if (fits.size() == 1) return *std::move(chosen);
  const auto wanted = (name.label.empty() ? "" : " named \"" + name.label + "\"") +
                      (name.id.empty() ? "" : " with id " + to_hex(name.id));
  return Error{Fault::key_not_found, connection_->place().name() + " holds " +
                                         (fits.empty() ? "no" : "more than one") + " private key" +
                                         wanted +
                                         "; there is: " + names_of(found.keys, found.certificates)};
}

/// The public half may come from a certificate that only claims to belong to the key.
Result<std::unique_ptr<crypto::PrivateKey>> ModuleToken::checked_key(
    const pkix::SubjectPublicKeyInfo& info) const {
  auto key = TRY(TokenKey::make(connection_, info));
  const auto public_key = TRY(crypto::PublicKey::from(info));
  TRY(crypto::check_halves_agree(*key, public_key));
  return key;
}

Result<std::unique_ptr<crypto::PrivateKey>> ModuleToken::find_key(const KeyName& name) {
  return checked_key(TRY(choose(name)));
}

Result<std::unique_ptr<crypto::PrivateKey>> ModuleToken::find_key_of(
    const pkix::SubjectPublicKeyInfo& public_key) {
  bool is_there = false;
  TRY(connection_->run_to_end("look for the key", [&](Session& session) {
    is_there = find_private_key(session, public_key).has_value();
  }));
  if (is_there) return checked_key(public_key);
  const auto found = TRY(contents());
  return Error{Fault::key_not_found, connection_->place().name() +
                                         " does not hold this public key's private key; it " +
                                         "holds: " + names_of(found.keys, found.certificates)};
}

Result<std::vector<NamedCertificate>> ModuleToken::certificates(std::string_view nickname) {
  auto found = TRY(contents());
  std::vector<NamedCertificate> named;
  for (auto& each : found.certificates) {
    if (!nickname.empty() && each.nickname != nickname) continue;
    const bool has_key =
        std::ranges::any_of(found.keys, [&](const FoundKey& key) { return key.id == each.id; });
    named.push_back({std::move(each.nickname), std::move(each.certificate), has_key});
  }
  return named;
}

Result<std::unique_ptr<crypto::PrivateKey>> ModuleToken::generate_key(std::string_view kind,
                                                                      const std::string& label) {
  const auto found = TRY(contents());
  const bool taken = !label.empty() && std::ranges::any_of(found.keys, [&](const FoundKey& key) {
    return key.label == label;
  });
  if (taken) {
    return Error{Fault::already_exists, connection_->place().name() +
                                            " already holds a private key named \"" + label + "\""};
  }
  return checked_key(TRY(make_key_pair(*connection_, kind, label)));
}

Template certificate_template(const pkix::Certificate& certificate, const std::string& nickname,
                              ByteView id) {
  asn1::Writer serial;
  serial.integer(certificate->serial_number);
  Template wanted(CKO_CERTIFICATE);
  wanted.number(CKA_CERTIFICATE_TYPE, CKC_X_509)
      .boolean(CKA_TOKEN, true)
      .boolean(CKA_PRIVATE, false)
      .octets(CKA_LABEL, as_bytes(nickname))
      .octets(CKA_ID, id)
      .octets(CKA_SUBJECT, certificate->subject.der())
      .octets(CKA_ISSUER, certificate->issuer.der())
      .octets(CKA_SERIAL_NUMBER, serial.view())
      .octets(CKA_VALUE, certificate.der);
  return wanted;
}

Result<void> ModuleToken::store_certificate(const pkix::Certificate& certificate,
                                            const std::string& nickname) {
  auto id = TRY(nss_key_id(certificate->subject_public_key_info));
  return connection_->run_to_end(
      "store the certificate",
      [&](Session& session) {
        // Another program may have given the key an id of its own.
        const auto key = find_private_key(session, certificate->subject_public_key_info);
        if (key) id = session.attribute(*key, CKA_ID).value_or(id);
        auto wanted = certificate_template(certificate, nickname, id);
        CK_OBJECT_HANDLE made = 0;
        session.note(
            session->C_CreateObject(session.handle(), wanted.data(), wanted.size(), &made));
      },
      Connection::Access::write);
}

Result<SecretBytes> ModuleToken::export_key(const pkix::SubjectPublicKeyInfo& public_key) {
  return pkcs11::export_key(*connection_, public_key);
}

Result<std::vector<pkix::Certificate>> ModuleToken::server_authorities() {
  std::vector<pkix::Certificate> trusted;
  TRY(connection_->run_to_end("list what it trusts", [&](Session& session) {
    for (auto& found : find_certificates(session)) {
      if (is_server_authority(session, found.certificate)) {
        trusted.push_back(std::move(found.certificate));
      }
    }
  }));
  return trusted;
}

Result<std::shared_ptr<Token>> open_at(std::unique_ptr<Place> place, const SecretBytes& pin) {
  auto connection = TRY(Connection::open(std::move(place), pin));
  return std::shared_ptr<Token>(std::make_shared<ModuleToken>(std::move(connection)));
}

}  // namespace

Result<std::shared_ptr<Token>> open_token(const Uri& uri, const SecretBytes& pin) {
  return open_at(TRY(place_by_uri(uri)), pin);
}

Result<std::shared_ptr<Token>> open_nss_database(const std::string& folder,
                                                 const SecretBytes& password) {
  return open_at(TRY(place_of_nss(folder)), password);
}

}  // namespace signet::pkcs11
