#include "apps/enrollment/renew_command.h"

#include <optional>

#include "adapters/pkcs11/token_name.h"
#include "apps/enrollment/enroll_command.h"
#include "apps/enrollment/poll_command.h"
#include "apps/enrollment/renewal_folder.h"
#include "apps/tool/duration.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/report.h"
#include "apps/tool/signer_file.h"
#include "apps/tool/usage.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

struct RenewOptions {
  EnrollOptions enroll;
  std::string before = "30d";
  bool same_key = false;
  bool force = false;
  bool in_place = false;
};

constexpr const char* kRenewFooter =
    "Examples:\n"
    "  signet renew --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer host.pem --signer-key host.key --in-place\n"
    "  signet renew --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer me.pem --signer-key me.key --same-key --output renewed\n"
    "  signet renew --url https://ca.example.org:8443 --ca ca.pem --force \\\n"
    "    --signer me.pem --signer-key me.key --new-subject \"CN=Alice Smith\" --output renamed\n"
    "Exit status, for a timer: 0 renewed, 1 failed, 3 not yet: too early, or the request waits "
    "for a decision, or the renewed certificate for its beginning.";

void tell_too_early(Context& context, Time from) {
  context.exit_status = kNotYet;
  const auto text = signet::to_text(from);
  if (context.json) {
    return write_json(context.out, {{"ok", false}, {"too_early", true}, {"renew_from", text}});
  }
  context.out << "too early       renew from " << text << "\n";
}

Result<void> check_in_place(const RenewOptions& options) {
  const auto& signer = options.enroll.signer;
  const bool has_files = !signer.certificate_file.empty() && !signer.key_file.empty();
  if (!has_files || !options.enroll.request.output.empty()) {
    return Error{Fault::bad_configuration,
                 "--in-place replaces the files of --signer and --signer-key: give both, and no "
                 "--output"};
  }
  if (signer.key_file == signer.certificate_file) {
    return Error{Fault::bad_configuration,
                 "--in-place replaces two files, and --signer and --signer-key name one: give "
                 "--output"};
  }
  if (options.same_key || !pkcs11::is_token_name(signer.key_file)) return {};
  return Error{Fault::bad_configuration, "--in-place cannot replace a key in a token, " +
                                             signer.key_file +
                                             ": keep it with --same-key, or give --output"};
}

/// A key that stands beside the certificate would be lost with the old file.
Result<void> check_holds_no_key(const std::string& certificate_file) {
  const auto file = read_signer_file(certificate_file);
  if (!file.ok() || file->keys.empty()) return {};
  return Error{Fault::not_allowed, certificate_file +
                                       " holds a private key beside the certificate: --in-place "
                                       "replaces a file of certificates alone; give --output"};
}

/// What the options alone show.
Result<void> check_renew(const RenewOptions& options) {
  TRY(check_server(options.enroll.server));
  TRY(check_signer(options.enroll.signer));
  if (options.same_key && !options.enroll.signer.pkcs12_file.empty()) {
    return Error{Fault::bad_configuration,
                 "--same-key keeps a key that --signer-key or --signer names, none of "
                 "--signer-p12: give it as PEM"};
  }
  if (options.in_place) return check_in_place(options);
  if (!options.enroll.request.output.empty()) return {};
  return Error{Fault::bad_configuration,
               "nothing says where the files go: give --output DIR, or --in-place"};
}

/// "" asks for none.
Result<void> new_subject_from_text(const std::string& text) {
  if (!text.empty()) TRY(pkix::name_from_text(text));
  return {};
}

HolderFiles files_in_place(const RenewOptions& options) {
  const auto& signer = options.enroll.signer;
  return {signer.certificate_file, signer.key_file, signer.passphrase_file};
}

Result<Installation> install(const HolderFiles& files, LeftBy left_by, Context& context, Time now) {
  auto installed = TRY(install_renewal(files, left_by, now));
  if (installed.what == Installed::superseded) {
    context.err << "An earlier renewal is older than what stands in " << files.certificate
                << ", or was asked for by another certificate; that stays: "
                << renewal_folder(files) << " was removed\n";
  }
  return installed;
}

Placed placed_by(Installation installed) {
  return {std::move(installed.set_aside), std::move(installed.earlier_rest),
          std::move(installed.rest_lost), std::move(installed.put_off)};
}

/// `rest` null: nothing is to come.
void tell_finished(const HolderFiles& files, const Placed& placed, const cmc::PendInfo* rest,
                   Context& context) {
  const auto folder = rest_folder(files);
  if (context.json) {
    Json json{{"ok", true},
              {"finished", true},
              {"files", {{"certificate", files.certificate}, {"key", files.key}}},
              {"set_aside", set_aside_to_json(placed)}};
    if (rest != nullptr) json["rest"] = to_json(RestOfRenewal{*rest, files, folder}, placed);
    write_json(context.out, json);
  } else {
    tell_set_aside(context.err, placed.set_aside);
    context.out << "finished        " << files.certificate << ": an earlier renewal is in place\n";
  }
  tell_rest_lost(context.err, placed.rest_lost);
  tell_earlier_rest(context.err, placed.earlier_rest);
  if (rest != nullptr && !context.json) tell_rest(context.err, {*rest, files, folder}, placed);
}

/// An earlier renewal waits for its beginning.
void tell_not_yet_valid(const HolderFiles& files, const PutOff& put_off, Context& context) {
  context.exit_status = kNotYet;
  if (context.json) {
    Json json{{"ok", false}};
    json.update(to_json(put_off));
    write_json(context.out, json);
  } else {
    context.out << "not yet valid   in place from " << signet::to_text(put_off.in_place_from)
                << "\n";
  }
  tell_put_off(context.err, put_off, files.certificate);
}

/// What an earlier run, or an agent, left to be done comes first: between its key and its
/// certificate nobody is served, whenever the next renewal is due. While it waits for its
/// beginning, nothing else is asked for.
Result<bool> finish_earlier(const RenewOptions& options, Context& context, Time now) {
  if (!options.in_place) return false;
  const auto files = files_in_place(options);
  auto installed = TRY(install(files, LeftBy::earlier_run, context, now));
  if (installed.put_off) tell_not_yet_valid(files, *installed.put_off, context);
  if (installed.what != Installed::in_place) return installed.what == Installed::put_off;
  const auto rest = installed.rest;
  tell_finished(files, placed_by(std::move(installed)), rest ? &*rest : nullptr, context);
  return true;
}

/// What makes one renewal another one than the next.
Result<std::string> wish_of(const RenewOptions& options) {
  const auto& request = options.enroll.request;
  const auto address = TRY(address_of(options.enroll.server));
  Json wish{{"address", address},
            {"key", options.same_key ? "the same" : request.key_kind},
            {"new_names", request.new_alternative_names}};
  if (request.new_subject) wish["new_subject"] = *request.new_subject;
  return wish.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<EnrollOptions> enrollment_of(const RenewOptions& options, const Signer& signer) {
  auto wanted = options.enroll;
  if (options.in_place) {
    const auto files = files_in_place(options);
    const auto wish = TRY(wish_of(options));
    wanted.again = TRY(is_unanswered(files, wish));
    if (!wanted.again) TRY(begin_renewal(files, signer.certificate, wish));
    wanted.request.output = renewal_folder(files);
  }
  wanted.request.more_names = TRY(pkix::subject_alt_names(signer.certificate->extensions));
  if (options.same_key) wanted.request.key_file = key_place(wanted.signer);
  // The new key is protected as the old one is; but a token's PIN is shown to that token alone.
  if (options.same_key || !pkcs11::is_token_name(wanted.signer.key_file)) {
    wanted.request.key_passphrase_file = wanted.signer.passphrase_file;
  }
  return wanted;
}

/// Puts in place what was granted, or leaves it until it begins.
Result<Placed> finish(const HolderFiles& files, LeftBy left_by, Context& context, Time now) {
  auto installed = TRY(install(files, left_by, context, now));
  if (installed.what != Installed::nothing) {
    return placed_by(std::move(installed));
  }
  return Error{Fault::storage_failed, "the renewal in " + renewal_folder(files) +
                                          " cannot be put in place: its certificate and key do "
                                          "not belong together"};
}

InPlace in_place_of(const RenewOptions& options, LeftBy left_by, Context& context,
                    const Surroundings& surroundings) {
  const auto files = files_in_place(options);
  return {.files = files,
          .install =
              [=, &context, &surroundings] {
                return finish(files, left_by, context, surroundings.clock.now());
              },
          .rest_folder = rest_folder(files)};
}

/// Whether an earlier renewal waits for an agent. One that was asked for by another certificate
/// than stands there now is given up: nobody would be told what became of it.
Result<bool> earlier_waits(const RenewOptions& options, Context& context) {
  const auto files = files_in_place(options);
  if (!options.in_place || !waits_for_decision(files)) return false;
  if (!TRY(is_asked_by_another(files))) return true;
  clear_renewal(files);
  context.err << "An earlier renewal waits for a decision, and was asked for by another "
                 "certificate than stands in "
              << files.certificate << ", which stays: " << renewal_folder(files)
              << " was removed\n";
  return false;
}

/// An earlier renewal waits for an agent: it is asked after, and no other one sent.
Result<void> ask_after_earlier(const RenewOptions& options, Context& context,
                               const Surroundings& surroundings) {
  const auto folder = renewal_folder(files_in_place(options));
  auto in_place = in_place_of(options, LeftBy::earlier_run, context, surroundings);
  in_place.if_refused = "Remove " + folder + " to have the next run ask anew.";
  return poll({options.enroll.server, options.enroll.signer, {}, folder, &in_place}, context,
              surroundings);
}

Result<void> renew(const RenewOptions& options, Context& context,
                   const Surroundings& surroundings) {
  std::optional<files::Descriptor> turn;
  if (options.in_place) {
    TRY(check_in_place(options));
    TRY(check_holds_no_key(options.enroll.signer.certificate_file));
    turn = TRY(wait_for_turn(files_in_place(options)));
  }
  if (TRY(finish_earlier(options, context, surroundings.clock.now()))) return {};
  if (TRY(earlier_waits(options, context))) {
    return ask_after_earlier(options, context, surroundings);
  }
  const auto signer = TRY(read_signer(options.enroll.signer));
  const auto before = TRY(duration_from_text(options.before));
  const auto from = signer.certificate->validity.not_after - before;
  if (!options.force && surroundings.clock.now() < from) {
    tell_too_early(context, from);
    return {};
  }
  auto wanted = TRY(enrollment_of(options, signer));
  auto in_place = in_place_of(options, LeftBy::this_run, context, surroundings);
  in_place.refused = [&] { give_up_wish(in_place.files); };
  if (options.in_place) wanted.in_place = &in_place;
  return enroll(wanted, context, surroundings);
}

}  // namespace

void add_renew_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<RenewOptions>();
  auto* command =
      app.add_subcommand("renew", "Get another certificate in time, signed by the one there is");
  auto& request = options->enroll.request;
  add_server_options(*command, options->enroll.server);
  add_signer_options(*command, options->enroll.signer);
  add_anchor_use_option(*command, options->enroll.anchor_use);
  command
      ->add_option("--before", options->before,
                   "How long before its end a certificate is renewed: 30d, 12h")
      ->type_name("DURATION")
      ->check(taken_by(duration_from_text))
      ->capture_default_str();
  command->add_flag("--force", options->force, "Renew, however early it is");
  command
      ->add_option(
          "--new-subject", request.new_subject,
          "Ask for another name (changeSubjectName), where the profile lets users; \"\" for "
          "none")
      ->type_name("NAME")
      ->check(taken_by(new_subject_from_text));
  command
      ->add_option(
          "--new-san", request.new_alternative_names,
          "Further name to ask for likewise, as --san of signet enroll; those not given are "
          "taken away")
      ->type_name("NAME")
      ->check(taken_by(general_name_from_text));
  auto* same = command->add_flag("--same-key", options->same_key,
                                 "Keep the key, where the profile allows; else a new one is made");
  command->add_option("--key", request.key_kind, "Kind of the new key: ec:p256, rsa:3072, ...")
      ->type_name("KIND")
      ->check(taken_by(check_key_kind))
      ->capture_default_str()
      ->excludes(same);
  auto* in_place = command->add_flag("--in-place", options->in_place,
                                     "Replace the files of --signer and --signer-key; the old "
                                     "ones stay as *.old");
  command->add_option("--output", request.output, "Or a folder for the new files")
      ->type_name("DIR")
      ->excludes(in_place);
  command->footer(kRenewFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_renew(*options));
    report(context, renew(*options, context, surroundings));
  });
}

}  // namespace signet::tool
