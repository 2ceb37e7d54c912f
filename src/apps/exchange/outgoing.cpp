#include "apps/exchange/outgoing.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/exchange/exchange_file.h"
#include "client/encryption.h"
#include "client/follow_up.h"
#include "codec/pkix/certification_request.h"
#include "codec/pkix/oids.h"
#include "proof/identity/revocation_verifier.h"
#include "proof/identity/token_rules.h"

namespace signet::tool {
namespace {

constexpr cmc::BodyPartID kOnlyRequest{1};  // RFC 10002 §6.1.1 for a Simple PKI Request

/// What was asked for, else the signer's own, else the NULL name: whom a shared secret stands for,
/// the authority knows.
Result<pkix::Name> wanted_subject(const RequestOptions& options, const Requester& requester) {
  if (options.subject) {
    auto subject = pkix::name_from_text(*options.subject);
    if (subject.ok()) return subject;
    return Error{subject.error().fault, "--subject: " + subject.error().detail};
  }
  if (requester.signer) return requester.signer->certificate->subject;
  if (requester.secret) return pkix::Name{};
  return Error{Fault::bad_configuration, "nobody to ask for: give a --subject"};
}

/// A key that only decrypts says so; for what one that signs may be used, the profile decides.
pkix::Extensions wanted_usage(KeyUse use, crypto::KeyKind kind) {
  if (use == KeyUse::signing) return {};
  pkix::KeyUsage usage;
  usage.bits =
      static_cast<std::uint16_t>(kind == crypto::KeyKind::rsa ? pkix::KeyUsageBit::keyEncipherment
                                                              : pkix::KeyUsageBit::keyAgreement);
  return {{pkix::oid::kKeyUsage, true, pkix::write_key_usage(usage)}};
}

Result<pkix::GeneralNames> names_from_text(const std::vector<std::string>& texts,
                                           const std::string& option) {
  pkix::GeneralNames names;
  for (const auto& text : texts) {
    auto name = general_name_from_text(text);
    if (!name.ok()) return Error{name.error().fault, option + ": " + name.error().detail};
    names.push_back(std::move(name).value());
  }
  return names;
}

/// What changeSubjectName asks for; none when the options name nothing new.
Result<std::optional<cmc::ChangeSubjectName>> new_names(const RequestOptions& options) {
  if (!options.new_subject && options.new_alternative_names.empty()) {
    return std::optional<cmc::ChangeSubjectName>{};
  }
  cmc::ChangeSubjectName wanted;
  if (options.new_subject && !options.new_subject->empty()) {
    auto subject = pkix::name_from_text(*options.new_subject);
    if (!subject.ok()) {
      return Error{subject.error().fault, "--new-subject: " + subject.error().detail};
    }
    wanted.subject = std::move(subject).value();
  }
  auto names = TRY(names_from_text(options.new_alternative_names, "--new-san"));
  if (!names.empty()) wanted.subject_alt = std::move(names);
  if (wanted.subject || wanted.subject_alt) return std::optional{std::move(wanted)};
  return Error{Fault::bad_configuration,
               "--new-subject is empty and there is no --new-san: a certificate names somebody"};
}

Result<client::WantedCertificate> wanted_certificate(const RequestOptions& options,
                                                     const crypto::PrivateKey& key,
                                                     const Requester& requester) {
  auto subject = TRY(wanted_subject(options, requester));
  auto names = options.more_names;
  for (auto& name : TRY(names_from_text(options.alternative_names, "--san"))) {
    names.push_back(std::move(name));
  }
  auto changed_names = TRY(new_names(options));
  return client::WantedCertificate{.subject = std::move(subject),
                                   .subject_alt_names = std::move(names),
                                   .extensions = wanted_usage(options.key_use, key.kind()),
                                   .key = key,
                                   .possession = show_possession(options.key_use),
                                   .new_names = std::move(changed_names)};
}

Result<client::RequestItem> certification_request_item(Form form,
                                                       const client::WantedCertificate& wanted) {
  if (form == Form::crmf) {
    auto message = TRY(client::make_cert_req_msg(wanted, kOnlyRequest));
    return client::RequestItem{client::RequestForm::crmf, std::move(message)};
  }
  auto request = TRY(client::make_certification_request(wanted));
  return client::RequestItem{client::RequestForm::pkcs10, std::move(request)};
}

/// A Simple PKI Request has no controls: nothing but the key ties the answer to it.
client::SentRequest simple_request(Bytes certification_request, const crypto::PrivateKey& key) {
  client::SentRequest sent;
  sent.octets = std::move(certification_request);
  sent.request_ids = {kOnlyRequest};
  sent.keys = {key.public_key_info()};
  return sent;
}

/// Registers the hash of a secret by which the certificate may be revoked later.
Result<std::vector<cmc::TaggedAttribute>> registration_of(const RequestOptions& options,
                                                          RandomSource& random) {
  std::vector<cmc::TaggedAttribute> controls;
  if (options.revocation_secret_file.empty()) return controls;
  const auto secret =
      TRY(read_shared_secret({.identity = {}, .secret_file = options.revocation_secret_file}));
  TRY(proof::check_chosen_secret(secret, ""));
  const auto verifier = TRY(proof::make_revocation_verifier(secret, random));
  controls.push_back(client::revocation_secret_control(verifier));
  return controls;
}

/// What a Full PKI Request is made of: requests, or the continuation of a transaction.
struct Contents {
  std::vector<client::RequestItem> requests;
  client::ShowPossession possession = client::ShowPossession::by_signature;
  const client::Continuation* continues = nullptr;
  std::vector<cmc::TaggedAttribute> more_controls = {};
};

Result<client::SentRequest> full_request(Contents contents, const crypto::PrivateKey& key,
                                         const Requester& requester, RandomSource& random) {
  if (requester.secret) {
    return client::make_secret_request(
        {.requests = std::move(contents.requests),
         .data_return = std::nullopt,
         .more_controls = std::move(contents.more_controls),
         .key = key,
         .holder = requester.secret->holder(),
         .link_random = requester.secret->link_random,
         .in_authenticated_data = requester.secret->authenticated_data,
         .possession = contents.possession,
         .continues = contents.continues,
         .wants_anchors = requester.secret->wants_anchors && contents.continues == nullptr},
        random);
  }
  if (!requester.signer) {
    return client::make_unproven_request({.requests = std::move(contents.requests),
                                          .more_controls = std::move(contents.more_controls),
                                          .key = key,
                                          .possession = contents.possession,
                                          .continues = contents.continues},
                                         random);
  }
  const auto& signer = *requester.signer;
  return client::make_full_request({.requests = std::move(contents.requests),
                                    .data_return = std::nullopt,
                                    .more_controls = std::move(contents.more_controls),
                                    .signer = signer.certificate,
                                    .signer_key = *signer.key,
                                    .chain = signer.chain,
                                    .continues = contents.continues},
                                   random);
}

/// Nobody but the registration authority says who asks, and nothing but the request whom for.
Result<void> check_through_ra(const RequestOptions& options, const SignerOptions& signer,
                              const SecretOptions& secret) {
  if (names_signer(signer) || !secret.identity.empty()) {
    return Error{Fault::bad_configuration,
                 "--through-ra is for who has neither certificate nor secret: leave it out, or "
                 "--signer and --identity"};
  }
  if (options.form == Form::simple || !options.subject) {
    return Error{Fault::bad_configuration,
                 "--through-ra needs a --subject, and --form pkcs10 or crmf"};
  }
  return check_output(options);
}

}  // namespace

Result<std::unique_ptr<crypto::PrivateKey>> provide_key(const RequestOptions& options,
                                                        const OutputPaths& paths) {
  if (!options.key_file.empty()) {
    return read_key_file(options.key_file, options.key_passphrase_file);
  }
  const auto passphrase = TRY(read_passphrase(options.key_passphrase_file));
  std::error_code ignored;
  if (std::filesystem::exists(paths.key, ignored)) {
    return Error{Fault::already_exists, paths.key +
                                            " exists and is not written over: give it as "
                                            "--key-file, or choose another place"};
  }
  auto key = TRY(crypto::generate_private_key(options.key_kind));
  const auto pem = TRY(crypto::write_private_key(*key, passphrase));
  TRY(files::write_secret_file(paths.key, pem.view()));
  return key;
}

client::ShowPossession show_possession(KeyUse use) {
  return use == KeyUse::encryption ? client::ShowPossession::by_challenge
                                   : client::ShowPossession::by_signature;
}

Result<void> check_requester(const SignerOptions& signer, const SecretOptions& secret, Form form) {
  const bool has_secret = !secret.identity.empty();
  if (names_signer(signer) && has_secret) {
    return Error{Fault::bad_configuration,
                 "--identity and --signer are two ways to prove who asks: give one of them"};
  }
  if (has_secret && form == Form::simple) {
    return Error{Fault::bad_configuration,
                 "--form simple has no place for an identity proof: use pkcs10 or crmf"};
  }
  if (names_signer(signer)) return check_signer(signer);
  if (has_secret || form == Form::simple) return {};
  return Error{Fault::bad_configuration,
               "nothing says who asks: give --signer and --signer-key (or --signer-p12) for an "
               "existing certificate, or --identity for a shared secret"};
}

Result<void> check_request(const RequestOptions& options, const SignerOptions& signer,
                           const SecretOptions& secret) {
  if (options.through_ra) return check_through_ra(options, signer, secret);
  TRY(check_requester(signer, secret, options.form));
  if (options.form == Form::simple && options.key_use == KeyUse::encryption) {
    return Error{Fault::bad_configuration,
                 "--form simple has no place for a challenge: use pkcs10 or crmf"};
  }
  if (options.form == Form::simple && !names_signer(signer) && !options.subject) {
    return Error{Fault::bad_configuration, "--form simple needs a --subject"};
  }
  if (options.form == Form::simple && !options.revocation_secret_file.empty()) {
    return Error{Fault::bad_configuration,
                 "--form simple has no place for --revocation-secret-file: use pkcs10 or crmf"};
  }
  return check_output(options);
}

Result<void> check_request_files(const RequestOptions& options) {
  if (!options.encrypt_to.empty()) TRY(read_certificates_file(options.encrypt_to));
  if (options.revocation_secret_file.empty()) return {};
  TRY(read_shared_secret({.identity = {}, .secret_file = options.revocation_secret_file}));
  return {};
}

Result<Requester> find_requester(const SignerOptions& signer, const SecretOptions& secret,
                                 Form form, RandomSource& random) {
  TRY(check_requester(signer, secret, form));
  Requester requester;
  requester.secret = TRY(read_secret_proof(secret, random));
  if (names_signer(signer)) requester.signer = TRY(read_signer(signer));
  return requester;
}

Result<Outgoing> build_outgoing(const RequestOptions& options, const crypto::PrivateKey& key,
                                const Requester& requester, RandomSource& random) {
  auto wanted = TRY(wanted_certificate(options, key, requester));
  if (requester.secret && requester.secret->link_random) {
    const auto& proof = *requester.secret;
    wanted.link_witness =
        TRY(client::make_link_witness(proof.holder(), *proof.link_random, proof.link_key));
  }
  Outgoing outgoing;
  auto item = TRY(certification_request_item(options.form, wanted));
  if (item.form == client::RequestForm::pkcs10) outgoing.certification_request = item.der;
  if (options.form == Form::simple) {
    outgoing.sent = simple_request(std::move(item.der), key);
    return outgoing;
  }
  Contents contents;
  contents.requests.push_back(std::move(item));
  contents.possession = show_possession(options.key_use);
  contents.more_controls = TRY(registration_of(options, random));
  outgoing.sent = TRY(full_request(std::move(contents), key, requester, random));
  return outgoing;
}

Result<Outgoing> build_next(const client::Continuation& continues, const crypto::PrivateKey& key,
                            const Requester& requester, RandomSource& random) {
  Outgoing outgoing;
  outgoing.sent = TRY(full_request(
      {.requests = {}, .possession = client::ShowPossession::by_challenge, .continues = &continues},
      key, requester, random));
  return outgoing;
}

Result<client::SentRequest> build_message(const std::vector<cmc::TaggedAttribute>& controls,
                                          const client::Ongoing* within, const Requester& requester,
                                          RandomSource& random) {
  if (requester.signer) {
    const auto& signer = *requester.signer;
    return client::make_full_request({.requests = {},
                                      .data_return = std::nullopt,
                                      .more_controls = controls,
                                      .signer = signer.certificate,
                                      .signer_key = *signer.key,
                                      .chain = signer.chain,
                                      .within = within},
                                     random);
  }
  const auto no_key = TRY(crypto::generate_private_key("ed25519"));
  return client::make_secret_request({.requests = {},
                                      .data_return = std::nullopt,
                                      .more_controls = controls,
                                      .key = *no_key,
                                      .holder = requester.secret.value().holder(),
                                      .link_random = std::nullopt,
                                      .in_authenticated_data = true,
                                      .within = within},
                                     random);
}

Result<void> encrypt_outgoing(Outgoing& outgoing, const std::string& certificate_file,
                              RandomSource& random) {
  if (certificate_file.empty()) return {};
  const auto certificates = TRY(read_certificates_file(certificate_file));
  outgoing.sent.octets =
      TRY(client::encrypt_request(outgoing.sent.octets, certificates.front(), random));
  return {};
}

Result<void> save_outgoing(const Outgoing& outgoing, const OutputPaths& paths) {
  //= F02 RFC 10003 §4: the file is binary
  TRY(files::write_file(paths.request, outgoing.sent.octets));
  return files::write_file(paths.exchange, as_bytes(write_exchange(outgoing.sent)));
}

}  // namespace signet::tool
