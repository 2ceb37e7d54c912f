#include "apps/dogtag/enrollment_message.h"
#include "apps/dogtag/message_controls.h"
#include "apps/dogtag/sign_message.h"
#include "codec/cmc/oids.h"

namespace signet::dogtag {
namespace {

cmc::RevokeRequest revoke_request(const RevocationSettings& settings, Time now) {
  cmc::RevokeRequest request;
  request.serial_number = settings.serial_number;
  request.reason = settings.reason;
  if (settings.issuer) request.issuer_name = *settings.issuer;
  if (settings.invalidity_date_present) request.invalidity_date = now;
  if (!settings.shared_secret.empty()) request.shared_secret = to_bytes(settings.shared_secret);
  if (!settings.comment.empty()) request.comment = settings.comment;
  return request;
}

Result<client::ComposedMessage> compose_revocation(const RequestSettings& settings,
                                                   const cmc::RevokeRequest& request,
                                                   RandomSource& random) {
  client::MessageParts parts;
  parts.controls = TRY(leading_controls({settings, Bytes{}, nullptr, random}));
  parts.controls.push_back({cmc::oid::kRevokeRequest, cmc::write_revoke_request(request)});
  return client::compose_message(parts);
}

/// The issuer of the certificate that signs, whatever the file says: so Dogtag has it.
Result<Bytes> make_signed_revocation(const RequestSettings& settings, cmc::RevokeRequest request,
                                     KeyDatabase& database, Console& console) {
  const auto key = TRY(MessageKey::find(settings, database));
  const auto& issuer = (*key.certificate())->issuer;
  if (settings.revocation->issuer && !pkix::names_match(issuer, *settings.revocation->issuer)) {
    warn(console, "CMCRequest",
         "revRequest.issuer is passed over: in a signed revocation it is the issuer of the "
         "certificate that signs, " +
             pkix::to_text(issuer));
  }
  request.issuer_name = issuer;
  return key.sign(TRY(compose_revocation(settings, request, console.surroundings.random)));
}

}  // namespace

Result<Bytes> make_revocation_message(const RequestSettings& settings, KeyDatabase& database,
                                      Console& console) {
  const auto& wanted = *settings.revocation;
  auto request = revoke_request(wanted, console.surroundings.clock.now());
  if (wanted.shared_secret.empty()) {
    return make_signed_revocation(settings, std::move(request), database, console);
  }
  const auto message = TRY(compose_revocation(settings, request, console.surroundings.random));
  return client::leave_unsigned(message.pki_data, wanted.unsigned_form);
}

}  // namespace signet::dogtag
