#include "apps/upkeep/sealed_stream.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "crypto/digest.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;

class SealedStream : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::unique_ptr<SealedWriter>> writer_of_it() const {
    return SealedWriter::create(TRY(files::Replacement::beside(path)), path, passphrase,
                                crypto::system_random());
  }
  void write(const std::vector<Bytes>& pieces) {
    const auto writer = unwrap(writer_of_it());
    for (const auto& piece : pieces) ASSERT_TRUE(writer->write(piece).ok());
    ASSERT_TRUE(writer->finish().ok());
  }
  [[nodiscard]] Bytes file() const { return unwrap(files::read_file(path)); }
  void put(const Bytes& octets) const { ASSERT_TRUE(files::write_file(path, octets).ok()); }
  /// What reading all of so many octets gives.
  Result<Bytes> read(std::size_t octets) const {
    const auto reader = TRY(SealedReader::open(path, passphrase));
    auto all = TRY(reader->read(octets));
    if (!TRY(reader->at_end())) return Error{Fault::internal, "there is more"};
    return all;
  }

  test::TemporaryFolder folder;
  std::string path = folder / "sealed";
  SecretBytes passphrase{std::string_view("a passphrase of some length")};
};

TEST_F(SealedStream, GivesBackWhatWasWrittenOverManyPieces) {
  const Bytes large(3 * 1024 * 1024 + 17, 0x5A);
  write({large});
  EXPECT_EQ(unwrap(read(large.size())), large);
  write({});
  EXPECT_EQ(unwrap(read(0)), Bytes{});
  const Bytes exact(1024 * 1024, 1);
  write({exact});
  EXPECT_EQ(unwrap(read(exact.size())), exact);
}

TEST_F(SealedStream, ReadsLines) {
  write({to_bytes(std::string_view("first\nsecond\nrest"))});
  const auto reader = unwrap(SealedReader::open(path, passphrase));
  EXPECT_EQ(unwrap(reader->read_line()), "first");
  EXPECT_EQ(unwrap(reader->read_line()), "second");
  EXPECT_EQ(reader->read_line().error().fault, Fault::malformed);
}

TEST_F(SealedStream, WritesNoLineThatWouldNotBeRead) {
  const std::string longest(64UL * 1024, 'x');
  const auto writer = unwrap(writer_of_it());
  ASSERT_TRUE(writer->write_line(longest).ok());
  EXPECT_EQ(writer->write_line(longest + "x").error().fault, Fault::too_large);
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(unwrap(unwrap(SealedReader::open(path, passphrase))->read_line()), longest);
}

TEST_F(SealedStream, OpensWithItsPassphraseAlone) {
  write({Bytes(100, 1)});
  const SecretBytes other(std::string_view("a passphrase of some lengtH"));
  EXPECT_EQ(unwrap(SealedReader::open(path, other))->read(1).error().fault,
            Fault::decryption_failed);
}

TEST_F(SealedStream, RefusesAnyChangedOctet) {
  write({Bytes(100, 1)});
  const auto good = file();
  for (const std::size_t at : {std::size_t{20}, good.size() - 100, good.size() - 1}) {
    auto changed = good;
    changed[at] ^= 1;
    put(changed);
    EXPECT_FALSE(read(100).ok()) << at;
  }
}

TEST_F(SealedStream, RefusesAnEndThatComesTooEarlyOrTooLate) {
  constexpr std::size_t kPiece = 1024 * 1024;
  write({Bytes(kPiece + 1, 1)});
  const auto good = file();
  auto cut = good;
  cut.resize(good.size() - 34);  // without the last piece, of one octet
  put(cut);
  const auto reader = unwrap(SealedReader::open(path, passphrase));
  EXPECT_TRUE(reader->read(kPiece).ok());
  EXPECT_EQ(reader->at_end().error().fault, Fault::malformed);
  auto longer = good;
  longer.push_back(0);
  put(longer);
  EXPECT_EQ(read(kPiece + 1).error().fault, Fault::trailing_data);
}

TEST_F(SealedStream, RefusesPiecesInAnotherOrder) {
  constexpr std::size_t kPiece = 1024 * 1024;
  constexpr std::size_t kHead = 16 + 16;
  constexpr std::size_t kSealed = 4 + kPiece + 29;
  write({Bytes(2 * kPiece + 1, 1)});
  auto swapped = file();
  std::swap_ranges(swapped.begin() + kHead, swapped.begin() + kHead + kSealed,
                   swapped.begin() + kHead + kSealed);
  put(swapped);
  EXPECT_EQ(read(1).error().fault, Fault::decryption_failed);
}

TEST_F(SealedStream, LeavesNothingWhereItWasBrokenOff) {
  {
    const auto writer = unwrap(writer_of_it());
    ASSERT_TRUE(writer->write(Bytes(10, 1)).ok());
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(SealedStream, IsForItsOwnerAlone) {
  write({});
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(SealedStream, WritesIntoNoFileThatStoodAtItsPlace) {
  const auto other = folder / "other";
  ASSERT_TRUE(files::write_file(other, as_bytes("another's")).ok());
  fs::create_symlink(other, path + ".new");
  write({Bytes{1}});
  fs::remove(path + ".new");
  fs::create_hard_link(other, path + ".new");
  write({Bytes{1}});
  EXPECT_EQ(unwrap(files::read_file(other)), to_bytes("another's"));
  EXPECT_FALSE(fs::is_symlink(path));
  EXPECT_EQ(unwrap(read(1)), Bytes{1});
}

}  // namespace
}  // namespace signet::tool
