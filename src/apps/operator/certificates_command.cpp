#include "apps/operator/certificates_command.h"

#include "adapters/files/file.h"
#include "apps/folder/authority_store.h"
#include "apps/operator/certificate_list.h"
#include "apps/operator/key_of_file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/duration.h"
#include "apps/tool/report.h"
#include "apps/tool/serial_text.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

/// As they stand on the command line, each looked at by its option's check.
struct FindOptions {
  std::string directory;
  std::string subject;
  std::string serial;
  std::string key;
  std::string passphrase_file;
  std::string status;
  std::string profile;
  std::string issued_since;
  std::string issued_until;
  std::string ends_within;
  std::size_t most = 100;  ///< 0: all
  std::string output;
};

template <typename Read>
auto read_if_given(const std::string& text, Read read)
    -> Result<std::optional<std::decay_t<decltype(read(text).value())>>> {
  std::optional<std::decay_t<decltype(read(text).value())>> value;
  if (!text.empty()) value = TRY(read(text));
  return value;
}

Result<CertificateWish> read_wish(const FindOptions& options) {
  CertificateWish wish;
  wish.subject = options.subject;
  wish.serial = TRY(read_if_given(options.serial, serial_from_text));
  wish.key_hash = TRY(read_if_given(options.key, [&](const std::string& file) {
    return key_hash_of_file(file, options.passphrase_file);
  }));
  wish.state = TRY(read_if_given(options.status, state_from_text));
  wish.profile = options.profile;
  wish.issued_since = TRY(read_if_given(options.issued_since, time_from_text));
  wish.issued_until = TRY(read_if_given(options.issued_until, time_from_text));
  wish.ends_within = TRY(read_if_given(options.ends_within, duration_from_text));
  return wish;
}

Result<void> list_certificates(const store::CertificateStore& store, const CertificateWish& wish,
                               std::size_t most, Context& context, Time now) {
  CertificateList list(context, context.out, now);
  std::size_t count = 0;
  bool more = false;
  const auto searched = for_each_certificate(store, wish, now, [&](const auto& record) {
    more = most != 0 && count == most;
    if (more) return false;
    ++count;
    list.add(record);
    return true;
  });
  searched.ok() ? list.end(more) : list.end(searched.error());
  return {};
}

/// The one certificate that is wanted. Faults: certificate_not_found; not_allowed: there are more.
Result<store::CertificateRecord> find_one(const store::CertificateStore& store,
                                          const CertificateWish& wish, Time now) {
  std::vector<store::CertificateRecord> found;
  TRY(for_each_certificate(store, wish, now, [&](const auto& record) {
    found.push_back(record);
    return found.size() < 2;
  }));
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) return Error{Fault::certificate_not_found, "no certificate is so"};
  return Error{Fault::not_allowed,
               "--output writes one certificate, and several are so: name it by --serial"};
}

Result<void> write_one(const store::CertificateStore& store, const CertificateWish& wish,
                       const std::string& output, Context& context, Time now) {
  const auto record = TRY(find_one(store, wish, now));
  TRY(files::write_file(output, as_bytes(to_pem("CERTIFICATE", record.certificate_der))));
  CertificateList list(context, telling_stream(context, {output}), now);
  list.add(record);
  list.end(false);
  return {};
}

Result<void> find_certificates(const FindOptions& options, Context& context, Time now) {
  const auto wish = TRY(read_wish(options));
  const auto store = TRY(look_into_authority_store(options.directory));
  return options.output.empty() ? list_certificates(*store, wish, options.most, context, now)
                                : write_one(*store, wish, options.output, context, now);
}

Result<void> check_subject(const std::string& text) {
  if (!text.empty()) return {};
  return Error{Fault::malformed, "give a name, or a part of one"};
}

void add_whose_options(CLI::App& command, FindOptions& options) {
  command
      .add_option("--subject", options.subject,
                  "Whole name, or a part of it in any case: \"CN=Alice,O=Example\", alice")
      ->type_name("NAME")
      ->check(taken_by(check_subject));
  command.add_option("--serial", options.serial, "Serial number, hexadecimal")
      ->type_name("HEX")
      ->check(taken_by(serial_from_text));
  command
      .add_option("--key", options.key,
                  "Key: its file, PEM or DER, or that of a certificate or PKCS#10 request with it")
      ->type_name("FILE")
      ->check(taken_by(check_key_name));
  command
      .add_option("--passphrase-file", options.passphrase_file,
                  "File with the passphrase of --key, or a token's PIN")
      ->type_name("FILE");
}

void add_which_options(CLI::App& command, FindOptions& options) {
  command
      .add_option("--status", options.status, "By now: valid, revoked, held (on hold) or expired")
      ->type_name("STATUS")
      ->check(taken_by(state_from_text));
  command.add_option("--profile", options.profile, "Profile that they were issued by")
      ->type_name("ID");
  command
      .add_option("--issued-since", options.issued_since,
                  "Issued then or later: 2026-11-23 or 2026-11-23T14:00:00Z")
      ->type_name("TIME")
      ->check(taken_by(time_from_text));
  command.add_option("--issued-until", options.issued_until, "Issued before that")
      ->type_name("TIME")
      ->check(taken_by(time_from_text));
  command
      .add_option("--ends-within", options.ends_within, "Not over yet, but by then: 30d, 12h, 90m")
      ->type_name("TIME")
      ->check(taken_by(duration_from_text));
}

}  // namespace

void add_certificates_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<FindOptions>();
  auto* command = app.add_subcommand("certificates", "Find what an authority has issued");
  command->add_option("--directory", options->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  add_whose_options(*command, *options);
  add_which_options(*command, *options);
  command->add_option("--most", options->most, "No more than so many, the newest; 100. 0: all")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);  // "-1" would be a huge number
  command->add_option("--output", options->output, "File for the one that is found (PEM)")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  signet certificates --directory /srv/signet --subject alice\n"
      "  signet certificates --directory /srv/signet --status valid --ends-within 30d --most 0\n"
      "  signet certificates --directory /srv/signet --serial 0x4a31 --output alice.pem");
  command->callback([options, &context, &surroundings] {
    report(context, find_certificates(*options, context, surroundings.clock.now()));
  });
}

}  // namespace signet::tool
