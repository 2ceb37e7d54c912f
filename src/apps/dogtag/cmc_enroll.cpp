#include "apps/dogtag/cmc_enroll.h"

#include "adapters/files/file.h"
#include "apps/dogtag/message_controls.h"
#include "apps/dogtag/options.h"
#include "apps/dogtag/request_files.h"
#include "base/encoding.h"
#include "client/number_parts.h"
#include "codec/cmc/oids.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kEnrollTool = "CMCEnroll";

constexpr std::string_view kEnrollUsage =
    "Usage: CMCEnroll -d <NSS database> -n <nickname of the agent> -r <PKCS#10 file>\n"
    "                 -p <password> | -P <password file>\n"
    "An agent signs a request. The message goes to <PKCS#10 file>.out, in PEM.\n";

constexpr std::string_view kOtherForm =
    "CMCEnroll takes PKCS#10 alone; CMCRequest takes it, with format=crmf";

const OptionNames kEnrollOptions{{"-d", "-n", "-r", "-p", "-P"}, {}};

/// The old tool's message: the request, then senderNonce and transactionId.
Result<client::ComposedMessage> compose_as_agent(std::vector<client::RequestItem> requests,
                                                 RandomSource& random) {
  client::BodyPartIds ids;
  const auto items = TRY(client::tag_requests(requests, ids));
  const auto& key = items.front().key.subject_public_key.octets;
  RequestSettings settings;
  settings.transaction_id.enabled = true;
  const auto nonce = TRY(make_sender_nonce("", random));
  client::MessageParts parts;
  parts.requests = std::move(requests);
  parts.more_controls = {{cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)}};
  for (auto& control : TRY(following_controls({settings, Bytes{}, &key, random}))) {
    parts.more_controls.push_back(std::move(control));
  }
  return client::compose_message(parts);
}

Result<void> make_signed_request(const Options& options, Console& console) {
  const auto path = TRY(options.required("-r", "the request"));
  const auto nickname = TRY(options.required("-n", "the agent's nickname"));
  const auto place = TRY(read_place(options));
  auto requests = TRY(read_request_file(path, client::RequestForm::pkcs10, kOtherForm));
  auto database = TRY(KeyDatabase::open(place, console, nickname));
  const auto signer = TRY(database.find_signer(nickname));
  const auto composed = TRY(compose_as_agent(std::move(requests), console.surroundings.random));
  const auto message =
      TRY(client::sign_message(composed.pki_data, {signer.certificate, *signer.key, signer.chain}));
  TRY(files::write_file(path + ".out", as_bytes(to_pem("CERTIFICATE REQUEST", message))));
  console.out << "The message is stored in " << path << ".out\n";
  return {};
}

}  // namespace

int run_cmc_enroll(const Arguments& arguments, Console& console) {
  if (asks_for_help(arguments)) {
    console.out << kEnrollUsage;
    return kDone;
  }
  const auto options = Options::read(arguments, kEnrollOptions);
  if (!options.ok() || arguments.empty()) {
    if (!options.ok()) report(console, kEnrollTool, options.error());
    console.out << kEnrollUsage;
    return kFailed;
  }
  const auto made = make_signed_request(*options, console);
  return made.ok() ? kDone : report(console, kEnrollTool, made.error());
}

}  // namespace signet::dogtag
