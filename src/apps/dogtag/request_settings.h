#pragma once

#include "apps/dogtag/configuration.h"
#include "apps/dogtag/key_database.h"
#include "client/change_request.h"
#include "client/seal_message.h"
#include "codec/cmc/controls.h"
#include "proof/witness/identity_proof.h"

namespace signet::dogtag {

/// A certificate as getCert and confirmCertAcceptance name it.
struct CertificateName {
  pkix::Name issuer;
  asn1::Integer serial_number;
};

/// `*.enable` with a text that may be empty: then the tool makes one.
struct OptionalText {
  bool enabled = false;
  std::string text;  ///< or any octets, where the file may have them after "0x"
};

struct RevocationSettings {
  asn1::Integer serial_number;
  pkix::CRLReason reason = pkix::CRLReason::unspecified;
  std::optional<pkix::Name> issuer;
  std::string shared_secret;  ///< empty: the message is signed
  std::string comment;
  bool invalidity_date_present = false;
  client::UnsignedForm unsigned_form = client::UnsignedForm::data;
};

struct SecondRoundSettings {
  std::string response_file;
  std::string request_file;
};

/// What CMCRequest's configuration asks for. What a switch turns off is not there.
struct RequestSettings {
  std::optional<client::RequestForm> form;
  std::vector<std::string> inputs;
  std::string output;
  DatabasePlace database;
  std::string nickname;
  bool use_shared_secret = false;
  std::optional<Bytes> key_id;

  std::optional<std::string> identification;
  std::string secret;           ///< witness.sharedSecret
  std::string identity_secret;  ///< identityProof.sharedSecret, of version 1
  std::optional<proof::IdentityProofAlgorithms> identity_proof_v2;
  bool identity_proof_v1 = false;
  std::optional<client::RequestTie::Algorithms> link_v2;
  bool link_v1 = false;

  std::optional<CertificateName> confirm_cert_acceptance;
  std::optional<std::vector<cmc::BodyPartID>> lra_pop_witness;
  std::optional<CertificateName> get_cert;
  std::optional<std::string> data_return;
  OptionalText sender_nonce;
  std::optional<std::string> reg_info;
  std::optional<std::string> query_pending;  ///< any octets
  OptionalText transaction_id;

  std::optional<RevocationSettings> revocation;
  std::optional<SecondRoundSettings> second_round;
};

/// Every name that CMCRequest knows.
const ConfigurationNames& request_names();
/// Faults: bad_configuration, naming what is missing or wrong and what would be right.
Result<RequestSettings> read_request_settings(const Configuration& configuration);

/// "SHA-256", "SHA-384", "SHA-512"; `name` is the configuration's, for the message.
Result<crypto::DigestAlgorithm> read_hash_name(std::string_view name, std::string_view text);
/// "SHA-256-HMAC", "SHA-384-HMAC", "SHA-512-HMAC".
Result<crypto::MacAlgorithm> read_mac_name(std::string_view name, std::string_view text);
/// Decimal, or hexadecimal after "0x". Faults: bad_configuration.
Result<asn1::Integer> read_serial_number(std::string_view name, std::string_view text);
/// By its name (any case) or its number. Faults: bad_configuration, naming the choices.
Result<pkix::CRLReason> read_reason(std::string_view text);

}  // namespace signet::dogtag
