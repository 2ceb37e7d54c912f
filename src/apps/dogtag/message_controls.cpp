#include "apps/dogtag/message_controls.h"

#include "codec/cmc/oids.h"

namespace signet::dogtag {
namespace {

using client::WantedControl;
namespace oid = cmc::oid;

constexpr std::size_t kNonceOctets = 32;
constexpr std::size_t kTransactionOctets = 16;

/// Dogtag's server reads a bare Name here and no GeneralName; ours reads both.
Bytes write_get_cert(const CertificateName& wanted) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_name(writer, wanted.issuer);
    writer.integer(wanted.serial_number);
  });
  return std::move(writer).take();
}

/// A text's octets as a number; without one, a digest of the first request's key, so that the same
/// request has the same transaction; without a request, at random.
Result<asn1::Integer> make_transaction_id(const ControlScene& scene) {
  const auto& text = scene.settings.transaction_id.text;
  if (!text.empty()) return asn1::Integer::from_unsigned(as_bytes(text));
  auto octets = scene.first_key != nullptr ? crypto::sha256(*scene.first_key)
                                           : TRY(scene.random.octets(kTransactionOctets));
  octets.resize(kTransactionOctets);
  return asn1::Integer::from_unsigned(octets);
}

void add_text(std::vector<WantedControl>& controls, const asn1::Oid& type,
              const std::optional<std::string>& text) {
  if (text) controls.push_back({type, cmc::write_octets_value(as_bytes(*text))});
}

}  // namespace

Result<Bytes> make_sender_nonce(std::string_view text, RandomSource& random) {
  if (!text.empty()) return to_bytes(text);
  return random.octets(kNonceOctets);
}

void add_identification(const RequestSettings& settings, std::vector<WantedControl>& controls) {
  const auto& identification = settings.identification;
  if (!identification) return;
  controls.push_back({oid::kIdentification, cmc::write_utf8_value(*identification)});
}

Result<std::vector<WantedControl>> leading_controls(const ControlScene& scene) {
  const auto& settings = scene.settings;
  std::vector<WantedControl> controls;
  if (const auto& accepted = settings.confirm_cert_acceptance) {
    controls.push_back({oid::kConfirmCertAcceptance,
                        cmc::write_cmc_cert_id({accepted->issuer, accepted->serial_number})});
  }
  if (settings.lra_pop_witness) {
    controls.push_back({oid::kLraPOPWitness, cmc::write_lra_pop_witness(
                                                 {cmc::kThisPKIData, *settings.lra_pop_witness})});
  }
  if (settings.get_cert) {
    controls.push_back({oid::kGetCert, write_get_cert(*settings.get_cert)});
  }
  add_text(controls, oid::kDataReturn, settings.data_return);
  if (settings.sender_nonce.enabled) {
    const auto nonce = TRY(make_sender_nonce(settings.sender_nonce.text, scene.random));
    controls.push_back({oid::kSenderNonce, cmc::write_octets_value(nonce)});
  }
  add_text(controls, oid::kRegInfo, settings.reg_info);
  add_text(controls, oid::kQueryPending, settings.query_pending);
  if (!scene.link_random.empty()) {
    controls.push_back({oid::kPopLinkRandom, cmc::write_octets_value(scene.link_random)});
  }
  return controls;
}

Result<std::vector<WantedControl>> following_controls(const ControlScene& scene) {
  std::vector<WantedControl> controls;
  if (scene.settings.transaction_id.enabled) {
    const auto id = TRY(make_transaction_id(scene));
    controls.push_back({oid::kTransactionId, cmc::write_integer_value(id)});
  }
  add_identification(scene.settings, controls);
  return controls;
}

}  // namespace signet::dogtag
