#include "apps/dogtag/enrollment_message.h"

#include <set>

#include "apps/dogtag/message_controls.h"
#include "apps/dogtag/request_files.h"
#include "apps/dogtag/sign_message.h"
#include "base/encoding.h"
#include "client/number_parts.h"

namespace signet::dogtag {
namespace {

using client::RequestForm;
using client::RequestItem;

/// The requests of all files, and the file of each.
struct Inputs {
  std::vector<RequestItem> requests;
  std::vector<std::string> paths;
};

Result<Inputs> read_inputs(const RequestSettings& settings) {
  Inputs inputs;
  const auto* const advice =
      settings.form == RequestForm::crmf ? "write format=pkcs10" : "write format=crmf";
  for (const auto& path : settings.inputs) {
    for (auto& item : TRY(read_request_file(path, *settings.form, advice))) {
      inputs.requests.push_back(std::move(item));
      inputs.paths.push_back(path);
    }
  }
  return inputs;
}

// ------------------------------------------------------------ numbers

std::uint32_t first_free(const std::set<std::uint64_t>& taken) {
  std::uint32_t id = 1;
  while (taken.contains(id)) ++id;
  return id;
}

Result<Bytes> renumber(const RequestItem& request, std::uint32_t id, KeyDatabase& database) {
  const auto message = TRY(client::read_cert_req_msg(request.der));
  const auto& wanted = message.cert_req.value.cert_template.public_key;
  if (!message.popo || !wanted) {
    return client::renumber_request(request.der, cmc::BodyPartID{id}, nullptr);
  }
  const auto key = TRY(database.find_key_of(*wanted));
  return client::renumber_request(request.der, cmc::BodyPartID{id}, key.get());
}

/// CRMFPopClient gives every request the number 1: in one message each needs its own, so the later
/// ones are numbered and signed anew.
Result<void> make_distinct(std::vector<RequestItem>& requests, KeyDatabase& database) {
  std::set<std::uint64_t> taken;
  for (auto& request : requests) {
    if (request.form != RequestForm::crmf) continue;
    const auto message = TRY(client::read_cert_req_msg(request.der));
    const auto id = message.cert_req.value.cert_req_id.to_uint64().value_or(0);
    if (taken.insert(id).second) continue;
    const auto free = first_free(taken);
    request.der = TRY(renumber(request, free, database));
    taken.insert(free);
  }
  return {};
}

// ------------------------------------------------------------ the tie to the secret

void print_request(const RequestItem& request, Console& console) {
  console.out << "The request with its POP link witness:\n"
              << to_pem("CERTIFICATE REQUEST", request.der) << "\n";
}

Error not_tied(const Error& error, const std::string& path) {
  if (error.fault != Fault::signing_failed) return {error.fault, path + ": " + error.detail};
  return {error.fault, path + ": " + error.detail +
                           ": the POP link is made by the one key of request.privKeyId; put "
                           "requests for other keys into messages of their own"};
}

Result<void> tie_all(Inputs& inputs, const RequestSettings& settings, ByteView link_random,
                     KeyDatabase& database, Console& console) {
  const SecretBytes secret{
      std::string_view(settings.secret.empty() ? settings.identity_secret : settings.secret)};
  client::RequestTie tie{{secret, std::nullopt}, link_random, settings.link_v2};
  // Dogtag's rule: the identification counts, in version 2 (AMB-2).
  if (settings.link_v2 && settings.identification)
    tie.known.identification = *settings.identification;
  const auto key = TRY(find_request_key(settings, database));
  for (std::size_t at = 0; at < inputs.requests.size(); ++at) {
    auto& request = inputs.requests[at];
    auto tied = client::tie_request(request, tie, *key);
    if (!tied.ok()) return not_tied(tied.error(), inputs.paths[at]);
    request.der = *std::move(tied);
    print_request(request, console);
  }
  return {};
}

/// popLinkRandom; empty where the requests are not tied to a secret.
Result<Bytes> link(Inputs& inputs, const RequestSettings& settings, KeyDatabase& database,
                   Console& console) {
  if (!settings.link_v2 && !settings.link_v1) return Bytes{};
  if (inputs.requests.empty()) {
    warn(console, "CMCRequest",
         std::string(settings.link_v2 ? "popLinkWitnessV2" : "popLinkWitness") +
             ".enable=true has no effect: there is no request to tie to the secret");
    return Bytes{};
  }
  auto random = TRY(client::make_link_random(console.surroundings.random));
  const bool has_secret = !settings.secret.empty() || !settings.identity_secret.empty();
  if (settings.link_v1 && (!settings.key_id || !has_secret)) {
    warn(console, "CMCRequest",
         "popLinkWitness.enable=true: the requests get no witness without request.privKeyId and "
         "witness.sharedSecret; popLinkRandom goes alone");
    return random;
  }
  TRY(tie_all(inputs, settings, random, database, console));
  return random;
}

Result<Bytes> first_key(const std::vector<RequestItem>& requests) {
  client::BodyPartIds ids;
  const auto items = TRY(client::tag_requests({requests.front()}, ids));
  return items.front().key.subject_public_key.octets;
}

}  // namespace

Result<Bytes> make_enrollment_message(const RequestSettings& settings, KeyDatabase& database,
                                      Console& console) {
  const auto key = TRY(MessageKey::find(settings, database));
  auto inputs = TRY(read_inputs(settings));
  auto& requests = inputs.requests;
  TRY(make_distinct(requests, database));
  auto link_random = TRY(link(inputs, settings, database, console));
  const auto public_key = requests.empty() ? Bytes{} : TRY(first_key(requests));
  const ControlScene scene{settings, std::move(link_random),
                           requests.empty() ? nullptr : &public_key, console.surroundings.random};
  const IdentityProof proof{settings};
  client::MessageParts parts;
  parts.controls = TRY(leading_controls(scene));
  parts.requests = std::move(requests);
  parts.more_controls = TRY(following_controls(scene));
  if (const auto wanted = proof.wanted()) parts.identity_proof.emplace(*wanted);
  return key.sign(TRY(client::compose_message(parts)));
}

}  // namespace signet::dogtag
