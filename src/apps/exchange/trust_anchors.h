#pragma once

#include <string>

#include "apps/tool/context.h"
#include "client/published_anchors.h"
#include "client/read_response.h"

namespace signet::tool {

/// Where trust anchors go.
struct AnchorFiles {
  std::string anchors;  ///< --ca: what is trusted now
  std::string out;      ///< the same with the new ones; may be the same file, whose old one stays
};

/// Adds those of a set that are not trusted yet, and remembers in `ANCHORS.anchors.json` the number
/// of the last set of each authority that was accepted. What was added; none where all are there
/// already, and then nothing is written. Faults: replayed (a set that is not newer),
/// bad_configuration (anchors in what is no file: nothing can be remembered beside it), those of
/// files.
Result<std::vector<pkix::Certificate>> accept_anchors(const AnchorFiles& files,
                                                      const client::PublishedAnchors& published,
                                                      Time now);

/// Whether the first anchors may go there: neither the file nor the memory beside it is there.
/// Faults: already_exists.
Result<void> check_is_new(const std::string& file);
/// Where nothing was trusted yet: a new file with those of a set, and the memory beside it. Faults:
/// those of check_is_new and of files.
Result<void> write_first_anchors(const std::string& file, const client::PublishedAnchors& published,
                                 Time now);

enum class AnchorUse { tell, accept };
/// What an answer says of trust anchors: told; by its signature also accepted into the file
/// `anchors`, under a secret not: a registration authority may know that, and would get round what
/// is demanded of a signed announcement. One that is not to be believed is told and passed over.
/// Faults: as accept_anchors.
Result<void> take_anchors(const client::CheckedResponse& checked, const std::string& anchors,
                          AnchorUse use, Context& context, Time now);

/// "subject, until …, SHA-256 …", for a person to compare.
std::string anchor_text(const pkix::Certificate& anchor);

}  // namespace signet::tool
