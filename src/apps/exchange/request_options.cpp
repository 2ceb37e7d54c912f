#include "apps/exchange/request_options.h"

#include <filesystem>
#include <map>

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/tool/credentials.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

const std::map<std::string, Form>& form_names() {
  static const std::map<std::string, Form> names{
      {"pkcs10", Form::pkcs10}, {"crmf", Form::crmf}, {"simple", Form::simple}};
  return names;
}

const std::map<std::string, KeyUse>& key_use_names() {
  static const std::map<std::string, KeyUse> names{{"signing", KeyUse::signing},
                                                   {"encryption", KeyUse::encryption}};
  return names;
}

Result<OutputPaths> paths_in_folder(const RequestOptions& options) {
  std::error_code error;
  const std::filesystem::path folder{options.output};
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Error{Fault::storage_failed,
                 "the folder " + options.output + " cannot be made: " + error.message()};
  }
  const bool simple = options.form == Form::simple;
  const auto in_folder = [&](const char* name) { return (folder / name).string(); };
  //= F03 RFC 10003 §4: the extensions .p10, .crq, .p7c and .crp
  return OutputPaths{.key = in_folder("key.pem"),
                     .certificate = in_folder("certificate.pem"),
                     .chain = in_folder("chain.pem"),
                     .request = in_folder(simple ? "request.p10" : "request.crq"),
                     .exchange = in_folder("exchange.json"),
                     .response = in_folder(simple ? "response.p7c" : "response.crp"),
                     .pending = in_folder("pending.json")};
}

bool is_file(const std::string& name) {
  return !name.empty() && !pkcs11::is_token_name(name) && !files::is_left_in_place(name);
}

/// Under whose name the files of the exchange stand: the certificate's, or the key's where the
/// certificate goes to what has no place beside it, as /dev/stdout.
Result<std::filesystem::path> namesake(const RequestOptions& options) {
  for (const auto* name : {&options.out_certificate, &options.out_key, &options.key_file}) {
    if (is_file(*name)) return std::filesystem::path{*name};
  }
  return Error{Fault::bad_configuration,
               options.out_certificate +
                   " is no file that the messages could stand beside: give a file as --out-key or "
                   "--out-certificate, or --output DIR"};
}

Result<OutputPaths> paths_by_name(const RequestOptions& options) {
  const bool simple = options.form == Form::simple;
  const auto name = TRY(namesake(options));
  const auto beside = [&](const char* extension) {
    return std::filesystem::path{name}.replace_extension(extension).string();
  };
  return OutputPaths{.key = options.out_key,
                     .certificate = options.out_certificate,
                     .chain = options.out_chain.empty() ? beside(".chain.pem") : options.out_chain,
                     .request = beside(simple ? ".p10" : ".crq"),
                     .exchange = beside(".json"),
                     .response = beside(simple ? ".p7c" : ".crp"),
                     .pending = beside(".pending.json")};
}

}  // namespace

void add_request_options(CLI::App& command, RequestOptions& options) {
  command
      .add_option("--subject", options.subject,
                  "Name in the certificate, most specific part first: \"CN=Alice,O=Example\"; "
                  "when not given, the signer's, or the one that the shared secret stands for")
      ->type_name("NAME")
      ->check(taken_by(pkix::name_from_text));
  command
      .add_option("--san", options.alternative_names,
                  "Further name: DNS:host, IP:address, email:address, URI:address, DirName:CN=… "
                  "(may be given more than once)")
      ->type_name("NAME")
      ->check(taken_by(general_name_from_text));
  auto* kind = command
                   .add_option("--key", options.key_kind,
                               "Key to make: ec:p256, ec:p384, ec:p521, rsa:2048, rsa:3072, "
                               "rsa:4096, ed25519, ed448; x25519, x448 with --key-usage "
                               "encryption")
                   ->type_name("KIND")
                   ->check(taken_by(check_key_kind))
                   ->capture_default_str();
  command
      .add_option(
          "--key-file", options.key_file,
          "Existing private key to use instead of a new one; or one in a token: pkcs11:… or "
          "nss:FOLDER?nickname=NAME")
      ->type_name("FILE")
      ->check(taken_by(check_key_name))
      ->excludes(kind);
  command
      .add_option(
          "--key-passphrase-file", options.key_passphrase_file,
          "File whose first line is the passphrase for the new key, or of --key-file, or the "
          "token's PIN")
      ->type_name("FILE");
  command
      .add_option("--key-usage", options.key_use,
                  "What the key is for: signing; or encryption, then it signs nothing and opens a "
                  "challenge of the authority instead")
      ->type_name("USE")
      ->default_str("signing")
      ->transform(CLI::Transformer(key_use_names(), CLI::ignore_case).description(""));
  command
      .add_option("--encrypt-to", options.encrypt_to,
                  "The authority's encryption certificate (GET /ca/encryption.pem): the messages "
                  "are encrypted to it")
      ->type_name("FILE");
  command
      .add_option("--revocation-secret-file", options.revocation_secret_file,
                  "Register a secret (first line of this file) by which the certificate can be "
                  "revoked when its key is lost")
      ->type_name("FILE");
  command
      .add_option("--form", options.form,
                  "Request form: pkcs10 or crmf in a Full PKI Request; simple for a PKCS#10 alone")
      ->type_name("FORM")
      ->default_str("pkcs10")
      ->transform(CLI::Transformer(form_names(), CLI::ignore_case).description(""));
  put_options_under(command, "What is asked for",
                    {"--subject", "--san", "--key", "--key-file", "--key-passphrase-file",
                     "--key-usage", "--encrypt-to", "--revocation-secret-file", "--form"});
}

void add_output_options(CLI::App& command, RequestOptions& options) {
  auto* folder = command
                     .add_option("--output", options.output,
                                 "Folder for key.pem, certificate.pem, chain.pem and the messages")
                     ->type_name("DIR");
  const auto add = [&](const char* name, std::string& path, const char* what) {
    command.add_option(name, path, what)->type_name("FILE")->excludes(folder);
  };
  add("--out-key", options.out_key, "File for the private key, instead of --output");
  add("--out-certificate", options.out_certificate,
      "File for the certificate, instead of --output; the messages go beside it, or beside the "
      "key where this is no file");
  add("--out-chain", options.out_chain, "File for the chain, instead of --output");
  put_options_under(command, "Where the results go",
                    {"--output", "--out-key", "--out-certificate", "--out-chain"});
}

OutputPaths second_round_paths(OutputPaths paths) {
  const std::filesystem::path first{paths.request};
  const auto named = [&](const char* extension) {
    const auto stem = first.stem() == "request" ? "answer" : first.stem().string() + ".answer";
    return (first.parent_path() / (stem + extension)).string();
  };
  paths.request = named(".crq");
  paths.exchange = named(".json");
  paths.response = named(".crp");
  return paths;
}

Result<void> check_output(const RequestOptions& options) {
  const bool needs_key_path = options.key_file.empty() && options.out_key.empty();
  if (options.output.empty() && (options.out_certificate.empty() || needs_key_path)) {
    return Error{Fault::bad_configuration,
                 "nothing says where the files go: give --output DIR, or --out-key and "
                 "--out-certificate"};
  }
  return {};
}

Result<OutputPaths> output_paths(const RequestOptions& options) {
  TRY(check_output(options));
  return options.output.empty() ? paths_by_name(options) : paths_in_folder(options);
}

}  // namespace signet::tool
