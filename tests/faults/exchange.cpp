#include "faults/exchange.h"

#include "authority/agent_desk.h"
#include "client/answer_challenge.h"
#include "client/build_revocation.h"
#include "client/follow_up.h"
#include "client/read_response.h"
#include "codec/cmc/controls.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using client::SentRequest;
using cmc::CMCStatus;

constexpr const char* kAlice = "CN=Alice,O=Test";
constexpr const char* kSecret = "correct horse battery staple";
constexpr const char* kEncryptionProfile = "caFullCMCUserSignedEncryptionCert";
constexpr const char* kConfirmed = "caFullCMCUserSignedCert";

RandomSource& random() {
  return crypto::system_random();
}

/// A key, and the message that asks for its certificate.
struct Asking {
  std::shared_ptr<const crypto::PrivateKey> key;
  SentRequest sent;
};

Operation sending(Bytes octets, const Holder& over, std::string profile = "") {
  return [octets = std::move(octets), over, profile = std::move(profile)](TestAuthority& server) {
    authority::Inquiry inquiry;
    inquiry.octets = octets;
    inquiry.profile_id = profile;
    inquiry.peer = {over.certificate.der, "192.0.2.1"};
    Outcome outcome;
    outcome.answer = server.deliver_octets(std::move(inquiry));
    return outcome;
  };
}

Granted with_status(CMCStatus status) {
  return [status](const Outcome& outcome) {
    return outcome.told.kind != authority::ResponseKind::unable &&
           outcome.told.status.cmc_status == status;
  };
}

bool is_issued(const Outcome& outcome) {
  return outcome.told.issued();
}

bool is_challenge(const Outcome& outcome) {
  return cmc::find_control(outcome.told.controls, cmc::oid::kEncryptedPOP) != nullptr;
}

Asking ask(const Holder& signer,
           client::ShowPossession possession = client::ShowPossession::by_signature) {
  std::shared_ptr<const crypto::PrivateKey> key = unwrap(crypto::generate_private_key("ec:p256"));
  auto request =
      unwrap(client::make_certification_request({.subject = unwrap(pkix::name_from_text(kAlice)),
                                                 .subject_alt_names = {},
                                                 .extensions = {},
                                                 .key = *key,
                                                 .possession = possession}));
  auto sent = unwrap(
      client::make_full_request({.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                                 .data_return = std::nullopt,
                                 .more_controls = {},
                                 .signer = signer.certificate,
                                 .signer_key = *signer.key,
                                 .chain = {}},
                                random()));
  return {std::move(key), std::move(sent)};
}

/// A message of controls alone, in the transaction of another.
Bytes follow(const Holder& signer, std::vector<cmc::TaggedAttribute> controls,
             const SentRequest& first) {
  const client::Ongoing within{first.transaction_id, {}};
  return unwrap(client::make_full_request({.requests = {},
                                           .data_return = std::nullopt,
                                           .more_controls = std::move(controls),
                                           .signer = signer.certificate,
                                           .signer_key = *signer.key,
                                           .chain = {},
                                           .within = &within},
                                          random()))
      .octets;
}

/// Enrolls; none when it was not granted.
std::optional<Holder> enroll(const Holder& signer, const Perform& perform,
                             const Granted& granted = is_issued) {
  const auto asking = ask(signer);
  const auto done = perform(sending(asking.sent.octets, signer), granted);
  if (!done) return std::nullopt;
  return Holder{asking.key, done->told.certificates.at(0)};
}

bool enroll_once(const Estate& estate, const Perform& perform) {
  return enroll(estate.alice, perform).has_value();
}

bool enroll_by_secret_of(const std::string& identification, const Estate& estate,
                         const Perform& perform) {
  const SecretBytes secret{std::string_view(kSecret)};
  const client::SecretHolder holder{identification, secret};
  const auto key = unwrap(crypto::generate_private_key("ec:p256"));
  const auto link = unwrap(client::make_link_random(random()));
  auto request = unwrap(client::make_certification_request(
      {.subject = unwrap(pkix::name_from_text("CN=Bob,O=Test")),
       .subject_alt_names = {},
       .extensions = {},
       .key = *key,
       .link_witness =
           unwrap(client::make_link_witness(holder, link, client::LinkKey::of_secret))}));
  const auto sent = unwrap(
      client::make_secret_request({.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                                   .data_return = std::nullopt,
                                   .more_controls = {},
                                   .key = *key,
                                   .holder = holder,
                                   .link_random = link},
                                  random()));
  return perform(sending(sent.octets, estate.alice), is_issued).has_value();
}

bool enroll_by_secret(const Estate& estate, const Perform& perform) {
  return enroll_by_secret_of("bob", estate, perform);
}

bool enroll_by_another_secret(const Estate& estate, const Perform& perform) {
  return enroll_by_secret_of("bob, again", estate, perform);
}

/// The answer to the challenge; none when this does not open it.
std::optional<SentRequest> answer(const Estate& estate, const Asking& asked,
                                  const Outcome& challenge) {
  const auto trust = unwrap(proof::Trust::make(estate.chain, {}));
  const auto now = FixedClock().now();
  const auto checked = client::read_response(challenge.answer.octets, asked.sent, trust, now);
  if (!checked.ok() || checked->challenges.empty()) return std::nullopt;
  auto answered =
      unwrap(client::answer_challenge(checked->challenges[0], asked.sent, *asked.key, random()));
  const client::Continuation continues{
      asked.sent, checked->sender_nonce, checked->request_id, {std::move(answered)}};
  return unwrap(client::make_full_request({.requests = {},
                                           .data_return = std::nullopt,
                                           .more_controls = {},
                                           .signer = estate.alice.certificate,
                                           .signer_key = *estate.alice.key,
                                           .chain = {},
                                           .continues = &continues},
                                          random()));
}

bool enroll_in_two_rounds(const Estate& estate, const Perform& perform) {
  const auto asked = ask(estate.alice, client::ShowPossession::by_challenge);
  const auto challenged =
      perform(sending(asked.sent.octets, estate.alice, kEncryptionProfile), is_challenge);
  if (!challenged) return false;
  const auto second = answer(estate, asked, *challenged);
  if (!second) return false;
  return perform(sending(second->octets, estate.alice, kEncryptionProfile), is_issued).has_value();
}

bool renew(const Estate& estate, const Perform& perform) {
  const auto first = enroll(estate.alice, perform);
  return first && enroll(*first, perform);
}

bool revoke(const Estate& estate, const Perform& perform) {
  const auto own = enroll(estate.alice, perform);
  if (!own) return false;
  const auto message = unwrap(client::make_revocation_request(
      {.revocations = {{.issuer = own->certificate->issuer,
                        .serial_number = own->certificate->serial_number,
                        .reason = pkix::CRLReason::keyCompromise}},
       .signer = own->certificate,
       .signer_key = *own->key,
       .chain = {}},
      random()));
  if (!perform(sending(message.octets, *own), with_status(CMCStatus::success))) return false;
  const auto is_refused_as_revoked = [](const Outcome& outcome) {
    return !outcome.told.issued() && outcome.told.text().find("revoked") != std::string::npos;
  };
  return perform(sending(ask(*own).sent.octets, *own), is_refused_as_revoked).has_value();
}

Operation deciding(const Holder& agent, Bytes id) {
  return [agent, id = std::move(id)](TestAuthority& server) {
    const proof::Peer peer{agent.certificate.der, "192.0.2.9"};
    Outcome outcome;
    auto decided = server.desk().decide(peer, {id, true, {}, "known"});
    // Who asks again after an answer that was lost looks first, as an agent would.
    if (!decided.ok()) decided = server.desk().show(peer, id);
    if (decided.ok()) outcome.decided = decided->state;
    return outcome;
  };
}

bool wait_for_approval(const Estate& estate, const Perform& perform) {
  const auto asked = ask(estate.alice);
  const auto pending =
      perform(sending(asked.sent.octets, estate.alice, "extra"), with_status(CMCStatus::pending));
  if (!pending) return false;
  const auto info = std::get<cmc::PendInfo>(pending->told.status.other_info.value());
  const auto is_granted = [](const Outcome& outcome) {
    return outcome.decided == store::PendingState::granted;
  };
  if (!perform(deciding(estate.agent, info.pend_token), is_granted)) return false;
  const auto poll = follow(estate.alice, client::poll_controls(info.pend_token), asked.sent);
  return perform(sending(poll, estate.alice), is_issued).has_value();
}

bool confirm(const Estate& estate, const Perform& perform) {
  const auto asked = ask(estate.alice);
  const auto granted = perform(sending(asked.sent.octets, estate.alice, kConfirmed),
                               with_status(CMCStatus::confirmRequired));
  if (!granted) return false;
  const auto taken = client::confirmation_controls(granted->told.certificates.at(0), true);
  const auto message = follow(estate.alice, taken, asked.sent);
  return perform(sending(message, estate.alice), with_status(CMCStatus::success)).has_value();
}

/// The agent's message around these.
Bytes forwarding(const Holder& agent, const std::vector<Bytes>& messages) {
  cmc::PKIDataParts parts;
  cmc::BodyPartList items;
  for (const auto& message : messages) {
    items.push_back(cmc::BodyPartID{static_cast<std::uint32_t>(items.size() + 1)});
    parts.cms_sequence.push_back({items.back(), unwrap(cms::read_content_info(message))});
  }
  parts.control_sequence = {
      control(91, cmc::oid::kSenderNonce, cmc::write_octets_value(unwrap(random().octets(32)))),
      control(90, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(items))};
  auto message = full_request({agent.key, agent.certificate}, {});
  message.content = cmc::write_pki_data(parts);
  return message.encode();
}

/// What a client is handed on of an answer to what was forwarded: the first message's.
Operation sending_forwarded(Bytes octets, const Holder& agent) {
  return [send = sending(std::move(octets), agent)](TestAuthority& server) {
    auto outcome = send(server);
    auto& answer = outcome.answer;
    if (answer.kind != authority::ResponseKind::full) return outcome;
    auto told = read_told(answer, {});
    if (!told.messages.empty()) answer.octets = std::move(told.messages.front().content_info.der);
    return outcome;
  };
}

/// Two messages of one batch, of which the second is refused.
bool enroll_through_agent(const Estate& estate, const Perform& perform) {
  auto spoiled = ask(estate.alice).sent.octets;
  spoiled.back() = static_cast<std::uint8_t>(spoiled.back() ^ 1);
  const auto batch = forwarding(estate.agent, {ask(estate.alice).sent.octets, spoiled});
  return perform(sending_forwarded(batch, estate.agent), is_issued).has_value();
}

TestAuthority::Choices with_approval() {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  TestAuthority::Choices choices;
  choices.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
  return choices;
}

TestAuthority::Choices with_confirmation() {
  TestAuthority::Choices choices;
  choices.settings.confirmed_profiles = {kConfirmed};
  return choices;
}

TestAuthority::Choices with_intent() {
  TestAuthority::Choices choices;
  choices.settings.record_intent = true;
  return choices;
}

}  // namespace

std::vector<Exchange> all_exchanges() {
  return {{"user-signed enrollment", 1, {}, enroll_once},
          {"enrollment with intent", 1, with_intent(), enroll_once},
          {"shared secret", 1, {}, enroll_by_secret, enroll_by_another_secret},
          {"encrypted POP", 1, {}, enroll_in_two_rounds},
          {"renewal", 2, {}, renew},
          {"revocation", 1, {}, revoke},
          {"approval", 1, with_approval(), wait_for_approval},
          {"confirmation", 1, with_confirmation(), confirm},
          {"forwarded by an agent", 1, {}, enroll_through_agent}};
}

std::shared_ptr<FakeSecretSource> known_secrets() {
  auto secrets = std::make_shared<FakeSecretSource>();
  for (const auto* identification : {"bob", "bob, again"}) {
    secrets->entries[identification] = {kSecret, "CN=Bob,O=Test", {}, 1};
  }
  return secrets;
}

}  // namespace signet::test
