#include "adapters/takeover/directory_entry.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::takeover {
namespace {

using test::unwrap;

const ToUtc kUtc = [](Time written) { return written; };

ldif::Attribute attribute(std::string name, std::string_view value, std::string options = {}) {
  return {std::move(name), std::move(options), to_bytes(value), false};
}

TEST(DirectoryEntry, NumbersHaveTheirLengthBeforeThem) {
  EXPECT_EQ(unwrap(read_number("017")), "7");
  EXPECT_EQ(unwrap(read_number("0517389")), "17389");
  EXPECT_EQ(unwrap(read_number("49" + std::string(48, '1') + "2")), std::string(48, '1') + "2");
  EXPECT_EQ(unwrap(read_number("010")), "0");
  for (const auto* wrong :
       {"", "0", "01", "7", "0217389", "0617389", "05-7389", "0x17", "05 7389"}) {
    EXPECT_EQ(read_number(wrong).error().fault, Fault::malformed) << wrong;
  }
}

TEST(DirectoryEntry, DatesAreTurnedToUtc) {
  EXPECT_EQ(to_text(unwrap(read_date("20261123144620Z", kUtc))), "2026-11-23T14:46:20Z");
  const ToUtc an_hour_ahead = [](Time written) { return written - std::chrono::hours{1}; };
  EXPECT_EQ(to_text(unwrap(read_date("20260101003000Z", an_hour_ahead))), "2025-12-31T23:30:00Z");
  for (const auto* wrong :
       {"", "20261123144620", "2026112314462Z", "20261323144620Z", "20260230000000Z",
        "20261123244620Z", "2026112314462xZ", "20261123144620Z;"}) {
    EXPECT_EQ(read_date(wrong, kUtc).error().fault, Fault::malformed) << wrong;
  }
}

TEST(DirectoryEntry, RevocationInfoIsADateAndExtensions) {
  const auto at = unwrap(read_date("20260101000000Z", kUtc));
  EXPECT_EQ(unwrap(read_revocation_info("20260101000000Z", kUtc)), (RevocationInfo{at}));
  EXPECT_EQ(unwrap(read_revocation_info("20260101000000Z;CRLReasonExtension=1;Other=x;"
                                        "InvalidityDateExtension=20251231000000Z",
                                        kUtc)),
            (RevocationInfo{at, 1, at - std::chrono::days{1}}));
  for (const auto* wrong :
       {"", "CRLReasonExtension=1", "20260101000000Z;CRLReasonExtension=",
        "20260101000000Z;CRLReasonExtension=-1", "20260101000000Z;InvalidityDateExtension=x"}) {
    EXPECT_EQ(read_revocation_info(wrong, kUtc).error().fault, Fault::malformed) << wrong;
  }
}

TEST(DirectoryEntry, IsOfTheKindThatItsClassSays) {
  ldif::Entry entry;
  EXPECT_EQ(kind_of(entry), EntryKind::other);
  entry.attributes = {attribute("objectclass", "top"), attribute("objectclass", "Request"),
                      attribute("objectclass", "extensibleObject")};
  EXPECT_EQ(kind_of(entry), EntryKind::request);
  entry.attributes = {attribute("objectclass", "certificateRecord")};
  EXPECT_EQ(kind_of(entry), EntryKind::certificate);
  entry.attributes.insert(entry.attributes.begin(), attribute("objectclass", "nsTombstone"));
  EXPECT_EQ(kind_of(entry), EntryKind::deleted);
}

TEST(DirectoryEntry, PassesOverValuesThatAReplicaRemembersAsDeleted) {
  ldif::Entry entry;
  entry.attributes = {attribute("metainfo", "requestId:1", ";vucsn-5a;deleted"),
                      attribute("metainfo", "requestId:2", ";vucsn-5b"),
                      attribute("certstatus", "VALID", ";deletedattribute;deleted"),
                      attribute("revinfo", "", "")};
  entry.attributes.back().is_too_long = true;
  EXPECT_EQ(meta_info(entry, "requestId"), "2");
  EXPECT_EQ(meta_info(entry, "request"), "");
  EXPECT_EQ(text_of(entry, "certstatus"), "");
  EXPECT_EQ(find(entry, "revinfo"), nullptr);
  EXPECT_EQ(find(entry, "metainfo", "vucsn-5b")->text(), "requestId:2");
}

}  // namespace
}  // namespace signet::takeover
