#include "codec/pkix/distribution_point.h"

#include "codec/asn1/whole.h"
#include "codec/asn1/writer.h"
#include "codec/pkix/sequence_of.h"

namespace signet::pkix {
namespace {

using asn1::context_constructed;
using asn1::Limits;
using asn1::Reader;
using asn1::Writer;

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] … }
/// under [0]. None when it is absent or relative.
Result<GeneralNames> read_full_name(Reader& fields) {
  auto choice = TRY(fields.enter_optional(context_constructed(0)));
  if (!choice || !choice->next_is(context_constructed(0))) return GeneralNames{};
  auto names = TRY(read_general_names(*choice, context_constructed(0)));
  TRY(choice->finish());
  return names;
}

Result<IssuingDistributionPoint> read_issuing_point(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  const bool has_name = fields.next_is(context_constructed(0));
  IssuingDistributionPoint point;
  point.full_name = TRY(read_full_name(fields));
  point.narrowed = !fields.at_end() || (has_name && point.full_name.empty());
  return point;
}

/// Empty for one of certain reasons, or of another issuer.
Result<GeneralNames> read_point(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  auto names = TRY(read_full_name(fields));
  return fields.at_end() ? names : GeneralNames{};
}

Result<std::vector<GeneralNames>> read_points(Reader& reader) {
  auto points = TRY(read_sequence_of(reader, read_point));
  std::erase_if(points, [](const GeneralNames& names) { return names.empty(); });
  return points;
}

}  // namespace

Result<IssuingDistributionPoint> read_issuing_distribution_point(ByteView extn_value) {
  return asn1::read_whole(extn_value, Limits::der(), read_issuing_point);
}

Bytes write_issuing_distribution_point(const GeneralNames& full_name) {
  Writer writer;
  writer.sequence([&] {
    writer.constructed(context_constructed(0),
                       [&] { write_general_names(writer, full_name, context_constructed(0)); });
  });
  return std::move(writer).take();
}

Result<std::vector<GeneralNames>> read_crl_distribution_points(ByteView extn_value) {
  return asn1::read_whole(extn_value, Limits::der(), read_points);
}

}  // namespace signet::pkix
