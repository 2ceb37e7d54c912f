#include "apps/exchange/received_answer.h"

#include <algorithm>

#include "adapters/files/file.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/shell_word.h"
#include "apps/tool/telling_stream.h"
#include "base/encoding.h"
#include "client/issuer.h"
#include "codec/pkix/oids.h"

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
  const PendingAnswer* rest;  ///< null: nothing is to come
  Placed placed;              ///< of a renewal in place
  bool is_confirmed;
  bool is_later;  ///< it begins later than now
};

/// What has been put in place; null: a renewal that waits for its beginning has not.
const InPlace* place_taken(const Granted& granted) {
  return granted.placed.put_off ? nullptr : granted.in_place;
}

RestOfRenewal rest_of(const Granted& granted) {
  const auto& put_off = granted.placed.put_off;
  return {granted.rest->pend_info, granted.in_place->files,
          put_off ? put_off->folder : granted.in_place->rest_folder};
}

Json granted_to_json(const Granted& granted) {
  const bool must_ask = granted.rest != nullptr && granted.in_place == nullptr;
  Json statuses = Json::array();
  for (const auto& verdict : granted.checked.verdicts) statuses.push_back(to_json(verdict));
  const auto& put_off = granted.placed.put_off;
  Json json{{"ok", !must_ask && !put_off}};
  if (must_ask) {
    json["pending"] = true;
    json.update(to_json(granted.rest->pend_info));
  }
  if (put_off) json.update(to_json(*put_off));
  json["certificate"] = summary(*granted.checked.certificates.front());
  json["confirmed"] = granted.is_confirmed;
  json["statuses"] = std::move(statuses);
  json["files"] = written_files(granted.paths, place_taken(granted));
  if (granted.in_place == nullptr) return json;
  json["set_aside"] = set_aside_to_json(granted.placed);
  if (granted.rest == nullptr) return json;
  json["rest"] = to_json(rest_of(granted), granted.placed);
  return json;
}

WaitsFor waits_for(const std::vector<client::Verdict>& verdicts) {
  const bool is_for_somebody =
      std::any_of(verdicts.begin(), verdicts.end(),
                  [](const auto& verdict) { return verdict.status == cmc::CMCStatus::pending; });
  return is_for_somebody ? WaitsFor::decision : WaitsFor::authority;
}

/// From when it serves, where that is not now.
void tell_beginning(std::ostream& err, const Granted& granted) {
  if (!granted.is_later) return;
  const auto& put_off = granted.placed.put_off;
  if (put_off) return tell_put_off(err, *put_off, granted.in_place->files.certificate);
  const auto& certificate = *granted.checked.certificates.front();
  err << "The certificate is not valid before " << to_text(certificate->validity.not_before)
      << "\n";
}

void print_success(Context& context, const Granted& granted) {
  if (!granted.is_confirmed) {
    context.err << "The authority waits to be told that this certificate is taken: `signet "
                   "confirm`, or it withdraws it\n";
  }
  tell_beginning(context.err, granted);
  tell_rest_lost(context.err, granted.placed.rest_lost);
  tell_earlier_rest(context.err, granted.placed.earlier_rest);
  auto& out = telling_stream(context, {granted.paths.certificate, granted.paths.chain});
  if (context.json) return write_json(out, granted_to_json(granted));
  tell_set_aside(context.err, granted.placed.set_aside);
  print_certificate(out, *granted.checked.certificates.front());
  out << "  files          " << joined(written_files(granted.paths, place_taken(granted))) << "\n";
  if (granted.rest == nullptr) return;
  if (place_taken(granted) != nullptr) {
    return tell_rest(context.err, rest_of(granted), granted.placed);
  }
  print_pending(
      granted.rest->pend_info,
      {.path = granted.paths.pending, .waits_for = waits_for(granted.checked.verdicts), .out = out},
      context);
}

/// Nothing but what asks again; standard output, where the certificate is to go there, stays empty.
void tell_waiting(Context& context, const client::CheckedResponse& checked,
                  const PendingAnswer& pending, const AnswerPlace& place) {
  context.exit_status = kNotYet;
  auto& out = telling_stream(context, {place.paths.certificate, place.paths.chain});
  if (context.json) {
    Json json{{"ok", false}, {"pending", true}};
    json.update(to_json(pending.pend_info));
    return write_json(out, json);
  }
  print_pending(pending.pend_info,
                {.path = place.paths.pending,
                 .waits_for = waits_for(checked.verdicts),
                 .next = place.in_place == nullptr ? AskAgain::by_poll : AskAgain::by_next_run,
                 .out = out},
                context);
}

bool has_certificate(const client::CheckedResponse& checked) {
  return !checked.certificates.empty() && checked.certificates.front().has_value();
}

bool comes_later(const std::vector<client::Verdict>& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return verdict.status == cmc::CMCStatus::pending || verdict.status == cmc::CMCStatus::partial;
  });
}

/// What is to be asked for later, where anything is.
std::optional<PendingAnswer> find_waiting(const client::CheckedResponse& checked,
                                          const AnswerPlace& place) {
  auto pend_info = checked.pending();
  // What was asked by already need not be named again (RFC 10002 §6.13).
  const bool asks_on = place.before != nullptr && comes_later(checked.verdicts);
  if (!pend_info && asks_on) pend_info = place.before->pend_info;
  if (!pend_info) return std::nullopt;
  PendingAnswer waiting{*std::move(pend_info), checked.sender_nonce};
  if (has_certificate(checked)) {
    waiting.has_certificate = true;
    waiting.certificates = issuers_of(*checked.certificates.front(), checked.chain);
    waiting.certificates.insert(waiting.certificates.begin(), *checked.certificates.front());
  } else if (place.before != nullptr) {
    waiting.has_certificate = place.before->has_certificate;
    waiting.certificates = place.before->certificates;
  }
  return waiting;
}

/// Also of what is granted in part.
bool wants_confirmation(const client::CheckedResponse& checked, bool is_in_part) {
  if (!is_in_part) return checked.must_confirm();
  return std::any_of(checked.verdicts.begin(), checked.verdicts.end(), [](const auto& verdict) {
    return verdict.status == cmc::CMCStatus::confirmRequired;
  });
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

void tell_rest_lost(std::ostream& err, const std::string& rest_lost) {
  if (rest_lost.empty()) return;
  err << "The certificate is in place, but the rest of the request cannot be asked for any more: "
      << printable(rest_lost) << "\n";
}

void tell_earlier_rest(std::ostream& err, const std::vector<std::string>& earlier_rest) {
  if (earlier_rest.empty()) return;
  err << "The rest of an earlier renewal was not asked for yet. What asks for it, and the pair by "
         "which it is asked, are now";
  for (const auto& name : earlier_rest) err << " " << printable(name);
  err << ". Ask, or remove them:\n  signet poll --output " << shell_word(earlier_rest.back())
      << " …\n";
}

Json set_aside_to_json(const Placed& placed) {
  Json names = placed.set_aside;
  for (const auto& name : placed.earlier_rest) names.push_back(name);
  return names;
}

void tell_rest(std::ostream& err, const RestOfRenewal& rest, const Placed& placed) {
  if (!placed.rest_lost.empty()) return;
  err << "The authority answers the rest of the request later, to the certificate of before ("
      << printable(rest.files.certificate) << ".old). "
      << how_to_poll(rest.pend_info, rest.folder + "/pending.json");
}

Json to_json(const RestOfRenewal& rest, const Placed& placed) {
  auto json = to_json(rest.pend_info);
  if (placed.rest_lost.empty()) json["folder"] = rest.folder;
  return json;
}

std::vector<pkix::Certificate> issuers_of(const pkix::Certificate& certificate,
                                          const std::vector<pkix::Certificate>& pool) {
  std::vector<pkix::Certificate> issuers;
  auto current = certificate;
  while (current->issuer != current->subject && issuers.size() < pool.size()) {
    const auto* issuer = client::find_issuer(current, pool);
    if (issuer == nullptr) break;
    issuers.push_back(*issuer);
    current = *issuer;
  }
  return issuers;
}

Result<void> take_answer(const client::CheckedResponse& checked, const AnswerPlace& place,
                         Context& context, const Confirm& confirm) {
  const auto& paths = place.paths;
  const auto* in_place = place.in_place;
  const auto waiting = find_waiting(checked, place);
  if (waiting && !has_certificate(checked)) {
    TRY(keep_pending(*waiting, paths.pending));
    tell_waiting(context, checked, *waiting, place);
    return {};
  }
  const bool must_confirm = wants_confirmation(checked, waiting.has_value());
  //= E126 RFC 10002 §6.14: nothing is used before the authority has answered the confirmation
  if (must_confirm && confirm) TRY(confirm(checked));
  const bool granted = waiting || checked.success() || must_confirm;
  if (granted || checked.verdicts.size() > 1) print_verdicts(context.err, checked);
  if (!granted) {
    report_refusal(context, checked, in_place);
    return {};
  }
  const auto& certificate = *checked.certificates.front();
  const auto chain = issuers_of(certificate, checked.chain);
  // Before the certificate, with which all is there: who finds that asks no further.
  if (waiting) TRY(keep_pending(*waiting, paths.pending));
  TRY(write_certificates(certificate, chain, paths));
  if (paths.chain.empty() && !chain.empty()) tell_unwritten_chain(chain.size(), paths, context);
  Placed placed;
  if (in_place != nullptr) {
    // One of before that nothing waits for any more would be taken for what asks for a rest.
    if (!waiting) TRY(forget_pending(paths.pending));
    placed = TRY(in_place->install());
  }
  const bool is_put_off = placed.put_off.has_value();
  if (is_put_off || (waiting && in_place == nullptr)) context.exit_status = kNotYet;
  print_success(context, {.checked = checked,
                          .paths = paths,
                          .in_place = in_place,
                          .rest = waiting ? &*waiting : nullptr,
                          .placed = std::move(placed),
                          .is_confirmed = !must_confirm || confirm,
                          .is_later = begins_later(certificate, place.now)});
  return {};
}

}  // namespace signet::tool
