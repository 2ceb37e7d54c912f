#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/exchange/not_yet_valid.h"
#include "apps/tool/holder_files.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/cmc/status.h"
#include "codec/pkix/certificate.h"

namespace signet::tool {

/// CERT.renewal, where a renewal in place puts its files before they take the old ones' place.
std::string renewal_folder(const HolderFiles& files);

/// CERT.rest, where what asks for the rest of a renewal is kept whose certificate came before it
/// (RFC 10002 §6.1.3, partial).
std::string rest_folder(const HolderFiles& files);

/// Who left what lies in the renewal folder.
enum class LeftBy {
  this_run,     ///< just asked for and granted: it is newer, whatever the dates of both say
  earlier_run,  ///< or an agent since: another renewal may have been put in place meanwhile
};

enum class Installed {
  nothing,     ///< there is no renewal; one that has expired is none
  in_place,    ///< it stands in the place of the old pair
  put_off,     ///< it waits for its certificate to begin, and the old pair serves until then
  superseded,  ///< a newer pair stands already: it was left alone, and the folder cleared
};

struct Installation {
  Installed what = Installed::nothing;
  /// What stood where the new files were to be written first, under the name that it has now.
  std::vector<std::string> set_aside = {};
  /// What asks for the rest of an earlier renewal, where nobody has asked yet, and the pair that it
  /// is asked by, under the names that they have now: the folder last.
  std::vector<std::string> earlier_rest = {};
  /// What asks for the rest of the request, in rest_folder; none: nothing is to come.
  std::optional<cmc::PendInfo> rest = {};
  /// Why what asks for the rest of the request could not be kept, and is lost; empty: it is kept,
  /// or no rest is to come.
  std::string rest_lost = {};
  std::optional<PutOff> put_off = {};  ///< where it is
};

/// Puts the certificate that lies in the renewal folder, and its key, in the place of the old ones:
/// that of a renewal just done, of one that was broken off before its end, and of one that an agent
/// granted since. One that an earlier run left, and whose notBefore precedes that of the standing
/// certificate, replaces nothing unless that one lacks its key (a replacement was broken off), or
/// asked for it (the authority's clock went back).
/// One whose certificate begins later than now (begins_later) stays in the folder, with its rest,
/// until it begins, and replaces no pair that belongs together before that; where another pair than
/// the one that asked has come to stand there meanwhile, it is superseded.
/// What asks for the rest of its request goes to rest_folder; where it cannot, the renewal is in
/// place all the same. An earlier one's that waits there still is put aside before, with the pair
/// that the new `.old` would replace.
/// Nothing in the folder is removed before both have their place.
/// Faults: storage_failed; as read_certificates_file and read_key_file.
Result<Installation> install_renewal(const HolderFiles& files, LeftBy left_by, Time now);

/// Makes the folder anew and notes there which certificate asks, and for what: a text that says
/// what differs between two runs. Faults: storage_failed.
Result<void> begin_renewal(const HolderFiles& files, const pkix::Certificate& signer,
                           const std::string& wish);

/// Whether an earlier run's message for the same wish, by the certificate that stands there, lies
/// in the folder and may have been granted without anybody having been told: what came back for it
/// was lost. To ask anew would make another certificate. Not where its key cannot be read any more,
/// as by another passphrase since: what was granted would be of no use. Faults: as
/// read_certificates_file.
Result<bool> is_unanswered(const HolderFiles& files, const std::string& wish);

/// The message in the folder was refused for good: it is not sent again.
void give_up_wish(const HolderFiles& files);

/// Whether a renewal waits there for an agent's decision, with its key. Not one whose certificate
/// came with the first answer and was not written any more: the same message brings it once more.
bool waits_for_decision(const HolderFiles& files);

/// Whether another certificate than the one that begin_renewal noted stands there, with its key:
/// to that one the authority tells nothing of what waits. Where none was noted, it is the same.
/// Faults: as read_certificates_file and read_key_file.
Result<bool> is_asked_by_another(const HolderFiles& files);

/// Takes away what a renewal left that was cut off before its certificate came: all of it at once,
/// so that nothing of it is taken for a renewal when this is cut off too.
void clear_renewal(const HolderFiles& files);

}  // namespace signet::tool
