#include "codec/pkix/name.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "support/octets.h"

namespace signet::pkix {
namespace {

using test::hex;

Result<Name> read(std::string_view octets) {
  return asn1::read_whole(hex(octets), asn1::Limits::der(), read_name);
}

Fault fault_of(const Result<Name>& name) {
  if (name.ok()) ADD_FAILURE() << "accepted: " << to_text(*name);
  return name.ok() ? Fault::internal : name.error().fault;
}

Name name_of(std::string_view text) {
  auto name = name_from_text(text);
  if (!name.ok()) ADD_FAILURE() << text << ": " << name.error().detail;
  return name.ok() ? *name : Name{};
}

/// A name of one CN whose value has this tag and contents.
Name cn(std::uint8_t tag, ByteView contents) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.set_of([&] {
      writer.sequence([&] {
        writer.oid(oid::kCommonName);
        writer.primitive(asn1::universal(tag), contents);
      });
    });
  });
  return asn1::read_whole(writer.view(), asn1::Limits::der(), read_name).value();
}
Name cn(std::uint8_t tag, std::string_view contents) {
  return cn(tag, as_bytes(contents));
}

TEST(ReadName, KeepsTheOctetsAndTheOrderReceived) {
  const auto* octets = "301A 310B 3009 0603550406 1302 4445 310B 3009 0603550403 0C02 4142";
  const auto name = read(octets).value();
  EXPECT_EQ(name.der(), hex(octets));
  ASSERT_EQ(name.rdns().size(), 2U);
  EXPECT_EQ(name.rdns()[0][0].type, oid::kCountryName);
  EXPECT_EQ(name.rdns()[0][0].string_tag, asn1::kPrintableString);
  EXPECT_EQ(name.last(oid::kCommonName), "AB");
  EXPECT_EQ(name.last(oid::kOrganizationName), "");
}

TEST(ReadName, ReadsTheNullName) {
  const auto name = read("3000").value();
  EXPECT_TRUE(name.empty());
  EXPECT_EQ(name, Name{});
}

TEST(ReadName, RefusesAnEmptyRDN) {
  EXPECT_EQ(fault_of(read("3002 3100")), Fault::malformed);
}

TEST(ReadName, RefusesAttributesWithoutValueOrWithTwo) {
  EXPECT_EQ(fault_of(read("3009 3107 3005 0603550403")), Fault::malformed);
  EXPECT_EQ(fault_of(read("300F 310D 300B 0603550403 0C0141 0C0141")), Fault::trailing_data);
}

TEST(ReadName, RefusesStringsWithForeignCharacters) {
  EXPECT_EQ(fault_of(read("300D 310B 3009 0603550403 0C02 FF41")), Fault::malformed);  // UTF8String
  EXPECT_EQ(fault_of(read("300D 310B 3009 0603550403 1302 4180")), Fault::malformed);  // Printable
  EXPECT_EQ(fault_of(read("300D 310B 3009 0603550403 1302 4100")), Fault::malformed);
  EXPECT_EQ(fault_of(read("300D 310B 3009 0603550403 1602 4180")), Fault::malformed);  // IA5
  EXPECT_EQ(fault_of(read("300C 310A 3008 0603550403 1E01 41")), Fault::malformed);    // BMP
  EXPECT_EQ(fault_of(read("300D 310B 3009 0603550403 1C02 0041")), Fault::malformed);  // Universal
}

TEST(ReadName, ToleratesVisibleAsciiInPrintableString) {
  EXPECT_TRUE(read("300F 310D 300B 0603550403 1304 402A5F26").ok());  // @*_&
}

TEST(ReadName, RefusesOtherThanVisibleAsciiInStringsOfIt) {
  for (const std::string tag : {"12", "13", "1A"}) {
    EXPECT_TRUE(read("300C 310A 3008 0603550403" + tag + "0137").ok()) << tag;
    EXPECT_EQ(fault_of(read("300C 310A 3008 0603550403" + tag + "0107")), Fault::malformed) << tag;
  }
}

TEST(ReadName, ToleratesASetInAnyOrder) {
  EXPECT_TRUE(read("3018 3116 3009 0603550407 0C02 4242 3009 0603550403 0C02 4141").ok());
}

TEST(NameAttributeText, TurnsEveryStringTypeToUTF8) {
  for (const auto of_ascii : Bytes{12, 18, 19, 22, 26}) {
    EXPECT_EQ(cn(of_ascii, "7").last(oid::kCommonName), "7") << int{of_ascii};
  }
  EXPECT_EQ(cn(12, "M\u00fcller").last(oid::kCommonName), "M\u00fcller");
  EXPECT_EQ(cn(20, "M\xfcller").last(oid::kCommonName), "M\u00fcller");
  EXPECT_EQ(cn(30, hex("004D 00FC 20AC")).last(oid::kCommonName), "M\u00fc\u20ac");
  EXPECT_EQ(cn(28, hex("0000004D 0001F600")).last(oid::kCommonName), "M\U0001F600");
  EXPECT_EQ(cn(30, hex("D83D")).last(oid::kCommonName), "\uFFFD");
  EXPECT_EQ(cn(2, hex("05")).last(oid::kCommonName), "#020105");
}

TEST(NameLast, TakesTheMostSpecificOne) {
  EXPECT_EQ(name_of("CN=low,CN=high,O=x").last(oid::kCommonName), "low");
}

TEST(NameFromText, WritesTheLastRDNFirst) {
  EXPECT_EQ(to_hex(name_of("CN=A,C=DE").der()),
            "3019310b3009060355040613024445310a300806035504030c0141");
  const auto name = name_of("CN=Alice,OU=people,O=Example");
  ASSERT_EQ(name.rdns().size(), 3U);
  EXPECT_EQ(name.rdns().front()[0].type, oid::kOrganizationName);
  EXPECT_EQ(name.rdns().back()[0].text(), "Alice");
}

TEST(NameFromText, ChoosesTheStringTypeByAttribute) {
  const auto tag_of = [](std::string_view text) {
    return name_of(text).rdns().at(0).at(0).string_tag;
  };
  EXPECT_EQ(tag_of("C=DE"), asn1::kPrintableString);
  EXPECT_EQ(tag_of("serialNumber=7"), asn1::kPrintableString);
  EXPECT_EQ(tag_of("dnQualifier=7"), asn1::kPrintableString);
  EXPECT_EQ(tag_of("DC=example"), asn1::kIa5String);
  EXPECT_EQ(tag_of("E=a@example.org"), asn1::kIa5String);
  EXPECT_EQ(tag_of("CN=DE"), asn1::kUtf8String);
  EXPECT_EQ(tag_of("1.2.3.4=x"), asn1::kUtf8String);
}

TEST(NameFromText, KnowsTheKeywordsOfDogtagsTools) {
  const auto name =
      name_of("MAIL=a@example.org,UNSTRUCTUREDNAME=box 1,UnstructuredAddress=10.0.0.1");
  const auto& rdns = name.rdns();
  ASSERT_EQ(rdns.size(), 3U);
  EXPECT_EQ(rdns[2][0].type.to_text(), "0.9.2342.19200300.100.1.3");
  EXPECT_EQ(rdns[2][0].string_tag, asn1::kIa5String);
  EXPECT_EQ(rdns[1][0].type.to_text(), "1.2.840.113549.1.9.2");
  EXPECT_EQ(rdns[1][0].string_tag, asn1::kIa5String);
  EXPECT_EQ(rdns[0][0].type.to_text(), "1.2.840.113549.1.9.8");
  EXPECT_EQ(rdns[0][0].string_tag, asn1::kPrintableString);
  EXPECT_EQ(to_text(name),
            "MAIL=a@example.org,unstructuredName=box 1,unstructuredAddress=10.0.0.1");
  EXPECT_EQ(name_of("unstructuredName=Zo\u00eb").rdns()[0][0].string_tag, asn1::kUtf8String);
  for (const auto* text : {"T=x", "G=x", "unstructured=x"}) {  // of neither Dogtag nor NSS
    EXPECT_EQ(fault_of(name_from_text(text)), Fault::malformed) << text;
  }
}

TEST(NameFromText, ReadsKeywordsInAnyCaseAndDottedNumbers) {
  for (const auto* text : {"cn=A", "Cn=A", "commonname=A", "2.5.4.3=A", "OID.2.5.4.3=A",
                           "oid.2.5.4.3=A", " CN = A ", "CN=A "}) {
    EXPECT_EQ(name_of(text), name_of("CN=A")) << text;
  }
}

TEST(NameFromText, ResolvesEscapes) {
  const auto value_of = [](std::string_view text) { return name_of(text).last(oid::kCommonName); };
  EXPECT_EQ(value_of(R"(CN=Sue\, Grabbit and Runn)"), "Sue, Grabbit and Runn");
  EXPECT_EQ(value_of(R"(CN=\#x\+\"\\\<\>\;\=)"), R"(#x+"\<>;=)");
  EXPECT_EQ(value_of(R"(CN=Lu\C4\8Di\c4\87)"), "Lu\u010di\u0107");
  EXPECT_EQ(value_of(R"(CN=\20 a\ )"), "  a ");
  EXPECT_EQ(value_of("CN=a=b"), "a=b");
  EXPECT_EQ(value_of("CN=  a  b  "), "a  b");
}

TEST(NameFromText, ReadsRDNsOfSeveralAttributes) {
  const auto name = name_of("UID=jsmith+CN=J. Smith,O=Example");
  ASSERT_EQ(name.rdns().size(), 2U);
  EXPECT_EQ(name.rdns()[1].size(), 2U);
  EXPECT_EQ(name, name_of("CN=J. Smith+UID=jsmith,O=Example"));  // a SET: sorted
}

TEST(NameFromText, ReadsHexadecimalValues) {
  const auto name = name_of("1.3.6.1.4.1.1466.0=#04024869,CN=x");
  EXPECT_EQ(name.rdns()[1][0].string_tag, asn1::kOctetString);
  EXPECT_EQ(as_text(name.rdns()[1][0].value), "Hi");
  EXPECT_EQ(fault_of(name_from_text("CN=#0402486")), Fault::malformed);
  EXPECT_EQ(fault_of(name_from_text("CN=#04024")), Fault::malformed);
  EXPECT_EQ(fault_of(name_from_text("CN=#040348")), Fault::malformed);
  EXPECT_EQ(fault_of(name_from_text("CN=#0401486969")), Fault::trailing_data);
  EXPECT_EQ(fault_of(name_from_text("CN=#3003020205")), Fault::malformed) << "cut inside";
  EXPECT_EQ(fault_of(name_from_text("CN=#300402810105")), Fault::malformed) << "BER inside";
  EXPECT_EQ(fault_of(name_from_text("CN=#")), Fault::malformed);
  EXPECT_EQ(fault_of(name_from_text("CN=#zz")), Fault::malformed);
}

TEST(NameFromText, RefusesWhatIsNoName) {
  for (const auto* text : {"Alice",
                           "CN=Alice,",
                           "CN=Alice,,O=x",
                           ",CN=Alice",
                           "CN=Alice;O=x",
                           "CN=\"Alice\"",
                           "CN=a<b",
                           "CN=Alice\\",
                           "CN=Al\\ice",
                           "CN=\\C4",
                           "CN=",
                           "CN=+O=x",
                           "=x",
                           "nosuch=x",
                           "C=Germany",
                           "C=D\u00cb",
                           "serialNumber=a@b",
                           "DC=m\u00fcller",
                           "CN=Alice+",
                           "9.9=x"}) {
    EXPECT_EQ(fault_of(name_from_text(text)), Fault::malformed) << text;
  }
}

TEST(NameFromText, ReadsNothingAsTheNullName) {
  EXPECT_EQ(name_of(""), Name{});
  EXPECT_EQ(to_text(Name{}), "");
}

TEST(NameText, IsReadBackAsTheSameName) {
  for (const auto* text :
       {"CN=Alice,OU=people,O=Example,C=DE", R"(CN=a\,b\+c\"d\\e\<f\>g\;h=i)", R"(CN=\ a\ )",
        R"(CN=\#a)", R"(CN=a\00b\0a)", "CN=J. Smith+UID=jsmith,DC=example,DC=org",
        "E=a@example.org,SN=Doe,givenName=Jo,serialNumber=12", "1.2.3.4=#0c0141", "CN=#020105",
        "CN=M\u00fcller \u4e2d,L=K\u00f6ln,ST=NRW,STREET=x,title=y"}) {
    const auto name = name_of(text);
    EXPECT_EQ(to_text(name), text);
    EXPECT_EQ(name_of(to_text(name)), name);
  }
}

TEST(NamesMatch, FoldsCaseAndBlanksAndStringTypes) {
  EXPECT_TRUE(names_match(cn(12, "Alice  Smith"), cn(19, " alice smith ")));
  EXPECT_TRUE(names_match(cn(12, "M\u00fcller"), cn(20, "m\xfcller")));
  EXPECT_TRUE(names_match(cn(30, hex("0041")), cn(22, "a")));
  EXPECT_TRUE(names_match(Name{}, Name{}));
}

TEST(NamesMatch, TellsDifferentNamesApart) {
  EXPECT_FALSE(names_match(name_of("CN=Alice"), name_of("CN=Alic")));
  EXPECT_FALSE(names_match(name_of("CN=Alice"), name_of("O=Alice")));
  EXPECT_FALSE(names_match(name_of("CN=Alice,O=x"), name_of("O=x,CN=Alice")));
  EXPECT_FALSE(names_match(name_of("CN=Alice,O=x"), name_of("CN=Alice+O=x")));
  EXPECT_FALSE(names_match(name_of("CN=Alice"), Name{}));
  EXPECT_FALSE(names_match(name_of("CN=a b"), name_of("CN=ab")));
  EXPECT_FALSE(names_match(cn(12, "#020105"), cn(2, hex("05"))));
  EXPECT_FALSE(names_match(cn(12, hex("610062")), cn(12, "a")));
}

TEST(NamesMatch, TakesAnRDNAsASet) {
  const auto sorted = read("3018 3116 3009 0603550403 0C02 4141 3009 0603550407 0C02 4242").value();
  const auto unsorted =
      read("3018 3116 3009 0603550407 0C02 4242 3009 0603550403 0C02 6161").value();
  EXPECT_TRUE(names_match(sorted, unsorted));
  EXPECT_FALSE(names_match(name_of("CN=a+CN=a"), name_of("CN=a+CN=b")));
}

}  // namespace
}  // namespace signet::pkix
