#include "codec/pkix/general_name.h"

#include <gtest/gtest.h>

#include "codec/asn1/whole.h"
#include "support/octets.h"

namespace signet::pkix {
namespace {

using test::hex;

Result<GeneralName> general_name_in(std::string_view octets) {
  return asn1::read_whole(hex(octets), asn1::Limits::der(),
                          [](asn1::Reader& reader) { return read_general_name(reader); });
}

Fault fault_of(std::string_view octets) {
  const auto name = general_name_in(octets);
  if (name.ok()) ADD_FAILURE() << octets << " is accepted";
  return name.ok() ? Fault::internal : name.error().fault;
}

Bytes written(const GeneralName& name) {
  asn1::Writer writer;
  write_general_name(writer, name);
  return std::move(writer).take();
}

struct Sample {
  const char* octets;
  GeneralName name;
  const char* text;
};

std::vector<Sample> samples() {
  return {
      {"A00B 06032A0304 A004 0C024142", OtherName{Oid{"1.2.3.4"}, hex("0C024142")},
       "other:1.2.3.4=#0c024142"},
      {"8103 614062", Rfc822Name{"a@b"}, "email:a@b"},
      {"8203 612E62", DnsName{"a.b"}, "DNS:a.b"},
      {"A302 0500", UnreadName{hex("A3020500")}, "unread:#a3020500"},
      {"A410 300E 310C 300A 0603550403 0C03 416C65", name_from_text("CN=Ale").value(),
       "DirName:CN=Ale"},
      {"A502 0500", UnreadName{hex("A5020500")}, "unread:#a5020500"},
      {"8604 783A2F2F", UniformResourceIdentifier{"x://"}, "URI:x://"},
      {"8704 C0000207", IpAddress{hex("C0000207")}, "IP:192.0.2.7"},
      {"8803 2A0304", RegisteredId{Oid{"1.2.3.4"}}, "OID:1.2.3.4"},
  };
}

TEST(GeneralName, IsReadWrittenAndPrintedInEveryForm) {
  for (const auto& sample : samples()) {
    const auto name = general_name_in(sample.octets);
    ASSERT_TRUE(name.ok()) << sample.text << ": " << name.error().detail;
    EXPECT_EQ(*name, sample.name) << sample.text;
    EXPECT_EQ(written(*name), hex(sample.octets)) << sample.text;
    EXPECT_EQ(to_text(*name), sample.text);
  }
}

TEST(ReadGeneralName, RefusesWhatIsNoneOfTheChoices) {
  EXPECT_EQ(fault_of(""), Fault::malformed);
  EXPECT_EQ(fault_of("8903 2A0304"), Fault::malformed);
  EXPECT_EQ(fault_of("0C03 612E62"), Fault::malformed);
  EXPECT_EQ(fault_of("4203 612E62"), Fault::malformed);
  EXPECT_EQ(fault_of("A203 0C0161"), Fault::malformed);  // dNSName constructed
  EXPECT_EQ(fault_of("840E 310C 300A 0603550403 0C0341"), Fault::malformed);
}

TEST(ReadGeneralName, RefusesDirectoryNamesWithoutTheirOwnTag) {
  EXPECT_EQ(fault_of("A40E 310C 300A 0603550403 0C03 416C65"), Fault::malformed);
  EXPECT_EQ(fault_of("A404 3000 3000"), Fault::trailing_data);
}

TEST(ReadGeneralName, RefusesNamesWithInvisibleCharacters) {
  EXPECT_EQ(fault_of("8203 610062"), Fault::malformed);
  EXPECT_EQ(fault_of("8203 61E962"), Fault::malformed);
  EXPECT_EQ(fault_of("8103 610A62"), Fault::malformed);
  EXPECT_EQ(fault_of("8603 617F62"), Fault::malformed);
}

TEST(ReadGeneralName, RefusesAddressesOfOtherSizes) {
  EXPECT_EQ(fault_of("8703 C00002"), Fault::malformed);
  EXPECT_EQ(fault_of("8700"), Fault::malformed);
  EXPECT_EQ(fault_of("8708 C0000200 FFFFFF00"), Fault::malformed);
}

TEST(ReadGeneralName, ReadsAddressesWithMasksInConstraintsOnly) {
  const auto range = [](std::string_view octets) {
    return asn1::read_whole(hex(octets), asn1::Limits::der(), [](asn1::Reader& reader) {
      return read_general_name(reader, IpAddressForm::range);
    });
  };
  EXPECT_EQ(to_text(range("8708 C0000200 FFFFFF00").value()), "IP:192.0.2.0/255.255.255.0");
  EXPECT_EQ(range("8704 C0000207").error().fault, Fault::malformed);
}

TEST(ReadGeneralName, RefusesOtherNamesWithoutExplicitValue) {
  EXPECT_EQ(fault_of("A009 06032A0304 0C024142"), Fault::malformed);
  EXPECT_EQ(fault_of("A005 06032A0304"), Fault::malformed);
  EXPECT_EQ(fault_of("A007 06032A0304 A000"), Fault::malformed);
  EXPECT_EQ(fault_of("A00B 06032A0304 A004 0500 0500"), Fault::trailing_data);
}

TEST(ReadGeneralNames, RefusesAnEmptyList) {
  const auto names = asn1::read_whole(hex("3000"), asn1::Limits::der(), [](asn1::Reader& reader) {
    return read_general_names(reader);
  });
  EXPECT_EQ(names.error().fault, Fault::malformed);
}

TEST(GeneralNameText, ShortensIPv6AddressesAsRFC5952Says) {
  const auto text = [](std::string_view octets) { return to_text(IpAddress{hex(octets)}); };
  EXPECT_EQ(text("20010DB8000000000000000000000001"), "IP:2001:db8::1");
  EXPECT_EQ(text("00000000000000000000000000000000"), "IP:::");
  EXPECT_EQ(text("00000000000000000000000000000001"), "IP:::1");
  EXPECT_EQ(text("20010DB8000000010000000000000000"), "IP:2001:db8:0:1::");
  EXPECT_EQ(text("20010DB8000000010001000100010001"), "IP:2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(text("20010000000000010000000000000001"), "IP:2001:0:0:1::1");
  EXPECT_EQ(text("00010000000000020000000000030004"), "IP:1::2:0:0:3:4");
  EXPECT_EQ(text("C000"), "IP:#c000");
}

TEST(SameNames, ComparesSetsWithHostsInAnyCase) {
  const GeneralNames left = {DnsName{"Host.Example"}, Rfc822Name{"Alice@Example.ORG"},
                             DnsName{"host.example"}};
  EXPECT_TRUE(same_names(left, {Rfc822Name{"Alice@example.org"}, DnsName{"HOST.example"}}));
  EXPECT_TRUE(same_names({}, {}));
}

TEST(SameNames, TellsMailboxesAndFormsApart) {
  EXPECT_FALSE(same_names({Rfc822Name{"Alice@example.org"}}, {Rfc822Name{"alice@example.org"}}));
  EXPECT_FALSE(same_names({DnsName{"a.b"}}, {UniformResourceIdentifier{"a.b"}}));
  EXPECT_FALSE(same_names({DnsName{"a.b"}}, {DnsName{"a.b"}, DnsName{"c.d"}}));
  EXPECT_FALSE(
      same_names({UniformResourceIdentifier{"http://A"}}, {UniformResourceIdentifier{"http://a"}}));
}

}  // namespace
}  // namespace signet::pkix
