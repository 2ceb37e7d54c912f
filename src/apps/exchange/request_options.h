#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/pkix/general_name.h"

namespace signet::tool {

/// How a certification request travels.
enum class Form {
  pkcs10,  ///< a PKCS#10 in a Full PKI Request
  crmf,    ///< a CertReqMsg in a Full PKI Request
  simple,  ///< the PKCS#10 alone: a Simple PKI Request
};

/// What the key is for.
enum class KeyUse {
  signing,     ///< it signs its request
  encryption,  ///< it decrypts only: it opens a challenge, in a second round
};

/// What is asked for and where the results go, as the command line says it.
struct RequestOptions {
  std::optional<std::string> subject;  ///< none: the signer's own, or the one a secret stands for
  std::vector<std::string> alternative_names;
  pkix::GeneralNames more_names = {};      ///< besides: those of a certificate to be renewed
  std::optional<std::string> new_subject;  ///< asked for by changeSubjectName, like the next
  std::vector<std::string> new_alternative_names = {};
  std::string key_kind = "ec:p256";
  std::string key_file;             ///< an existing key instead of a new one
  std::string key_passphrase_file;  ///< protects the new key, or opens the existing one
  Form form = Form::pkcs10;
  KeyUse key_use = KeyUse::signing;
  bool through_ra = false;             ///< a registration authority says who asks
  std::string revocation_secret_file;  ///< registers this secret; empty: none
  std::string encrypt_to;  ///< the authority's encryption certificate; empty: not encrypted
  std::string output;      ///< folder for all files
  std::string out_key;     ///< or each file by name
  std::string out_certificate;
  std::string out_chain;
};
void add_request_options(CLI::App& command, RequestOptions& options);
void add_output_options(CLI::App& command, RequestOptions& options);

/// Where each file goes.
struct OutputPaths {
  std::string key;
  std::string certificate;
  std::string chain;     ///< empty: not written, which is said
  std::string request;   ///< .crq, or .p10 for a Simple PKI Request
  std::string exchange;  ///< .json
  std::string response;  ///< .crp, or .p7c for an answer to a Simple PKI Request
  std::string pending;   ///< .json, when the request waits for a decision
};
/// The same for the second round of an exchange: answer.crq, answer.json, answer.crp beside the
/// first round's files. What waits is asked for as after the first.
OutputPaths second_round_paths(OutputPaths paths);
/// Faults: bad_configuration when nothing says where the files go.
Result<void> check_output(const RequestOptions& options);
/// In the folder `output` (made when it is not there): key.pem, certificate.pem, chain.pem,
/// request.crq, exchange.json, response.crp; or the names given, the message's files beside the
/// certificate, or the key where that is no file. Faults: as check_output; bad_configuration where
/// they have no place beside a file, storage_failed.
Result<OutputPaths> output_paths(const RequestOptions& options);

/// "DNS:host.example", "IP:192.0.2.1", "email:a@b.example", "URI:https://…", "DirName:CN=…",
/// "OID:1.2.3"; the word before the colon in any case. Faults: malformed.
Result<pkix::GeneralName> general_name_from_text(const std::string& text);

}  // namespace signet::tool
