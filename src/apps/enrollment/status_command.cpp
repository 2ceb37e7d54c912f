#include "apps/enrollment/status_command.h"

#include "apps/exchange/posting.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "client/check_crl.h"
#include "client/issuer.h"
#include "codec/pkix/crl_walk.h"

namespace signet::tool {
namespace {

using client::CertificateStanding;

struct StatusOptions {
  ServerOptions server;
  std::vector<std::string> certificates;
  std::string ocsp = "/ocsp";
  std::string crl;
  std::string delta_crl;
  bool no_ocsp = false;
  bool no_crl = false;
  bool no_delta = false;
};

constexpr const char* kStatusFooter =
    "Example:\n"
    "  signet status --url https://ca.example.org:8443 --ca ca.pem --certificate me.pem\n"
    "Exit status: 0 all are good, 1 one is not, or it cannot be told.";

struct Asked {
  std::string_view source;  ///< "OCSP", "CRL"
  Result<CertificateStanding> standing;
};

Result<Bytes> body_of(const Result<http::Reply>& reply, const std::string& address) {
  if (!reply.ok()) return reply.error();
  if (reply->status == 200) return reply->body;
  return Error{Fault::directory_unreachable,
               address + " answered HTTP " + std::to_string(reply->status)};
}

Result<CertificateStanding> ask_ocsp(const StatusOptions& options,
                                     const pkix::Certificate& certificate,
                                     const pkix::Certificate& issuer,
                                     const Surroundings& surroundings) {
  const auto question = TRY(client::ask_status(certificate, issuer, surroundings.random));
  const auto reply = call(options.server, nullptr,
                          {.address = options.ocsp,
                           .content_type = "application/ocsp-request",
                           .body = question.octets},
                          surroundings);
  const auto body = TRY(body_of(reply, options.ocsp));
  return client::read_status(body, question, issuer, surroundings.clock.now());
}

/// As the option says, else as the certificate does.
std::string crl_place(const StatusOptions& options, const pkix::Certificate& certificate) {
  constexpr const char* kOfAll = "/ca/crl";
  if (!options.crl.empty()) return options.crl;
  const auto named = client::crl_address(certificate);
  return named.empty() ? kOfAll : named;
}

/// Whose standing is asked for, and of whom.
struct Question {
  const StatusOptions& options;
  const pkix::Certificate& certificate;
  const pkix::Certificate& issuer;
  const Surroundings& surroundings;
};

/// The whole CRL is in memory once; what it says of one certificate is all that stays.
Result<client::CrlFinding> look_into(const Result<http::Reply>& reply, const std::string& address,
                                     const Question& question) {
  const auto body = TRY(body_of(reply, address));
  auto found = client::look_through(body, question.certificate, question.issuer);
  if (found.ok() || found.error().fault != Fault::bad_signature) return found;
  return Error{Fault::bad_signature,
               "the CRL of " + address +
                   " is not by the key that issued the certificate, or was altered; where the "
                   "authority has a new key, --crl names that one's CRL, as /ca/crl/1"};
}

Result<http::Reply> fetch_crl(const std::string& address, const Question& question) {
  return call(question.options.server, nullptr,
              {.address = address, .most_octets = pkix::kLargestWalkedCrl}, question.surroundings);
}

/// As the option says, else as the certificate or its CRL does; empty: there are no deltas.
std::string delta_place(const Question& question, const client::CrlFinding& full) {
  const auto& options = question.options;
  if (options.no_delta) return {};
  return options.delta_crl.empty() ? client::delta_address(question.certificate, full)
                                   : options.delta_crl;
}

/// By the full CRL and the delta at this place. One that is named but not made yet has nothing to
/// say; one that cannot be had or does not fit leaves the question open.
Result<CertificateStanding> ask_delta(const client::CrlFinding& full, const std::string& place,
                                      const Question& question) {
  constexpr int kNotFound = 404;
  const auto now = question.surroundings.clock.now();
  const auto reply = fetch_crl(place, question);
  const bool is_not_there = reply.ok() && reply->status == kNotFound;
  if (is_not_there && question.options.delta_crl.empty()) {
    return client::standing_by(full, question.certificate, now);
  }
  const auto delta = look_into(reply, place, question);
  auto standing = delta.ok() ? client::standing_by(full, *delta, question.certificate, now)
                             : Result<CertificateStanding>{delta.error()};
  if (standing.ok()) return standing;
  return Error{standing.error().fault, "with the delta CRL of " + place + ": " +
                                           standing.error().detail +
                                           ". Give --no-delta to go by the full CRL alone"};
}

Result<CertificateStanding> ask_crl(const Question& question) {
  const auto place = crl_place(question.options, question.certificate);
  const auto full = TRY(look_into(fetch_crl(place, question), place, question));
  const auto delta = delta_place(question, full);
  if (!delta.empty()) return ask_delta(full, delta, question);
  return client::standing_by(full, question.certificate, question.surroundings.clock.now());
}

std::string_view name_of(CertificateStanding::Status status) {
  switch (status) {
    case CertificateStanding::Status::good:
      return "good";
    case CertificateStanding::Status::revoked:
      return "revoked";
    case CertificateStanding::Status::unknown:
      return "unknown";
  }
  return "";
}

Json asked_to_json(const Asked& asked) {
  Json told{{"by", asked.source}};
  if (!asked.standing.ok()) {
    told["error"] = asked.standing.error().detail;
    return told;
  }
  const auto& standing = *asked.standing;
  told["status"] = name_of(standing.status);
  if (standing.by_delta) told["delta"] = true;
  told["this_update"] = signet::to_text(standing.this_update);
  if (standing.next_update) told["next_update"] = signet::to_text(*standing.next_update);
  if (standing.revoked_at) told["revoked_at"] = signet::to_text(*standing.revoked_at);
  if (standing.reason) told["reason"] = pkix::to_text(*standing.reason);
  return told;
}

void print_asked(std::ostream& out, const Asked& asked) {
  out << "  by " << asked.source << std::string(6 - asked.source.size(), ' ');
  if (!asked.standing.ok()) {
    out << "not told: " << printable(asked.standing.error().detail) << "\n";
    return;
  }
  const auto& standing = *asked.standing;
  out << name_of(standing.status);
  if (standing.revoked_at) out << " since " << signet::to_text(*standing.revoked_at);
  if (standing.reason) out << " (" << pkix::to_text(*standing.reason) << ")";
  out << ", as of " << signet::to_text(standing.this_update)
      << (standing.by_delta ? " (delta)" : "") << "\n";
}

bool is_good(const Asked& asked) {
  return asked.standing.ok() && asked.standing->status == CertificateStanding::Status::good;
}

Result<pkix::Certificate> issuer_of(const pkix::Certificate& certificate,
                                    const std::vector<pkix::Certificate>& authorities) {
  const auto* issuer = client::find_issuer(certificate, authorities);
  if (issuer != nullptr) return *issuer;
  return Error{Fault::untrusted_signer,
               "--ca holds no certificate of the issuer " + pkix::to_text(certificate->issuer)};
}

std::vector<Asked> ask_all(const StatusOptions& options, const pkix::Certificate& certificate,
                           const pkix::Certificate& issuer, const Surroundings& surroundings) {
  std::vector<Asked> asked;
  if (!options.no_ocsp) {
    asked.push_back({"OCSP", ask_ocsp(options, certificate, issuer, surroundings)});
  }
  if (!options.no_crl) {
    asked.push_back({"CRL", ask_crl({options, certificate, issuer, surroundings})});
  }
  return asked;
}

Result<void> status(const StatusOptions& options, Context& context,
                    const Surroundings& surroundings) {
  const auto authorities = TRY(read_certificates_file(options.server.anchors));
  Json all = Json::array();
  for (const auto& file : options.certificates) {
    const auto certificates = TRY(read_certificates_file(file));
    const auto& certificate = certificates.front();
    const auto issuer = TRY(issuer_of(certificate, authorities));
    const auto told = ask_all(options, certificate, issuer, surroundings);
    Json one{{"file", file}, {"serial_number", "0x" + certificate->serial_number.to_hex()}};
    if (!context.json)
      context.out << file << " (" << one["serial_number"].get<std::string>() << ", until "
                  << signet::to_text(certificate->validity.not_after) << ")\n";
    for (const auto& each : told) {
      if (!is_good(each)) context.exit_status = 1;
      one["told"].push_back(asked_to_json(each));
      if (!context.json) print_asked(context.out, each);
    }
    all.push_back(std::move(one));
  }
  if (context.json) {
    write_json(context.out, {{"ok", context.exit_status == 0}, {"certificates", all}});
  }
  return {};
}

}  // namespace

void add_status_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<StatusOptions>();
  auto* command = app.add_subcommand("status", "Whether certificates are good, by OCSP and CRL");
  add_url_option(*command, options->server);
  add_anchors_option(*command, options->server.anchors);
  command->add_option("--certificate", options->certificates, "The certificate: PEM or DER")
      ->required()
      ->type_name("FILE");
  const auto place = [&](const char* name, std::string& address, const char* what) {
    return command->add_option(name, address, what)->type_name("URL")->check(taken_by(check_place));
  };
  place("--ocsp", options->ocsp, "OCSP responder: a path on --url, or a whole address")
      ->capture_default_str();
  place("--crl", options->crl,
        "CRL: a path on --url, or a whole address [where the certificate says, or /ca/crl]");
  place("--delta-crl", options->delta_crl,
        "Delta CRL: a path on --url, or a whole address [where certificate or CRL says]");
  command->add_flag("--no-delta", options->no_delta, "By the full CRL alone, whatever it names");
  auto* by_crl = command->add_flag("--no-ocsp", options->no_ocsp, "By the CRL alone");
  command->add_flag("--no-crl", options->no_crl, "By OCSP alone")->excludes(by_crl);
  command->footer(kStatusFooter);
  command->callback([options, &context, &surroundings] {
    report(context, status(*options, context, surroundings));
  });
}

}  // namespace signet::tool
