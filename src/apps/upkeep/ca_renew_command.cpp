#include "apps/upkeep/ca_renew_command.h"

#include <algorithm>

#include "adapters/pkcs11/token_name.h"
#include "apps/folder/furnish_authority.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/progress.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "apps/upkeep/own_certificate_status.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

struct RenewCommand {
  std::string directory;
  std::vector<std::string> services;
  bool due = false;
  std::int64_t within_days = 30;
  bool same_key = false;
  RenewalNames names;
};

constexpr const char* kCaRenewFooter =
    "Examples:\n"
    "  signet ca renew tls cmc --directory /srv/signet\n"
    "  signet ca renew --due --directory /srv/signet && systemctl reload signetd\n"
    "  signet ca renew tls --host ca-2.example.org --directory /srv/signet\n"
    "signetd takes up new TLS and CMC certificates on SIGHUP, an encryption certificate when it "
    "starts.";

Result<std::vector<Service>> named(const RenewCommand& command) {
  std::vector<Service> services;
  for (const auto& text : command.services) services.push_back(TRY(service_from_text(text)));
  return services;
}

/// What ends soon; and what is wrong with others, which no renewal in time would mend.
struct Due {
  std::vector<Service> services;
  std::vector<OwnCertificateStatus> wanting = {};
};

Result<Due> due(const AuthorityFolder& folder, const RenewCommand& command, const Clock& clock) {
  Due due;
  const std::chrono::days within{command.within_days};
  const auto engine = look_into_store(folder);
  for (auto& status : TRY(own_certificate_status(folder, engine, within, clock))) {
    if (status.due && status.service) {
      due.services.push_back(*status.service);
    } else if (!status.problem.empty()) {
      due.wanting.push_back(std::move(status));
    }
  }
  return due;
}

/// What remains to be done by others.
std::string step_after_renewal(const std::vector<Renewal>& renewed) {
  const auto has = [&](Service service) {
    return std::any_of(renewed.begin(), renewed.end(),
                       [&](const Renewal& each) { return each.service == service; });
  };
  std::string next;
  if (has(Service::encryption)) {
    next = "restart signetd, and give its clients the new encryption certificate";
  } else if (has(Service::tls) || has(Service::cmc)) {
    next = "reload signetd (SIGHUP): kill -HUP PID, or systemctl reload signetd";
  }
  if (!has(Service::agent)) return next;
  return next + (next.empty() ? "" : "; ") +
         "where [identity] cmc_ra_is_agent is false, put the agent's SHA-256 into agents";
}

Json renewal_to_json(const Renewal& renewal) {
  const auto& certificate = renewal.certificate;
  return {{"what", service_name(renewal.service)},
          {"certificate", renewal.file},
          {"serial_number", "0x" + certificate->serial_number.to_hex()},
          {"not_after", signet::to_text(certificate->validity.not_after)},
          {"sha256", to_hex(crypto::sha256(certificate.der))},
          {"set_aside", renewal.set_aside}};
}

Json renewals_to_json(const std::vector<Renewal>& renewed, const Due& due) {
  Json all = Json::array();
  for (const auto& each : renewed) all.push_back(renewal_to_json(each));
  Json wanting = Json::array();
  for (const auto& each : due.wanting) {
    wanting.push_back({{"what", each.what}, {"problem", each.problem}});
  }
  return {
      {"ok", true}, {"renewed", all}, {"wanting", wanting}, {"next", step_after_renewal(renewed)}};
}

void print_renewals(const std::vector<Renewal>& renewed, const Due& due, Context& context) {
  if (context.json) return write_json(context.out, renewals_to_json(renewed, due));
  const auto next = step_after_renewal(renewed);
  for (const auto& each : due.wanting) {
    context.err << "Not renewed, though something is wrong with it (signet ca status): "
                << each.what << ": " << printable(each.problem) << "\n";
  }
  if (renewed.empty()) context.out << "nothing is due\n";
  for (const auto& each : renewed) {
    tell_set_aside(context.err, each.set_aside);
    context.out << "renewed        " << service_name(each.service) << ", until "
                << signet::to_text(each.certificate->validity.not_after) << "  (" << each.file
                << (each.is_first ? ")\n" : "; the old one is beside it as .old)\n");
    if (each.service == Service::agent) {
      context.out << "               SHA-256 " << to_hex(crypto::sha256(each.certificate.der))
                  << "\n";
    }
  }
  if (!next.empty()) context.out << "next           " << next << "\n";
}

/// What the options alone show.
Result<void> check_renewal(const RenewCommand& command) {
  if (command.due || !command.services.empty()) return {};
  return Error{Fault::bad_configuration,
               "nothing to renew: name it (tls, cmc, encryption, agent), or give --due"};
}

/// An option that nothing would come of is a mistake.
Result<void> check_names(const RenewCommand& command) {
  const auto names = [&](const char* service) {
    return std::find(command.services.begin(), command.services.end(), service) !=
           command.services.end();
  };
  if (!command.names.hosts.empty() && !names("tls")) {
    return Error{Fault::bad_configuration, "--host is for tls: name that"};
  }
  if (!command.names.agent.empty() && !names("agent")) {
    return Error{Fault::bad_configuration, "--agent is for agent: name that"};
  }
  return {};
}

/// What was renewed before stands, and signetd is to be told of it.
Error failed_after(const std::vector<Renewal>& renewed, Service service, const Error& why) {
  if (renewed.empty()) return why;
  auto detail = why.detail + "; not renewed: " + std::string(service_name(service));
  for (const auto& each : renewed) {
    detail += (&each == &renewed.front() ? "; renewed before that: " : ", ") +
              std::string(service_name(each.service));
  }
  return {why.fault, std::move(detail)};
}

Result<void> renew_services(const RenewCommand& command, Context& context, const Clock& clock) {
  const auto folder = TRY(read_authority_folder(command.directory));
  const auto due_ones = command.due ? TRY(due(folder, command, clock)) : Due{TRY(named(command))};
  std::vector<Renewal> renewed;
  const bool asks_for_pin = pkcs11::is_token_name(folder.current().key);
  Progress progress(context, clock);
  for (const auto service : due_ones.services) {
    if (!asks_for_pin) progress.start("renewing " + std::string(service_name(service)));
    const auto use = command.same_key ? RenewalKey::same : RenewalKey::fresh;
    auto done = renew_service(folder, service, use, clock, command.names);
    if (!done.ok()) return failed_after(renewed, service, done.error());
    renewed.push_back(*std::move(done));
  }
  progress.finish();
  print_renewals(renewed, due_ones, context);
  return {};
}

}  // namespace

void add_ca_renew_command(CLI::App& ca, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<RenewCommand>();
  auto* command =
      ca.add_subcommand("renew", "Renew the certificates that the server needs beside its own");
  auto* services = command->add_option("what", wanted->services, "tls, cmc, encryption, agent")
                       ->check(taken_by(service_from_text));
  command->add_option("--directory", wanted->directory, "Folder of the authority")
      ->required()
      ->type_name("DIR");
  auto* due = command->add_flag("--due", wanted->due, "Whatever ends soon, for a timer");
  command->add_option("--within", wanted->within_days, "So many days before the end is soon; 30")
      ->needs(due)
      ->check(CLI::Range(1, 3650))
      ->type_name("DAYS");
  command->add_flag("--same-key", wanted->same_key, "Keep the keys");
  command
      ->add_option("--host", wanted->names.hosts,
                   "Other names and addresses of the server, for tls; the old ones are not kept")
      ->check(taken_by(check_host))
      ->type_name("NAME");
  command
      ->add_option("--agent", wanted->names.agent,
                   "Where there is no agent.pem any more, make an agent of this name")
      ->check(taken_by(pkix::name_from_text))
      ->type_name("NAME");
  services->excludes(due);
  command->footer(kCaRenewFooter);
  command->callback([wanted, &context, &surroundings] {
    check_usage(check_renewal(*wanted));
    check_usage(check_names(*wanted));
    report(context, renew_services(*wanted, context, surroundings.clock));
  });
}

}  // namespace signet::tool
