#pragma once

#include "store/profile_edition.h"
#include "store/records.h"

namespace signet::store {

// What every engine does alike, and needs no look into its tables for.

/// Whether one serial number stands twice among its intents, or twice among its certificates.
bool repeats_serial(const Commit& commit);

/// Whether the certificate was made over the octets that were announced: an intent and its own
/// certificate share a serial number, any other two may not.
/// False for what is no certificate.
bool made_as_intended(const CertificateRecord& certificate, ByteView intended_tbs_digest);

/// What the requests on record that share digest, or requester and nonce, with `asked` tell of it.
Seen seen_among(std::vector<AnsweredRequest> found, const AnsweredRequest& asked);

/// The record after a change of status. A valid certificate has neither time nor reason.
void set_status(CertificateRecord& certificate, const StatusChange& change);
StatusEntry status_entry(const CertificateRecord& certificate, std::uint64_t change);
bool is_of_kind(const CrlRecord& crl, CrlKind kind);
/// Whether a CRL may come after the one numbered `latest`; none: it is its shard's first.
bool follows(const CrlRecord& crl, std::optional<std::uint64_t> latest);
/// So many CRLs of a shard and kind are kept.
inline constexpr std::uint64_t kCrlsKept = 100;

/// Whether one use more is within its limits.
bool within_limit(const TokenUse& use, const TokenHistory& history);
/// One use more, failures forgotten.
void count_use(TokenHistory& history);
void count_failure(TokenHistory& history, const TokenFailure& failure);
/// Uses stay counted.
void forget_failures(TokenHistory& history);

/// The table of a challenge's states:
///
///   state      answered   answered_wrongly                  withdrawn
///   open       answered   open, and failed at the last one  withdrawn
///   all others conflict   nothing                           nothing
///
/// False for the conflict; then nothing was changed.
bool change_challenge(PendingChallenge& challenge, const ChallengeChange& change);
/// The request after the decision.
void decide(PendingRequest& request, const PendingDecision& decision);

/// Challenges are kept so long after they expired, for those who ask what became of them.
inline constexpr std::chrono::seconds kChallengeKept = std::chrono::hours{24};

Error certificate_not_found(const Integer& serial);
Error token_exists(std::string_view identification);
Error token_not_found();
/// Nothing to forget.
Error no_failures();
/// Another edition of the profiles than `seen` is the newest.
Error edition_overtaken(std::uint64_t seen);
/// By name.
std::vector<ProfileFile> in_order(std::vector<ProfileFile> files);

}  // namespace signet::store
