#include "apps/upkeep/ca_renew_command.h"

#include <algorithm>

#include "apps/folder/furnish_authority.h"
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

Result<std::vector<Service>> due(const AuthorityFolder& folder, const RenewCommand& command,
                                 const Clock& clock) {
  std::vector<Service> services;
  const std::chrono::days within{command.within_days};
  const auto engine = open_store(folder);
  for (const auto& status : TRY(own_certificate_status(folder, engine, within, clock))) {
    if (status.due && status.service) services.push_back(*status.service);
  }
  return services;
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
          {"serialNumber", "0x" + certificate->serial_number.to_hex()},
          {"notAfter", signet::to_text(certificate->validity.not_after)},
          {"sha256", to_hex(crypto::sha256(certificate.der))},
          {"setAside", renewal.set_aside}};
}

void print_renewals(const std::vector<Renewal>& renewed, Context& context) {
  const auto next = step_after_renewal(renewed);
  if (context.json) {
    Json all = Json::array();
    for (const auto& each : renewed) all.push_back(renewal_to_json(each));
    return write_json(context.out, {{"ok", true}, {"renewed", all}, {"next", next}});
  }
  if (renewed.empty()) context.out << "nothing is due\n";
  for (const auto& each : renewed) {
    for (const auto& name : each.set_aside) {
      context.err << "In the way was what is now " << printable(name)
                  << ": a renewal that was killed may have left it; it may hold a key\n";
    }
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

Result<void> renew_services(const RenewCommand& command, Context& context, const Clock& clock) {
  const auto folder = TRY(read_authority_folder(command.directory));
  const auto services = command.due ? TRY(due(folder, command, clock)) : TRY(named(command));
  std::vector<Renewal> renewed;
  for (const auto service : services) {
    const auto use = command.same_key ? RenewalKey::same : RenewalKey::fresh;
    renewed.push_back(TRY(renew_service(folder, service, use, clock, command.names)));
  }
  print_renewals(renewed, context);
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
