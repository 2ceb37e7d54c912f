#include "authority/ocsp_responder.h"

#include <algorithm>

#include "codec/ocsp/oids.h"

namespace signet::authority {
namespace {

using ocsp::OCSPResponseStatus;

/// RFC 6960 §2.2: good, and no more than that, for what we issued and did not take back; unknown
/// for what we never issued.
ocsp::CertStatus cert_status(const std::optional<store::CertificateRecord>& record) {
  if (!record) return ocsp::Unknown{};
  if (record->status == store::CertificateStatus::valid) return ocsp::Good{};
  using pkix::CRLReason;
  ocsp::RevokedInfo revoked{record->revoked_at.value_or(record->issued_at), std::nullopt};
  const bool is_held = record->status == store::CertificateStatus::on_hold;
  const auto reason = is_held ? CRLReason::certificateHold : record->revocation_reason;
  if (reason != CRLReason::unspecified) revoked.revocation_reason = reason;
  return revoked;
}

/// Three quarters of the answer's life: who asks then has the last one as long as another is made.
OcspFreshness freshness(Time now, std::chrono::seconds validity, const OcspSigner& signer) {
  const auto next_update = std::min(now + validity, signer.certificate->validity.not_after);
  return {now, next_update, now + (next_update - now) * 3 / 4};
}

bool is_known(const ocsp::CertStatus& status) {
  return !std::holds_alternative<ocsp::Unknown>(status);
}

Result<Bytes> make_response(const ocsp::ResponseData& data, const OcspSigner& signer) {
  const auto data_der = ocsp::write_response_data(data);
  auto signature = TRY(signer.key->sign(signer.algorithm, data_der));
  auto basic = ocsp::write_basic_ocsp_response({.tbs_response_data_der = data_der,
                                                .signature_algorithm = signer.algorithm,
                                                .signature = {std::move(signature), 0},
                                                .certs = {&signer.certificate, 1}});
  return ocsp::write_ocsp_response(
      {OCSPResponseStatus::successful, ocsp::ResponseBytes{ocsp::oid::kBasic, std::move(basic)}});
}

}  // namespace

OcspResponder::OcspResponder(Parts parts)
    : parts_(std::move(parts)),
      hashes_(parts_.issuer.certificate()),
      kept_(parts_.settings.most_kept) {}

OcspAnswer OcspResponder::respond(ByteView request_der) {
  const auto question = read_ocsp_question(request_der, parts_.settings.most_cert_ids);
  if (!question.ok()) return refuse(OCSPResponseStatus::malformedRequest, question.error());
  const auto is_ours = [&](const auto& cert_id) { return hashes_.match(cert_id.value); };
  if (std::none_of(question->cert_ids.begin(), question->cert_ids.end(), is_ours)) {
    return refuse(OCSPResponseStatus::unauthorized,
                  {Fault::not_allowed, "no certificate asked for is of this issuer"});
  }
  const auto with = signer();
  if (with == nullptr || !with->is_valid_at(parts_.clock.now())) {
    return refuse(OCSPResponseStatus::tryLater,
                  {Fault::signing_failed, "the OCSP responder has no valid certificate"});
  }
  auto known = find_statuses(*question);
  if (!known.ok()) return refuse(OCSPResponseStatus::tryLater, known.error());
  if (auto kept = find_kept(*question, *known, *with)) return *std::move(kept);
  return sign(*question, *std::move(known), *with);
}

Result<OcspResponder::Known> OcspResponder::find_statuses(const OcspQuestion& question) const {
  Known known{parts_.clock.now(), {}};
  for (const auto& cert_id : question.cert_ids) {
    if (!hashes_.match(cert_id.value)) {
      known.statuses.emplace_back(ocsp::Unknown{});
      continue;
    }
    known.statuses.push_back(cert_status(TRY(find_issued(cert_id.value.serial_number))));
  }
  return known;
}

Result<std::optional<store::CertificateRecord>> OcspResponder::find_issued(
    const asn1::Integer& serial_number) const {
  auto record = TRY(parts_.store.find_certificate(serial_number));
  if (record && !parts_.shards.holds(record->crl_shard)) record.reset();
  return record;
}

std::optional<OcspAnswer> OcspResponder::find_kept(const OcspQuestion& question, const Known& known,
                                                   const OcspSigner& signer) {
  if (!question.is_common()) return std::nullopt;
  const auto kept = kept_.find(kept_.key_of(question.cert_ids.front().der));
  if (!kept) return std::nullopt;
  const auto& [cert_status, key_hash, freshness, octets] = **kept;
  const bool is_fresh = freshness.this_update <= known.at && known.at < freshness.fresh_until;
  const bool is_true = cert_status == known.statuses.front() && key_hash == signer.key_hash;
  if (!is_fresh || !is_true) return std::nullopt;
  return OcspAnswer{OCSPResponseStatus::successful, octets, freshness, true, known.at};
}

OcspAnswer OcspResponder::sign(const OcspQuestion& question, Known known,
                               const OcspSigner& signer) {
  const auto times = freshness(known.at, parts_.settings.validity, signer);
  ocsp::ResponseData data;
  data.responder_id = ocsp::KeyHash{signer.key_hash};
  data.produced_at = times.this_update;
  for (std::size_t at = 0; at < known.statuses.size(); ++at) {
    data.responses.push_back(
        {question.cert_ids[at], known.statuses[at], times.this_update, times.next_update, {}});
  }
  if (question.nonce) data.response_extensions.push_back(*question.nonce);
  auto octets = make_response(data, signer);
  if (!octets.ok()) return refuse(OCSPResponseStatus::internalError, octets.error());

  OcspAnswer answer{OCSPResponseStatus::successful, *std::move(octets), std::nullopt, false,
                    known.at};
  // Unknown ones are not kept: anybody can ask for numbers without end.
  if (!question.is_common() || !is_known(known.statuses.front())) return answer;
  const auto key = kept_.key_of(question.cert_ids.front().der);
  const auto before = kept_.find(key);
  // Of two answers of one second, the older would pass for the newer with who looks at the time.
  if (before && (*before)->freshness.this_update == times.this_update) return answer;
  answer.freshness = times;
  kept_.keep(key, std::make_shared<const Kept>(
                      Kept{known.statuses.front(), signer.key_hash, times, answer.octets}));
  return answer;
}

OcspAnswer OcspResponder::refuse(OCSPResponseStatus status, const Error& why) const {
  const bool is_our_fault =
      status == OCSPResponseStatus::tryLater || status == OCSPResponseStatus::internalError;
  parts_.log.write(is_our_fault ? Log::Level::error : Log::Level::debug, "ocsp_refused",
                   {{"status", ocsp::to_text(status)}, {"why", why.detail}});
  return {status, ocsp::write_ocsp_response({status, std::nullopt}), std::nullopt, false,
          parts_.clock.now()};
}

std::shared_ptr<const OcspSigner> OcspResponder::signer() const {
  const std::lock_guard lock(mutex_);
  return signer_;
}

Result<bool> OcspResponder::renew_if_due() {
  if (const auto current = signer(); current != nullptr && !TRY(is_due(*current))) return false;
  auto made = TRY(make_ocsp_signer({.issuer = parts_.issuer,
                                    .crl_shard = parts_.shards.first,
                                    .signature_algorithm = parts_.signature_algorithm,
                                    .validity = parts_.settings.certificate_validity,
                                    .committer = parts_.committer,
                                    .clock = parts_.clock,
                                    .random = parts_.random}));
  auto next = std::make_shared<const OcspSigner>(std::move(made));
  const std::lock_guard lock(mutex_);
  signer_.swap(next);
  return true;
}

std::optional<Time> OcspResponder::signs_until() const {
  const auto current = signer();
  return current == nullptr ? std::nullopt
                            : std::optional(current->certificate->validity.not_after);
}

Result<bool> OcspResponder::is_due(const OcspSigner& signer) const {
  const auto now = parts_.clock.now();
  if (!signer.is_valid_at(now)) return true;
  const auto record = TRY(parts_.store.find_certificate(signer.certificate->serial_number));
  if (!record || record->status != store::CertificateStatus::valid) return true;
  // The last one before the authority's own end: another would not live longer.
  const auto last = parts_.issuer.certificate()->validity.not_after;
  return now >= signer.renew_from() && signer.certificate->validity.not_after < last;
}

}  // namespace signet::authority
