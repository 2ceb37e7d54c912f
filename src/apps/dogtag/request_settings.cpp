#include "apps/dogtag/request_settings.h"

#include "apps/dogtag/key_id.h"
#include "base/encoding.h"

namespace signet::dogtag {
namespace {

using client::RequestForm;

constexpr std::string_view kDefaultHash = "SHA-256";
constexpr std::string_view kDefaultMac = "SHA-256-HMAC";

Result<std::optional<RequestForm>> read_form(const Configuration& file) {
  using Form = std::optional<RequestForm>;
  const auto text = file.text("format");
  if (text.empty()) return Form{};
  if (text == "pkcs10") return Form{RequestForm::pkcs10};
  if (text == "crmf") return Form{RequestForm::crmf};
  return wrong("Unrecognized request format: format='" + text + "'; choose pkcs10 or crmf");
}

/// What an algorithm's name says; the default where none is given.
std::string or_default(const Configuration& file, std::string_view name,
                       std::string_view fallback) {
  const auto text = file.text(name);
  return text.empty() ? std::string(fallback) : text;
}

Result<CertificateName> read_certificate_name(const Configuration& file, const std::string& of) {
  const auto issuer = TRY(file.required(of + ".issuer"));
  const auto serial = TRY(file.required(of + ".serial"));
  CertificateName name;
  name.issuer = TRY(pkix::name_from_text(issuer));
  name.serial_number = TRY(read_serial_number(of + ".serial", serial));
  return name;
}

Error no_body_part(const std::string& word) {
  return wrong("LraPopWitness.bodyPartIDs: '" + word +
               "' is no body part id: write the numbers of the requests, blanks between them");
}

Result<std::vector<cmc::BodyPartID>> read_body_parts(const Configuration& file) {
  constexpr std::string_view kName = "LraPopWitness.bodyPartIDs";
  std::vector<cmc::BodyPartID> ids;
  for (const auto& word : file.words(kName)) {
    const auto read = read_serial_number(kName, word);
    const auto number = read.ok() ? read->to_uint64() : std::nullopt;
    if (!number || *number > 4294967295U) return no_body_part(word);
    ids.push_back({static_cast<std::uint32_t>(*number)});
  }
  if (!ids.empty()) return ids;
  return wrong(
      "Missing LraPopWitness.bodyPartIDs: the body part ids of the requests whose "
      "possession you have seen proven");
}

/// As many of `input` as numRequests says; all of them where it says nothing.
Result<std::vector<std::string>> read_inputs(const Configuration& file) {
  auto inputs = file.words("input");
  const auto wanted = TRY(file.number("numRequests")).value_or(inputs.size());
  if (inputs.size() < wanted) {
    return wrong("numRequests=" + std::to_string(wanted) + ", but input names " +
                 std::to_string(inputs.size()) + " files");
  }
  inputs.resize(wanted);
  return inputs;
}

Result<void> read_identity(const Configuration& file, RequestSettings& settings) {
  if (file.flag("identification.enable")) {
    settings.identification = TRY(file.required("identification"));
  }
  settings.secret = file.text("witness.sharedSecret");
  settings.identity_secret = file.text("identityProof.sharedSecret");
  if (file.flag("identityProofV2.enable")) {
    proof::IdentityProofAlgorithms algorithms;
    const auto hash = or_default(file, "identityProofV2.hashAlg", kDefaultHash);
    algorithms.hash = TRY(read_hash_name("identityProofV2.hashAlg", hash));
    const auto mac = or_default(file, "identityProofV2.macAlg", kDefaultMac);
    algorithms.mac = TRY(read_mac_name("identityProofV2.macAlg", mac));
    TRY(file.required("witness.sharedSecret"));
    settings.identity_proof_v2 = algorithms;
  } else if (file.flag("identityProof.enable")) {
    TRY(file.required("identityProof.sharedSecret"));
    settings.identity_proof_v1 = true;
  }
  return {};
}

Result<void> read_link(const Configuration& file, RequestSettings& settings) {
  if (file.flag("popLinkWitnessV2.enable")) {
    client::RequestTie::Algorithms algorithms;
    const auto hash = or_default(file, "popLinkWitnessV2.keyGenAlg", kDefaultHash);
    algorithms.key_gen = TRY(read_hash_name("popLinkWitnessV2.keyGenAlg", hash));
    const auto mac = or_default(file, "popLinkWitnessV2.macAlg", kDefaultMac);
    algorithms.mac = TRY(read_mac_name("popLinkWitnessV2.macAlg", mac));
    TRY(file.required("witness.sharedSecret"));
    TRY(file.required("request.privKeyId"));
    settings.link_v2 = algorithms;
  } else {
    settings.link_v1 = file.flag("popLinkWitness.enable");
  }
  return {};
}

/// What an answer gave is given back: octets after "0x", as CMCResponse prints those that are no
/// text; else the text's own.
Result<std::string> read_octets(std::string_view name, const Configuration& file) {
  auto text = TRY(file.required(name));
  if (!text.starts_with("0x") && !text.starts_with("0X")) return text;
  const auto octets = from_hex(std::string_view(text).substr(2));
  if (octets.ok() && !octets->empty()) return std::string(as_text(*octets));
  return wrong(std::string(name) + "='" + text +
               "': after 0x stand hexadecimal digits, two for each octet");
}

Result<void> read_controls(const Configuration& file, RequestSettings& settings) {
  if (file.flag("confirmCertAcceptance.enable")) {
    settings.confirm_cert_acceptance = TRY(read_certificate_name(file, "confirmCertAcceptance"));
  }
  if (file.flag("getCert.enable")) settings.get_cert = TRY(read_certificate_name(file, "getCert"));
  if (file.flag("LraPopWitness.enable")) settings.lra_pop_witness = TRY(read_body_parts(file));
  if (file.flag("dataReturn.enable")) settings.data_return = TRY(file.required("dataReturn.data"));
  if (file.flag("regInfo.enable")) settings.reg_info = TRY(file.required("regInfo.data"));
  if (file.flag("queryPending.enable")) {
    settings.query_pending = TRY(read_octets("queryPending.id", file));
  }
  settings.sender_nonce = {file.flag("senderNonce.enable"), file.text("senderNonce")};
  settings.transaction_id.enabled = file.flag("transactionMgt.enable");
  if (settings.transaction_id.enabled && !file.text("transactionMgt.id").empty()) {
    settings.transaction_id.text = TRY(read_octets("transactionMgt.id", file));
  }
  return {};
}

Result<client::UnsignedForm> read_unsigned_form(const Configuration& file) {
  const auto text = file.text("revRequest.form");
  if (text.empty() || text == "data") return client::UnsignedForm::data;
  if (text == "signedData") return client::UnsignedForm::signed_data;
  return wrong("revRequest.form='" + text + "': choose data (as Dogtag has it) or signedData");
}

Result<RevocationSettings> read_revocation(const Configuration& file) {
  RevocationSettings revocation;
  const auto serial = TRY(file.required("revRequest.serial"));
  revocation.serial_number = TRY(read_serial_number("revRequest.serial", serial));
  const auto reason = TRY(file.required("revRequest.reason"));
  revocation.reason = TRY(read_reason(reason));
  revocation.shared_secret = file.text("revRequest.sharedSecret");
  if (const auto issuer = file.text("revRequest.issuer"); !issuer.empty()) {
    revocation.issuer = TRY(pkix::name_from_text(issuer));
  }
  if (!revocation.shared_secret.empty()) TRY(file.required("revRequest.issuer"));
  revocation.comment = file.text("revRequest.comment");
  revocation.invalidity_date_present = file.flag("revRequest.invalidityDatePresent");
  revocation.unsigned_form = TRY(read_unsigned_form(file));
  return revocation;
}

Result<SecondRoundSettings> read_second_round(const Configuration& file) {
  SecondRoundSettings second;
  second.response_file = TRY(file.required("encryptedPopResponseFile"));
  second.request_file = TRY(file.required("decryptedPopRequestFile"));
  TRY(file.required("request.privKeyId"));
  return second;
}

/// Who signs must be named, unless nobody does. A nickname beside a shared secret is not asked for.
Result<void> check_signer(const RequestSettings& settings) {
  const bool nobody = settings.revocation && !settings.revocation->shared_secret.empty();
  if (nobody || !settings.nickname.empty()) return {};
  if (settings.revocation) {
    return wrong(
        "Missing nickname: name the certificate that signs the revocation, or revoke by a shared "
        "secret: revRequest.sharedSecret and revRequest.issuer");
  }
  if (!settings.use_shared_secret) {
    return wrong(
        "Missing nickname: name the certificate that signs, or set "
        "request.useSharedSecret=true to sign with the request's own key");
  }
  if (settings.key_id) return {};
  return wrong(
      "Missing request.privKeyId: request.useSharedSecret=true signs with the request's "
      "own key; its id is in the .keyId file beside the request");
}

Result<void> read_mode(const Configuration& file, RequestSettings& settings) {
  if (file.flag("decryptedPop.enable")) {
    settings.second_round = TRY(read_second_round(file));
    return read_identity(file, settings);
  }
  settings.output = TRY(file.required("output"));
  if (file.flag("revRequest.enable")) {
    settings.revocation = TRY(read_revocation(file));
    return {};
  }
  settings.inputs = TRY(read_inputs(file));
  if (!settings.inputs.empty() && !settings.form) {
    return wrong("Missing format: say format=pkcs10 or format=crmf");
  }
  TRY(read_identity(file, settings));
  return read_link(file, settings);
}

Result<DatabasePlace> read_database(const Configuration& file) {
  if (!file.has("password")) {
    return wrong("Missing password. Write password= where the database has none");
  }
  return DatabasePlace{or_default(file, "dbdir", "."), file.text("tokenname"),
                       SecretBytes(file.text("password"))};
}

}  // namespace

const ConfigurationNames& request_names() {
  static const ConfigurationNames names{
      .known = {"format",
                "numRequests",
                "input",
                "output",
                "dbdir",
                "tokenname",
                "password",
                "nickname",
                "request.useSharedSecret",
                "request.privKeyId",
                "identification.enable",
                "identification",
                "witness.sharedSecret",
                "identityProofV2.enable",
                "identityProofV2.hashAlg",
                "identityProofV2.macAlg",
                "popLinkWitnessV2.enable",
                "popLinkWitnessV2.keyGenAlg",
                "popLinkWitnessV2.macAlg",
                "identityProof.enable",
                "identityProof.sharedSecret",
                "popLinkWitness.enable",
                "LraPopWitness.enable",
                "LraPopWitness.bodyPartIDs",
                "confirmCertAcceptance.enable",
                "confirmCertAcceptance.serial",
                "confirmCertAcceptance.issuer",
                "getCert.enable",
                "getCert.serial",
                "getCert.issuer",
                "dataReturn.enable",
                "dataReturn.data",
                "regInfo.enable",
                "regInfo.data",
                "queryPending.enable",
                "queryPending.id",
                "transactionMgt.enable",
                "transactionMgt.id",
                "senderNonce.enable",
                "senderNonce",
                "revRequest.enable",
                "revRequest.serial",
                "revRequest.reason",
                "revRequest.issuer",
                "revRequest.sharedSecret",
                "revRequest.comment",
                "revRequest.invalidityDatePresent",
                "revRequest.form",
                "decryptedPop.enable",
                "encryptedPopResponseFile",
                "decryptedPopRequestFile",
                "oaep"},
      .aliases = {{"request.selfSign", "request.useSharedSecret"},
                  {"selfSign", "request.useSharedSecret"},
                  {"senderNonce.id", "senderNonce"},
                  {"lraPopWitness.enable", "LraPopWitness.enable"},
                  {"lraPopWitness.bodyPartIDs", "LraPopWitness.bodyPartIDs"},
                  {"tokenName", "tokenname"}},
      .ignored = {"revRequest.nickname"}};
  return names;
}

Result<RequestSettings> read_request_settings(const Configuration& configuration) {
  RequestSettings settings;
  settings.form = TRY(read_form(configuration));
  settings.database = TRY(read_database(configuration));
  settings.nickname = configuration.text("nickname");
  settings.use_shared_secret = configuration.flag("request.useSharedSecret");
  if (const auto key_id = configuration.text("request.privKeyId"); !key_id.empty()) {
    settings.key_id = TRY(read_key_id(key_id));
  }
  TRY(read_controls(configuration, settings));
  TRY(read_mode(configuration, settings));
  TRY(check_signer(settings));
  return settings;
}

}  // namespace signet::dogtag
