#pragma once

#include <functional>
#include <optional>

#include "apps/exchange/not_yet_valid.h"
#include "apps/exchange/pending_file.h"
#include "apps/exchange/request_options.h"
#include "apps/tool/holder_files.h"
#include "apps/tool/report.h"
#include "base/clock.h"
#include "client/read_response.h"

namespace signet::tool {

/// What became of a renewal that was put where it belongs.
struct Placed {
  std::vector<std::string> set_aside = {};  ///< what stood in its way, under its new names
  /// The same of what asks for the rest of an earlier one: the pair, and the folder last.
  std::vector<std::string> earlier_rest = {};
  /// Why what asks for the rest of its request is lost; empty: it is not.
  std::string rest_lost = {};
  /// It waits for its beginning, and is in no place yet; none: it is in place.
  std::optional<PutOff> put_off = {};
};

/// Each tells it; nothing where it is empty.
void tell_rest_lost(std::ostream& err, const std::string& rest_lost);
void tell_earlier_rest(std::ostream& err, const std::vector<std::string>& earlier_rest);
/// All that was put aside.
Json set_aside_to_json(const Placed& placed);
/// Of a renewal in place: the new certificate serves, and whoever wants the rest asks as the old
/// one.
struct RestOfRenewal {
  const cmc::PendInfo& pend_info;
  const HolderFiles& files;   ///< where the renewal is in place
  const std::string& folder;  ///< where what asks for it is kept
};
/// Tells how it is asked for; nothing where it is lost, which is told otherwise.
void tell_rest(std::ostream& err, const RestOfRenewal& rest, const Placed& placed);
/// With the folder, unless it is lost.
Json to_json(const RestOfRenewal& rest, const Placed& placed);

/// A renewal in place: what an answer brings is written to files on the way, and put where it
/// belongs before the end is told.
struct InPlace {
  HolderFiles files;  ///< where it belongs
  std::function<Result<Placed>()> install;
  std::string if_refused = {};         ///< the next step where the request is refused for good
  std::function<void()> refused = {};  ///< called then
  /// The folder where `install` leaves what asks for the rest of a request (PendingAnswer).
  std::string rest_folder = {};
};

/// Tells the authority that the certificates of an answer are taken.
using Confirm = std::function<Result<void>(const client::CheckedResponse& checked)>;

/// Where an answer goes. References live for the call only.
struct AnswerPlace {
  const OutputPaths& paths;
  Time now;
  const InPlace* in_place = nullptr;
  const PendingAnswer* before = nullptr;  ///< what is asked after; null: this is the first answer
};

/// Tells the verdicts of an answer; when all was granted, writes certificate and chain (PEM) and
/// prints the certificate. Where it must be confirmed, `confirm` does that before anything is
/// written (RFC 10002 §6.14); without one, the user is told to. When the request waits for a
/// decision, writes what asks again (paths.pending) and ends with exit status 3; so does a
/// certificate whose rest comes later (status partial), once it is written, but not in place: what
/// was to be renewed is. Exit status 3 is that of a renewal, too, that cannot be in place
/// before its certificate begins. That a certificate begins later than now is told. A refusal is
/// reported (exit status 1, nothing written). Faults: as files::write_file; those of `confirm` and
/// of in_place.
Result<void> take_answer(const client::CheckedResponse& checked, const AnswerPlace& place,
                         Context& context, const Confirm& confirm = {});

/// `certificate`'s issuers as far as `pool` holds them, nearest first, each link's signature
/// verified.
std::vector<pkix::Certificate> issuers_of(const pkix::Certificate& certificate,
                                          const std::vector<pkix::Certificate>& pool);

}  // namespace signet::tool
