#pragma once

#include "codec/asn1/writer.h"
#include "codec/pkix/certificate.h"

namespace signet::pkix {

/// Writes a TBSCertList whose entries come one after another and are nowhere kept as values: a CRL
/// of a million entries is its octets, once more while they are put together. Same octets as
/// write_tbs_cert_list.
class TbsCertListWriter {
 public:
  /// All of `head` but its entries.
  explicit TbsCertListWriter(TBSCertList head) : head_(std::move(head)) {}

  /// `extensions_der`: crlEntryExtensions as write_entry_extensions makes them; empty: none.
  void add(const Integer& user_certificate, Time revocation_date, ByteView extensions_der);
  [[nodiscard]] std::size_t entries() const { return count_; }
  /// Once, at the end.
  Bytes finish(const Extensions& crl_extensions);

 private:
  TBSCertList head_;
  asn1::Writer entries_;
  std::size_t count_ = 0;
};

/// Extensions, whole DER.
Bytes write_entry_extensions(const Extensions& extensions);

}  // namespace signet::pkix
