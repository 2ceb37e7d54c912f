#include "store/engine_rules.h"

#include <algorithm>

#include "crypto/digest.h"

namespace signet::store {
namespace {

template <typename Record>
bool repeats(const std::vector<Record>& records) {
  for (auto later = records.begin(); later != records.end(); ++later) {
    for (auto earlier = records.begin(); earlier != later; ++earlier) {
      if (earlier->serial_number == later->serial_number) return true;
    }
  }
  return false;
}

}  // namespace

bool repeats_serial(const Commit& commit) {
  return repeats(commit.intents) || repeats(commit.certificates);
}

bool made_as_intended(const CertificateRecord& certificate, ByteView intended_tbs_digest) {
  const auto tbs = pkix::tbs_tlv_of(certificate.certificate_der);
  return tbs && equal(crypto::sha256(*tbs), intended_tbs_digest);
}

Seen seen_among(std::vector<AnsweredRequest> found, const AnsweredRequest& asked) {
  Seen seen;
  for (auto& request : found) {
    if (request.request_digest == asked.request_digest) {
      seen.answer = std::move(request);
    } else {
      seen.nonce_used = true;
    }
  }
  return seen;
}

void set_status(CertificateRecord& certificate, const StatusChange& change) {
  const bool is_valid = change.to == CertificateStatus::valid;
  certificate.status = change.to;
  certificate.revoked_at = is_valid ? std::nullopt : std::optional(change.at);
  certificate.revocation_reason = is_valid ? pkix::CRLReason::unspecified : change.reason;
  certificate.invalidity_date = is_valid ? std::nullopt : change.invalidity_date;
}

StatusEntry status_entry(const CertificateRecord& certificate, std::uint64_t change) {
  return {certificate.serial_number,
          certificate.status,
          certificate.revoked_at,
          certificate.revocation_reason,
          certificate.invalidity_date,
          certificate.not_after,
          change};
}

bool is_of_kind(const CrlRecord& crl, CrlKind kind) {
  return crl.base_number.has_value() == (kind == CrlKind::delta);
}

bool follows(const CrlRecord& crl, std::optional<std::uint64_t> latest) {
  return latest ? crl.number == *latest + 1 : crl.number >= 1;
}

bool within_limit(const TokenUse& use, const TokenHistory& history) {
  if (use.most_failures && history.failures > *use.most_failures) return false;
  return use.most_uses == 0 || history.uses < use.most_uses;
}

void count_use(TokenHistory& history) {
  history = {.uses = history.uses + 1, .failures = 0, .last_failure_at = {}};
}

void count_failure(TokenHistory& history, const TokenFailure& failure) {
  ++history.failures;
  history.last_failure_at = failure.at;
  history.identification = failure.identification;
}

void forget_failures(TokenHistory& history) {
  history = {.uses = history.uses, .failures = 0, .last_failure_at = {}};
}

bool change_challenge(PendingChallenge& challenge, const ChallengeChange& change) {
  const bool is_open = challenge.state == ChallengeState::open;
  switch (change.event) {
    case ChallengeEvent::answered:
      if (!is_open) return false;
      challenge.state = ChallengeState::answered;
      return true;
    case ChallengeEvent::answered_wrongly:
      if (!is_open) return true;
      ++challenge.wrong_answers;
      if (challenge.wrong_answers >= change.most_wrong_answers) {
        challenge.state = ChallengeState::failed;
      }
      return true;
    case ChallengeEvent::withdrawn:
      if (is_open) challenge.state = ChallengeState::withdrawn;
      return true;
  }
  return false;
}

void decide(PendingRequest& request, const PendingDecision& decision) {
  request.state = decision.to;
  request.decided_at = decision.at;
  request.decided_by = decision.by;
  request.note = decision.note;
  request.serial_numbers = decision.serial_numbers;
}

Error certificate_not_found(const Integer& serial) {
  return {Fault::certificate_not_found, "no certificate has the serial number " + serial.to_hex()};
}

Error token_exists(std::string_view identification) {
  return {Fault::already_exists, "there is a shared secret for the identification '" +
                                     std::string(identification) + "': revoke it first"};
}

Error token_not_found() {
  return {Fault::unknown_identity, "no shared secret has this id"};
}

Error no_failures() {
  return {Fault::unknown_identity, "no wrong proof of this secret counts"};
}

Error edition_overtaken(std::uint64_t seen) {
  return {Fault::already_exists,
          (seen == 0 ? std::string("the store has an edition of the profiles")
                     : "edition " + std::to_string(seen) + " of the profiles is not the newest") +
              ": somebody published meanwhile"};
}

std::vector<ProfileFile> in_order(std::vector<ProfileFile> files) {
  std::sort(files.begin(), files.end(),
            [](const ProfileFile& one, const ProfileFile& other) { return one.name < other.name; });
  return files;
}

}  // namespace signet::store
