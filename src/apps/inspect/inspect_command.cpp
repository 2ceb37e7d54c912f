#include "apps/inspect/inspect_command.h"

#include <map>

#include "adapters/files/file.h"
#include "apps/inspect/inspect.h"
#include "apps/inspect/print_tree.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"

namespace signet::tool {
namespace {

struct InspectOptions {
  std::string file;
  ObjectType type = ObjectType::automatic;
  std::string secret_file;
};

constexpr const char* kInspectFooter =
    "Examples:\n"
    "  signet inspect alice/request.crq\n"
    "  signet inspect alice/certificate.pem --json\n"
    "Exit status 0 also when a signature does not verify: the tree says so.";

const std::map<std::string, ObjectType>& type_names() {
  static const std::map<std::string, ObjectType> names{
      {"auto", ObjectType::automatic},   {"certificate", ObjectType::certificate},
      {"crl", ObjectType::crl},          {"pkcs10", ObjectType::pkcs10},
      {"crmf", ObjectType::crmf},        {"cms", ObjectType::cms},
      {"pkidata", ObjectType::pki_data}, {"pkiresponse", ObjectType::pki_response},
      {"asn1", ObjectType::asn1},
  };
  return names;
}

Json counts_json(const CheckCounts& counts) {
  return {{"verified", counts.verified},
          {"broken", counts.broken},
          {"not_checked", counts.not_checked}};
}

void print_trees(Context& context, const std::vector<AnnotatedTree>& trees) {
  AnnotatedTree all{"all", "", Check::none, "", trees};
  const auto counts = count_checks(all);
  if (context.json) {
    Json list = Json::array();
    for (const auto& tree : trees) list.push_back(to_json(tree));
    return write_json(context.out,
                      {{"ok", true}, {"signatures", counts_json(counts)}, {"objects", list}});
  }
  for (const auto& tree : trees) print_tree(context.out, tree);
  context.out << "Signatures and MACs: " << counts.verified << " verified, " << counts.broken
              << " do not verify, " << counts.not_checked << " not checked\n";
}

/// A file that is whole, and not of the type that was looked for.
Failure of_another_type(Failure failure) {
  failure.what_to_do =
      "If it is of another type, say so with --type; --type asn1 takes any DER or BER.";
  return failure;
}

/// What is wrong with the file itself says so, and another --type would not help.
Failure unreadable(const Error& error, const Context& context) {
  auto failure = failure_of(error, context.command);
  const bool helps = failure.what_to_do.find("signet inspect") != std::string::npos;
  return helps ? of_another_type(std::move(failure)) : failure;
}

Result<void> inspect_file(const InspectOptions& options, Context& context) {
  const auto file = TRY(files::read_file(options.file));
  const auto objects = unwrap(file);
  if (!objects.ok()) {
    return Error{objects.error().fault, options.file + ": " + objects.error().detail};
  }
  SecretBytes secret;
  if (!options.secret_file.empty()) secret = TRY(files::read_passphrase_file(options.secret_file));
  std::vector<AnnotatedTree> trees;
  for (const auto& object : *objects) {
    auto tree = inspect(object.octets, options.type, secret.empty() ? nullptr : &secret);
    if (!tree.ok()) return Error{tree.error().fault, options.file + ": " + tree.error().detail};
    trees.push_back(std::move(tree).value());
  }
  print_trees(context, trees);
  return {};
}

}  // namespace

void add_inspect_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<InspectOptions>();
  auto* command =
      app.add_subcommand("inspect", "Show what a message, request or certificate holds");
  command->add_option("FILE", options->file, "Binary, PEM or base64")->required();
  command
      ->add_option("--type", options->type,
                   "What the file is: auto, certificate, crl, pkcs10, crmf, cms, pkidata, "
                   "pkiresponse, asn1")
      ->type_name("TYPE")
      ->default_str("auto")
      ->transform(CLI::Transformer(type_names(), CLI::ignore_case).description(""));
  command
      ->add_option("--secret-file", options->secret_file,
                   "File whose first line is the shared secret: checks what is proven with it")
      ->type_name("FILE");
  command->footer(kInspectFooter);
  command->callback([options, &context] {
    const auto done = inspect_file(*options, context);
    if (!done.ok()) report(context, unreadable(done.error(), context));
  });
}

}  // namespace signet::tool
