#include "apps/dogtag/request_files.h"

#include "apps/tool/message_file.h"

namespace signet::dogtag {
namespace {

using client::RequestForm;
using client::RequestItem;

Result<std::vector<RequestItem>> read_crmf(ByteView octets) {
  std::vector<RequestItem> items;
  for (auto& message : TRY(crmf::read_cert_req_messages(octets))) {
    items.push_back({RequestForm::crmf, std::move(message.der)});
  }
  return items;
}

Result<std::vector<RequestItem>> read_as(ByteView octets, RequestForm form) {
  if (form == RequestForm::crmf) return read_crmf(octets);
  const auto request = TRY(pkix::read_certification_request(octets));
  return std::vector<RequestItem>{{RequestForm::pkcs10, request.der}};
}

}  // namespace

Result<std::vector<RequestItem>> read_request_file(const std::string& path, RequestForm form,
                                                   std::string_view advice) {
  const auto octets = TRY(tool::read_message_file(path));
  auto items = read_as(octets, form);
  if (items.ok()) return items;
  const bool crmf = form == RequestForm::crmf;
  if (read_as(octets, crmf ? RequestForm::pkcs10 : RequestForm::crmf).ok()) {
    return Error{Fault::malformed, path + " holds a " + (crmf ? "PKCS#10" : "CRMF") +
                                       " request: " + std::string(advice)};
  }
  return Error{items.error().fault, path + " holds no " + (crmf ? "CRMF" : "PKCS#10") +
                                        " request: " + items.error().detail};
}

}  // namespace signet::dogtag
