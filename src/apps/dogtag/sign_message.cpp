#include "apps/dogtag/sign_message.h"

#include "apps/dogtag/key_id.h"

namespace signet::dogtag {

Result<std::unique_ptr<crypto::PrivateKey>> find_request_key(const RequestSettings& settings,
                                                             KeyDatabase& database) {
  if (!settings.key_id) {
    return Error{Fault::bad_configuration, "Missing request.privKeyId: the key of the request"};
  }
  auto key = database.find_key(*settings.key_id);
  if (key.ok()) return key;
  return Error{key.error().fault, "error getting private key " + key_id_text(*settings.key_id) +
                                      " (request.privKeyId): " + key.error().detail +
                                      "; where another token holds it, name that one: tokenname=, "
                                      "and its PIN as password="};
}

Result<MessageKey> MessageKey::find(const RequestSettings& settings, KeyDatabase& database) {
  MessageKey key;
  if (settings.use_shared_secret && !settings.revocation) {
    key.request_key_ = TRY(find_request_key(settings, database));
  } else {
    key.signer_ = TRY(database.find_signer(settings.nickname));
  }
  return key;
}

Result<Bytes> MessageKey::sign(const client::ComposedMessage& message) const {
  if (request_key_) {
    const auto named = client::key_identifier_of(message.tagged_requests, *request_key_);
    if (!named.ok() && named.error().fault == Fault::malformed) {
      return Error{named.error().fault,
                   named.error().detail + ", by PKCS10Client -y true or CRMFPopClient -y"};
    }
    return client::sign_by_request(message.pki_data, message.tagged_requests, *request_key_);
  }
  return client::sign_message(message.pki_data,
                              {signer_->certificate, *signer_->key, signer_->chain});
}

const pkix::Certificate* MessageKey::certificate() const {
  return signer_ ? &signer_->certificate : nullptr;
}

IdentityProof::IdentityProof(const RequestSettings& settings)
    : settings_(settings),
      secret_(std::string_view(settings.identity_proof_v1 ? settings.identity_secret
                                                          : settings.secret)) {}

std::optional<client::WantedIdentityProof> IdentityProof::wanted() const {
  if (!settings_.identity_proof_v2 && !settings_.identity_proof_v1) return std::nullopt;
  proof::SharedKnowledge known{secret_, std::nullopt};
  if (settings_.identification) known.identification = *settings_.identification;
  return client::WantedIdentityProof{known, settings_.identity_proof_v2};
}

}  // namespace signet::dogtag
