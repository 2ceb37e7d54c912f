#include "apps/exchange/received_answer.h"

#include <algorithm>

#include "adapters/files/file.h"
#include "apps/exchange/pending_file.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/telling_stream.h"
#include "base/encoding.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"

namespace signet::tool {
namespace {

std::vector<std::string> alternative_names(const pkix::Certificate& certificate) {
  std::vector<std::string> names;
  const auto read = pkix::subject_alt_names(certificate->extensions);
  if (!read.ok()) return names;
  for (const auto& name : *read) names.push_back(pkix::to_text(name));
  return names;
}

std::string key_text(const pkix::Certificate& certificate) {
  const auto key = crypto::PublicKey::from(certificate->subject_public_key_info);
  if (!key.ok()) return key.error().detail;
  const auto kind = std::string(crypto::to_text(key->kind()));
  return key->kind() == crypto::KeyKind::rsa ? kind + " " + std::to_string(key->bits()) : kind;
}

Json summary(const pkix::Certificate& certificate) {
  Json object{{"subject", pkix::to_text(certificate->subject)},
              {"serial_number", "0x" + certificate->serial_number.to_hex()},
              {"issuer", pkix::to_text(certificate->issuer)},
              {"not_before", to_text(certificate->validity.not_before)},
              {"not_after", to_text(certificate->validity.not_after)},
              {"key", key_text(certificate)}};
  object["names"] = alternative_names(certificate);
  return object;
}

void print_certificate(std::ostream& out, const pkix::Certificate& certificate) {
  const auto line = [&](std::string_view label, const std::string& value) {
    out << "  " << label << std::string(15 - label.size(), ' ') << printable(value) << "\n";
  };
  out << "Certificate of " << printable(pkix::to_text(certificate->subject)) << "\n";
  line("serial number", "0x" + certificate->serial_number.to_hex());
  line("issuer", pkix::to_text(certificate->issuer));
  line("valid", to_text(certificate->validity.not_before) + " to " +
                    to_text(certificate->validity.not_after));
  line("key", key_text(certificate));
  for (const auto& name : alternative_names(certificate)) line("name", name);
}

void print_verdicts(std::ostream& err, const client::CheckedResponse& checked) {
  if (checked.simple) err << "Answer: certificates only (Simple PKI Response)\n";
  for (const auto& verdict : checked.verdicts) {
    err << "Answer: " << printable(verdict_text(verdict)) << "\n";
  }
}

/// The certificate last: with it all is there. No chain where it has no name.
Result<void> write_certificates(const pkix::Certificate& certificate,
                                const std::vector<pkix::Certificate>& chain,
                                const OutputPaths& paths) {
  if (!paths.chain.empty()) TRY(files::write_file(paths.chain, as_bytes(pkix::to_pem(chain))));
  return files::write_file(paths.certificate, as_bytes(pkix::to_pem({certificate})));
}

/// Beside what is no file, none is made that nobody asked for.
void tell_unwritten_chain(std::size_t certificates, const OutputPaths& paths,
                          const Context& context) {
  context.err << "The chain (" << certificates << " certificate" << (certificates == 1 ? "" : "s")
              << ") is not written: " << paths.certificate
              << " is no file that it could stand beside; name one with --out-chain\n";
}

/// What was written, by its kind; a renewal in place is told where it stands in the end.
Json written_files(const OutputPaths& paths, const InPlace* in_place) {
  if (in_place != nullptr) {
    return {{"certificate", in_place->files.certificate}, {"key", in_place->files.key}};
  }
  Json written{{"certificate", paths.certificate}};
  if (!paths.chain.empty()) written["chain"] = paths.chain;
  if (!paths.key.empty()) written["key"] = paths.key;
  return written;
}

std::string joined(const Json& files) {
  std::string text;
  for (const auto& file : files) text += (text.empty() ? "" : ", ") + file.get<std::string>();
  return text;
}

/// What was granted, and where it went.
struct Granted {
  const client::CheckedResponse& checked;
  const OutputPaths& paths;
  const InPlace* in_place;
  std::vector<std::string> set_aside;
  bool is_confirmed;
};

Json granted_to_json(const Granted& granted) {
  Json statuses = Json::array();
  for (const auto& verdict : granted.checked.verdicts) statuses.push_back(to_json(verdict));
  Json json{{"ok", true},
            {"certificate", summary(*granted.checked.certificates.front())},
            {"confirmed", granted.is_confirmed},
            {"statuses", statuses},
            {"files", written_files(granted.paths, granted.in_place)}};
  if (granted.in_place != nullptr) json["set_aside"] = granted.set_aside;
  return json;
}

void print_success(Context& context, const Granted& granted) {
  if (!granted.is_confirmed) {
    context.err << "The authority waits to be told that this certificate is taken: `signet "
                   "confirm`, or it withdraws it\n";
  }
  auto& out = telling_stream(context, {granted.paths.certificate, granted.paths.chain});
  if (context.json) return write_json(out, granted_to_json(granted));
  tell_set_aside(context.err, granted.set_aside);
  print_certificate(out, *granted.checked.certificates.front());
  out << "  files          " << joined(written_files(granted.paths, granted.in_place)) << "\n";
}

/// Whether this speaks of the request; else of who asks, of when, or of the authority itself.
bool is_about_request(const client::Verdict& verdict) {
  if (!verdict.fail_info) return verdict.status == cmc::CMCStatus::failed;
  switch (*verdict.fail_info) {
    case cmc::CMCFailInfo::internalCAError:
    case cmc::CMCFailInfo::tryLater:
    case cmc::CMCFailInfo::badTime:
    case cmc::CMCFailInfo::badIdentity:
    case cmc::CMCFailInfo::badMessageCheck:
    case cmc::CMCFailInfo::authDataFail:
      return false;
    default:
      return true;
  }
}

void report_refusal(Context& context, const client::CheckedResponse& checked,
                    const InPlace* in_place) {
  auto failure = failure_of(checked.verdicts);
  const bool for_good =
      std::any_of(checked.verdicts.begin(), checked.verdicts.end(), is_about_request);
  if (in_place != nullptr && for_good) {
    if (!in_place->if_refused.empty()) failure.what_to_do += "\n  " + in_place->if_refused;
    if (in_place->refused) in_place->refused();
  }
  if (!checked.challenges.empty()) {
    failure.what_to_do =
        "Open the challenge with the request's key: `signet answer`, then send "
        "what it makes.";
  }
  report(context, failure);
}

}  // namespace

std::vector<pkix::Certificate> issuers_of(const pkix::Certificate& certificate,
                                          const std::vector<pkix::Certificate>& pool) {
  std::vector<pkix::Certificate> issuers;
  auto current = certificate;
  while (current->issuer != current->subject && issuers.size() < pool.size()) {
    const auto issuer = std::find_if(pool.begin(), pool.end(), [&](const auto& candidate) {
      return candidate->subject == current->issuer &&
             crypto::verify_certificate_signature(current, candidate->subject_public_key_info).ok();
    });
    if (issuer == pool.end()) break;
    issuers.push_back(*issuer);
    current = *issuer;
  }
  return issuers;
}

Result<void> take_answer(const client::CheckedResponse& checked, const AnswerPlace& place,
                         Context& context, const Confirm& confirm) {
  const auto& [paths, in_place] = place;
  if (const auto waits = checked.pending()) {
    const auto next = in_place == nullptr ? AskAgain::by_poll : AskAgain::by_next_run;
    return tell_pending({*waits, checked.sender_nonce}, paths.pending, next, context);
  }
  const bool must_confirm = checked.must_confirm();
  //= E126 RFC 10002 §6.14: nothing is used before the authority has answered the confirmation
  if (must_confirm && confirm) TRY(confirm(checked));
  const bool granted = checked.success() || must_confirm;
  if (granted || checked.verdicts.size() > 1) print_verdicts(context.err, checked);
  if (!granted) {
    report_refusal(context, checked, in_place);
    return {};
  }
  const auto& certificate = *checked.certificates.front();
  const auto chain = issuers_of(certificate, checked.chain);
  TRY(write_certificates(certificate, chain, paths));
  if (paths.chain.empty() && !chain.empty()) tell_unwritten_chain(chain.size(), paths, context);
  std::vector<std::string> set_aside;
  if (in_place != nullptr) set_aside = TRY(in_place->install());
  print_success(context, {.checked = checked,
                          .paths = paths,
                          .in_place = in_place,
                          .set_aside = std::move(set_aside),
                          .is_confirmed = !must_confirm || confirm});
  return {};
}

}  // namespace signet::tool
