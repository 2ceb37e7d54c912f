#include "client/echo.h"

#include "client/one_control.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

template <typename Value>
Result<void> check_equal(const std::optional<Value>& told, const Value& sent, EchoMay may,
                         std::string_view name) {
  if (!told && may == EchoMay::lack_any) return {};
  if (told == sent) return {};
  return Error{Fault::replayed, "the " + std::string(name) + " of the answer " +
                                    (told ? "is not ours" : "is missing") +
                                    ": it answers another message. Send the request again; if it "
                                    "happens again, somebody may be replaying answers"};
}

}  // namespace

Result<Echo> read_echo(const std::vector<cmc::TaggedAttribute>& controls) {
  Echo echo;
  echo.transaction_id =
      TRY(read_control(controls, cmc::oid::kTransactionId, cmc::read_integer_value));
  echo.recipient_nonce =
      TRY(read_control(controls, cmc::oid::kRecipientNonce, cmc::read_octets_value));
  echo.data_return = TRY(read_control(controls, cmc::oid::kDataReturn, cmc::read_octets_value));
  return echo;
}

Result<void> check_echo(const Result<Echo>& echo, const SentRequest& sent, EchoMay may) {
  if (!asked_in_full(sent)) return {};
  if (!echo.ok()) return echo.error();
  //= E101 RFC 10002 §6.6: the answer belongs to our transaction
  TRY(check_equal(echo->transaction_id, sent.transaction_id, may, "transactionId"));
  //= E105 RFC 10002 §6.6: recipientNonce is compared with the senderNonce sent
  //= E102 RFC 10002 §6.6: which the server echoes
  TRY(check_equal(echo->recipient_nonce, sent.sender_nonce, may, "recipientNonce"));
  if (!sent.data_return) return {};
  return check_equal(echo->data_return, *sent.data_return, may, "dataReturn");
}

bool asked_in_full(const SentRequest& sent) {
  return !sent.sender_nonce.empty();
}

}  // namespace signet::client
