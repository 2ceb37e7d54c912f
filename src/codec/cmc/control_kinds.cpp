#include <algorithm>
#include <array>

#include "codec/cmc/controls.h"

namespace signet::cmc {
namespace {

using enum Direction;

/// RFC 10002 §6, table of controls, and §7.1. Repeatable is what names one certificate, request or
/// nested message of several (digest of §3.2.1.1; the RFC itself prescribes nothing, AMB-26).
constexpr std::array<ControlKind, 33> kKinds{{
    {oid::kStatusInfo, "statusInfo", both, true},
    {oid::kIdentification, "identification", to_server, false},
    {oid::kIdentityProof, "identityProof", to_server, false},
    {oid::kDataReturn, "dataReturn", both, false},
    {oid::kTransactionId, "transactionId", both, false},
    {oid::kSenderNonce, "senderNonce", both, false},
    {oid::kRecipientNonce, "recipientNonce", both, false},
    {oid::kAddExtensions, "addExtensions", to_server, true},
    {oid::kEncryptedPOP, "encryptedPOP", to_client, true},
    {oid::kDecryptedPOP, "decryptedPOP", to_server, true},
    {oid::kLraPOPWitness, "lraPOPWitness", to_server, true},
    {oid::kGetCert, "getCert", to_server, true},
    {oid::kGetCRL, "getCRL", to_server, true},
    {oid::kRevokeRequest, "revokeRequest", to_server, true},
    {oid::kRegInfo, "regInfo", to_server, false},
    {oid::kResponseInfo, "responseInfo", to_client, false},
    {oid::kQueryPending, "queryPending", to_server, false},
    {oid::kPopLinkRandom, "popLinkRandom", to_server, false},
    {oid::kPopLinkWitness, "popLinkWitness", inside_request, false},
    {oid::kConfirmCertAcceptance, "confirmCertAcceptance", to_server, true},
    {oid::kStatusInfoV2, "statusInfoV2", both, true},
    {oid::kTrustedAnchors, "trustedAnchors", to_client, true},
    {oid::kAuthData, "authData", both, true},
    {oid::kBatchRequests, "batchRequests", to_server, false},
    {oid::kBatchResponses, "batchResponses", to_client, false},
    {oid::kPublishCert, "publishCert", to_server, true},
    {oid::kModCertTemplate, "modCertTemplate", to_server, true},
    {oid::kControlProcessed, "controlProcessed", to_server, false},
    {oid::kPopLinkWitnessV2, "popLinkWitnessV2", inside_request, false},
    {oid::kIdentityProofV2, "identityProofV2", to_server, false},
    {oid::kRaIdentityWitness, "raIdentityWitness", to_server, true},
    {oid::kChangeSubjectName, "changeSubjectName", inside_request, false},
    {oid::kResponseBody, "responseBody", to_client, true},
}};

}  // namespace

const ControlKind* find_control_kind(const asn1::Oid& type) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&type](const ControlKind& kind) { return kind.type == type; });
  return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace signet::cmc
