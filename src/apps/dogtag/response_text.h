#pragma once

#include <ostream>

#include "apps/dogtag/response_file.h"

namespace signet::dogtag {

/// "pop required", as the originals name a status.
std::string_view status_name(cmc::CMCStatus status);
/// "1 2": the body parts that a status names.
std::string body_list_text(const std::vector<cmc::BodyPartReference>& references);

/// Octets that CMCRequest is to give back: the text that they are, else hexadecimal after "0x".
std::string octets_text(ByteView octets);

/// The certificates of an answer, for people.
void print_certificates(std::ostream& out, const std::vector<pkix::Certificate>& certificates);
/// Its controls in the words of the originals, which scripts look for. Faults: malformed.
Result<void> print_controls(std::ostream& out, const cmc::PKIResponse& response);

}  // namespace signet::dogtag
