#include "codec/pkix/tbs_cert_list_writer.h"

namespace signet::pkix {

void TbsCertListWriter::add(const Integer& user_certificate, Time revocation_date,
                            ByteView extensions_der) {
  entries_.sequence([&] {
    entries_.integer(user_certificate);
    entries_.time(revocation_date);
    entries_.raw(extensions_der);
  });
  ++count_;
}

Bytes TbsCertListWriter::finish(const Extensions& crl_extensions) {
  asn1::Writer front;
  if (head_.version > 1) front.integer(head_.version - 1);
  write_algorithm_identifier(front, head_.signature);
  write_name(front, head_.issuer);
  front.time(head_.this_update);
  if (head_.next_update) front.time(*head_.next_update);

  asn1::Writer back;
  if (!crl_extensions.empty()) {
    back.constructed(asn1::context_constructed(0), [&] { write_extensions(back, crl_extensions); });
  }
  const auto entries = std::move(entries_).take();
  if (entries.empty()) return asn1::joined(asn1::kSequence, {front.view(), back.view()});
  const auto header = asn1::header_of(asn1::kSequence, entries.size());
  return asn1::joined(asn1::kSequence, {front.view(), header, entries, back.view()});
}

Bytes write_entry_extensions(const Extensions& extensions) {
  asn1::Writer writer;
  write_extensions(writer, extensions);
  return std::move(writer).take();
}

}  // namespace signet::pkix
