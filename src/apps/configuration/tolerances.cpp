#include "apps/configuration/tolerances.h"

#include <array>

namespace signet::server {
namespace {

using Compatibility = Configuration::Compatibility;

constexpr std::array kTolerances{
    ToleranceSwitch{Tolerance::replace_subject, "a user's other subject is replaced, not refused",
                    &Compatibility::replace_subject},
    ToleranceSwitch{Tolerance::shared_body_part_ids, "a control may bear the id of a request",
                    &Compatibility::shared_body_part_ids},
    ToleranceSwitch{Tolerance::legacy_proofs, "SHA-1, and HMAC of old tools, in proofs by secret",
                    &Compatibility::legacy_proofs},
    ToleranceSwitch{Tolerance::link_with_identification, "popLinkWitness by Dogtag's rule",
                    &Compatibility::link_with_identification},
    ToleranceSwitch{Tolerance::loose_pop_reference, "decryptedPOP may name another body part",
                    &Compatibility::loose_pop_reference},
    ToleranceSwitch{Tolerance::dogtag_challenge, "encryptedPOP as Dogtag's client reads it",
                    &Compatibility::dogtag_challenge},
    ToleranceSwitch{Tolerance::bare_revocation, "a revocation by secret in no CMS layer",
                    &Compatibility::bare_revocation},
    ToleranceSwitch{Tolerance::bare_names, "issuers in getCert, confirmCertAcceptance",
                    &Compatibility::bare_names},
    ToleranceSwitch{Tolerance::raw_key_identifier, "subjectKeyIdentifier without its OCTET STRING",
                    &Compatibility::raw_key_identifier},
    ToleranceSwitch{Tolerance::text_bodies, "PEM or base64 over Dogtag's paths",
                    &Compatibility::text_bodies},
    ToleranceSwitch{Tolerance::link_of_signers, "signed requests may have a link, or owe it",
                    &Compatibility::link_of_signers},
    ToleranceSwitch{Tolerance::authority_signs, "responses, in the place of cmc_key",
                    &Compatibility::authority_signs},
    ToleranceSwitch{Tolerance::sha1_challenge, "encryptedPOP with SHA-1; `dogtag` leaves it off",
                    &Compatibility::sha1_challenge, false},
};

}  // namespace

std::span<const ToleranceSwitch> tolerances() {
  return kTolerances;
}

}  // namespace signet::server
