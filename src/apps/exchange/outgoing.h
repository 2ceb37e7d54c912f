#pragma once

#include <memory>
#include <optional>

#include "apps/exchange/request_options.h"
#include "apps/tool/credentials.h"
#include "apps/tool/secret_options.h"
#include "base/random_source.h"
#include "client/build_request.h"

namespace signet::tool {

/// The key to be certified: the one that --key-file names, or a new one, which is written (mode
/// 0600) before anything else happens. An existing file is never written over.
/// Faults: already_exists, storage_failed; as crypto::read_private_key and
/// crypto::generate_private_key.
Result<std::unique_ptr<crypto::PrivateKey>> provide_key(const RequestOptions& options,
                                                        const OutputPaths& paths);

/// A request ready to be sent.
struct Outgoing {
  client::SentRequest sent;                    ///< without nonce and transaction for Form::simple
  std::optional<Bytes> certification_request;  ///< the bare PKCS#10, where there is one
};
/// Who stands behind a message: an existing certificate, or somebody with a shared secret.
/// Neither is needed for a Simple PKI Request, nor where a registration authority says who asks.
struct Requester {
  std::optional<Signer> signer;
  std::optional<SecretProof> secret;

  [[nodiscard]] std::optional<client::SecretHolder> holder() const {
    if (!secret) return std::nullopt;
    return secret->holder();
  }
};
client::ShowPossession show_possession(KeyUse use);
/// What the options alone show. Faults: bad_configuration when the form needs one of the two and
/// they name none, or both; as check_signer.
Result<void> check_requester(const SignerOptions& signer, const SecretOptions& secret, Form form);
/// The same of a whole request. Faults: bad_configuration also when they do not go with the form,
/// or do not say where the files go.
Result<void> check_request(const RequestOptions& options, const SignerOptions& signer,
                           const SecretOptions& secret);
/// That the files can be read which are needed once the key was made: no key is left behind for
/// want of them. Faults: as read_certificates_file and read_shared_secret.
Result<void> check_request_files(const RequestOptions& options);
/// Faults: as check_requester, read_signer and read_secret_proof.
Result<Requester> find_requester(const SignerOptions& signer, const SecretOptions& secret,
                                 Form form, RandomSource& random);

/// Builds what the options ask for. Faults: malformed (a name), as client::make_full_request.
Result<Outgoing> build_outgoing(const RequestOptions& options, const crypto::PrivateKey& key,
                                const Requester& requester, RandomSource& random);

/// The next message of a transaction: `continues` with the requester of its first message.
/// Faults: as client::make_full_request.
Result<Outgoing> build_next(const client::Continuation& continues, const crypto::PrivateKey& key,
                            const Requester& requester, RandomSource& random);

/// A message without certification requests: these controls, from the requester; somebody with a
/// shared secret sends them in an AuthenticatedData. `within`: a transaction under way, or null.
/// Faults: as client::make_full_request.
Result<client::SentRequest> build_message(const std::vector<cmc::TaggedAttribute>& controls,
                                          const client::Ongoing* within, const Requester& requester,
                                          RandomSource& random);

/// Encrypts the message to the certificate of this file; an empty name leaves it as it is.
/// Faults: as read_certificates_file and client::encrypt_request.
Result<void> encrypt_outgoing(Outgoing& outgoing, const std::string& certificate_file,
                              RandomSource& random);

/// Keeps the message (binary) and what checks its answer, so that nothing is lost when the
/// connection dies: the very same octets can be sent again.
Result<void> save_outgoing(const Outgoing& outgoing, const OutputPaths& paths);

}  // namespace signet::tool
