#pragma once

#include "codec/asn1/whole.h"
#include "codec/asn1/writer.h"

/// One attrValue of a control: how all of them are read and written. For the sources of this room.
namespace signet::cmc {

/// Reads all of `der`. PKIData may be BER, so its values may be too.
template <typename Read>
auto read_value(ByteView der, Read&& read) {
  return asn1::read_whole(der, asn1::Limits::ber(), std::forward<Read>(read));
}

/// The same for values whose names, keys and extensions go into certificates, which are DER.
template <typename Read>
auto read_der_value(ByteView der, Read&& read) {
  return asn1::read_whole(der, asn1::Limits::der(), std::forward<Read>(read));
}

template <typename Write>
Bytes write_value(Write&& write) {
  asn1::Writer writer;
  write(writer);
  return std::move(writer).take();
}

/// A SEQUENCE whose fields are what `write_fields` writes.
template <typename Write>
Bytes write_sequence_value(Write&& write_fields) {
  return write_value([&](asn1::Writer& writer) { writer.sequence([&] { write_fields(writer); }); });
}

}  // namespace signet::cmc
