#include "apps/folder/certificate_pages.h"

namespace signet::tool {

using store::CertificateRecord;

CertificatePages::CertificatePages(const store::CertificateStore& store,
                                   store::CertificateStore::Query query)
    : store_(store), query_(std::move(query)), length_(query_.most) {}

Result<std::vector<CertificateRecord>> CertificatePages::next() {
  std::vector<CertificateRecord> fresh;
  while (!over_ && fresh.empty()) {
    auto page = TRY(store_.find_certificates(query_));
    over_ = page.size() < query_.most;
    const auto shown = of_last_second_;
    if (!over_) turn(page);
    std::erase_if(page, [&](const auto& record) { return shown.contains(record.serial_number); });
    fresh = std::move(page);
  }
  return fresh;
}

void CertificatePages::turn(const std::vector<CertificateRecord>& page) {
  const auto last_second = page.back().issued_at;
  const bool holds_no_other = page.front().issued_at == last_second;
  query_.most = holds_no_other ? query_.most * 2 : length_;
  query_.issued_to = last_second + std::chrono::seconds{1};
  if (last_second_ != last_second) of_last_second_.clear();
  last_second_ = last_second;
  for (const auto& record : page) {
    if (record.issued_at == last_second) of_last_second_.insert(record.serial_number);
  }
}

}  // namespace signet::tool
