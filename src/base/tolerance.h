#pragma once

namespace signet {

/// What the authority lets pass, or answers otherwise, for peers that do not keep to the standard:
/// each is one setting of [compatibility] and bears its name. What it lets in says
/// docs/operating.md.
enum class Tolerance {
  replace_subject,
  shared_body_part_ids,
  legacy_proofs,
  link_with_identification,
  loose_pop_reference,
  dogtag_challenge,
  bare_revocation,
  bare_names,
  raw_key_identifier,
  text_bodies,
  link_of_signers,
  authority_signs,
  sha1_challenge,
  header_lines,
};

/// The setting's name.
constexpr const char* to_text(Tolerance tolerance) {
  switch (tolerance) {
    case Tolerance::replace_subject:
      return "replace_subject";
    case Tolerance::shared_body_part_ids:
      return "shared_body_part_ids";
    case Tolerance::legacy_proofs:
      return "legacy_proofs";
    case Tolerance::link_with_identification:
      return "link_with_identification";
    case Tolerance::loose_pop_reference:
      return "loose_pop_reference";
    case Tolerance::dogtag_challenge:
      return "dogtag_challenge";
    case Tolerance::bare_revocation:
      return "bare_revocation";
    case Tolerance::bare_names:
      return "bare_names";
    case Tolerance::raw_key_identifier:
      return "raw_key_identifier";
    case Tolerance::text_bodies:
      return "text_bodies";
    case Tolerance::link_of_signers:
      return "link_of_signers";
    case Tolerance::authority_signs:
      return "authority_signs";
    case Tolerance::sha1_challenge:
      return "sha1_challenge";
    case Tolerance::header_lines:
      return "header_lines";
  }
  return "";
}

}  // namespace signet
