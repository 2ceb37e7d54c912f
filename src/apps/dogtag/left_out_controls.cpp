#include "apps/dogtag/left_out_controls.h"

#include <array>
#include <span>

namespace signet::dogtag {
namespace {

using Switches = std::span<const std::string_view>;

/// A revocation has revokeRequest, and the controls that need no request.
constexpr std::array<std::string_view, 7> kNotInRevocations = {
    "request.useSharedSecret", "identification.enable",   "identityProofV2.enable",
    "identityProof.enable",    "popLinkWitnessV2.enable", "popLinkWitness.enable",
    "transactionMgt.enable"};

/// A second round has what the answer to the first gives it, and the proof of identity again.
constexpr std::array<std::string_view, 11> kNotInSecondRounds = {
    "revRequest.enable",     "popLinkWitnessV2.enable", "popLinkWitness.enable",
    "LraPopWitness.enable",  "getCert.enable",          "confirmCertAcceptance.enable",
    "dataReturn.enable",     "regInfo.enable",          "queryPending.enable",
    "transactionMgt.enable", "senderNonce.enable"};

std::vector<std::string> passed_over(const Configuration& file, Switches switches,
                                     const std::string& why) {
  std::vector<std::string> warnings;
  for (const auto name : switches) {
    if (file.flag(name)) warnings.push_back(std::string(name) + "=true has no effect" + why);
  }
  return warnings;
}

bool proves_identity(const Configuration& file) {
  return file.flag("identityProofV2.enable") || file.flag("identityProof.enable");
}

void add_doubtful_proofs(const Configuration& file, std::vector<std::string>& warnings) {
  for (const std::string proof : {"identityProof", "popLinkWitness"}) {
    if (!file.flag(proof + ".enable") || !file.flag(proof + "V2.enable")) continue;
    warnings.push_back(proof + ".enable=true has no effect: " + proof + "V2 takes its place");
  }
  if (proves_identity(file) && !file.flag("identification.enable")) {
    warnings.emplace_back(
        "a proof of identity without identification.enable=true does not say whose secret it is: "
        "Signet's and Dogtag's servers refuse it");
  }
}

}  // namespace

std::vector<std::string> left_out_controls(const Configuration& file) {
  const bool second_round = file.flag("decryptedPop.enable");
  if (!second_round && file.flag("revRequest.enable")) {
    return passed_over(file, kNotInRevocations, " in a revocation");
  }
  auto warnings = second_round ? passed_over(file, kNotInSecondRounds, " in a second round")
                               : std::vector<std::string>{};
  add_doubtful_proofs(file, warnings);
  return warnings;
}

}  // namespace signet::dogtag
