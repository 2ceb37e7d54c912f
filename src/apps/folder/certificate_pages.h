#pragma once

#include <set>
#include <vector>

#include "store/certificate_store.h"

namespace signet::tool {

/// A walk through the certificates of a store, newest first and a page at a time: each once, and
/// none left out that stood there when it began, whatever a server issues meanwhile. Holds one
/// page; a longer one only where so many were issued in one second.
class CertificatePages {
 public:
  /// `query.most`: how long a page is, at least one. The store outlives the walk.
  CertificatePages(const store::CertificateStore& store, store::CertificateStore::Query query);

  /// The next ones; empty when there are no more. Faults: storage_failed.
  Result<std::vector<store::CertificateRecord>> next();

 private:
  /// After this page. Those of its last second may go on in the next one.
  void turn(const std::vector<store::CertificateRecord>& page);

  const store::CertificateStore& store_;
  store::CertificateStore::Query query_;
  const std::size_t length_;
  std::optional<Time> last_second_;
  std::set<store::Integer> of_last_second_;
  bool over_ = false;
};

}  // namespace signet::tool
