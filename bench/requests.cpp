#include "requests.h"

#include <algorithm>

#include "adapters/files/file.h"
#include "client/answer_challenge.h"
#include "client/follow_up.h"
#include "client/read_response.h"
#include "filled_store.h"

namespace signet::bench {

Requester::Requester(const Trial& trial, Way way, std::uint64_t certificates)
    : trial_(trial),
      way_(way),
      certificates_(certificates),
      certificate_file_(way == Way::agent ? "agent.pem" : "user/certificate.pem"),
      key_file_(way == Way::agent ? "agent.key" : "user/key.pem"),
      certificate_(certificate_in(trial.file(certificate_file_))),
      key_(demand(crypto::read_private_key(demand(files::read_file(trial.file(key_file_)), "key"),
                                           SecretBytes()),
                  "key")),
      secret_(demand(files::read_passphrase_file(trial.file("user.secret")), "secret")),
      trust_(demand(proof::Trust::make({certificate_in(trial.file("ca.pem"))}, {}), "trust")) {}

std::unique_ptr<http::Transport> Requester::connect() const {
  return trial_.connect_as(certificate_file_, key_file_);
}

std::size_t Requester::keys_of_message() const {
  return way_ == Way::agent ? kRequestsOfAgent : 1;
}

Enrollment Requester::ask(FreshKeys& fresh, std::uint64_t number) const {
  if (way_ == Way::lookup) return {{}, ask_for_certificate(number)};
  std::vector<std::unique_ptr<crypto::PrivateKey>> keys;
  std::vector<client::RequestItem> requests;
  for (std::size_t at = 0; at < keys_of_message(); ++at) {
    keys.push_back(fresh.make());
    if (way_ != Way::secret) requests.push_back(request_for(*keys.back()));
  }
  auto sent =
      way_ == Way::secret ? ask_by_secret(*keys.front()) : sign(std::move(requests), nullptr);
  return {std::move(keys), std::move(sent)};
}

bool Requester::is_found_in(ByteView response) const {
  const auto wanted =
      certificates_ == 0
          ? certificate_.der
          : made_up_certificate(1, store::CertificateStatus::valid).certificate_der;  // all alike
  return std::search(response.begin(), response.end(), wanted.begin(), wanted.end()) !=
         response.end();
}

client::RequestItem Requester::request_for(const crypto::PrivateKey& key) const {
  const auto possession = way_ == Way::challenge ? client::ShowPossession::by_challenge
                                                 : client::ShowPossession::by_signature;
  return {client::RequestForm::pkcs10,
          demand(client::make_certification_request({.subject = certificate_->subject,
                                                     .subject_alt_names = {},
                                                     .extensions = {},
                                                     .key = key,
                                                     .possession = possession}),
                 "request")};
}

client::SentRequest Requester::answer(const Enrollment& asked, ByteView response) const {
  const auto checked =
      demand(client::read_response(response, asked.sent, trust_, SystemClock().now()), "response");
  auto answered = demand(client::answer_challenge(checked.challenges.at(0), asked.sent,
                                                  *asked.keys.front(), crypto::system_random()),
                         "challenge");
  const client::Continuation continues{
      asked.sent, checked.sender_nonce, checked.request_id, {std::move(answered)}};
  return sign({}, &continues);
}

client::SentRequest Requester::ask_by_secret(const crypto::PrivateKey& key) const {
  auto& random = crypto::system_random();
  const client::SecretHolder holder{Trial::kIdentification, secret_};
  const auto link = demand(client::make_link_random(random), "random");
  auto request = demand(
      client::make_certification_request(
          {.subject = certificate_->subject,
           .subject_alt_names = {},
           .extensions = {},
           .key = key,
           .link_witness = demand(
               client::make_link_witness(holder, link, client::LinkKey::of_secret), "witness")}),
      "request");
  return demand(
      client::make_secret_request({.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                                   .data_return = std::nullopt,
                                   .more_controls = {},
                                   .key = key,
                                   .holder = holder,
                                   .link_random = link},
                                  random),
      "message");
}

client::SentRequest Requester::ask_for_certificate(std::uint64_t number) const {
  // A stride without a factor in common with round numbers, so that neighbours in time are none in
  // the store.
  constexpr std::uint64_t kStride = 7'919;
  const auto serial_number = certificates_ == 0
                                 ? certificate_->serial_number
                                 : made_up_certificate(1 + number * kStride % certificates_,
                                                       store::CertificateStatus::valid)
                                       .serial_number;
  return sign({}, nullptr, client::get_certificate_controls(certificate_->issuer, serial_number));
}

client::SentRequest Requester::sign(std::vector<client::RequestItem> requests,
                                    const client::Continuation* continues,
                                    std::vector<cmc::TaggedAttribute> controls) const {
  return demand(client::make_full_request({.requests = std::move(requests),
                                           .data_return = std::nullopt,
                                           .more_controls = std::move(controls),
                                           .signer = certificate_,
                                           .signer_key = *key_,
                                           .chain = {},
                                           .continues = continues},
                                          crypto::system_random()),
                "message");
}

}  // namespace signet::bench
