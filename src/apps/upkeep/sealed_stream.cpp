#include "apps/upkeep/sealed_stream.h"

#include <algorithm>
#include <optional>

#include "crypto/digest.h"
#include "crypto/sealing_key.h"

namespace signet::tool {
namespace {

constexpr std::string_view kMagic = "signet-backup 1\n";
constexpr std::size_t kSaltOctets = 16;
constexpr std::uint32_t kIterations = 600'000;
constexpr std::size_t kPieceOctets = 1024 * 1024;
constexpr std::size_t kSealingOctets = 1 + 12 + 16;
constexpr std::size_t kMostLineOctets = 64 * 1024;

Result<crypto::SealingKey> key_from(const SecretBytes& passphrase, ByteView salt) {
  return crypto::SealingKey::with_octets(crypto::pbkdf2(crypto::MacAlgorithm::hmac_sha256,
                                                        passphrase.view(), salt, kIterations,
                                                        crypto::SealingKey::kOctets));
}

template <std::size_t Octets>
Bytes big_endian(std::uint64_t number) {
  Bytes octets(Octets);
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
    *octet = static_cast<std::uint8_t>(number);
    number >>= 8;
  }
  return octets;
}

enum class Place { within, last };

Bytes additional(std::uint64_t number, Place place) {
  auto octets = big_endian<8>(number);
  octets.push_back(place == Place::last ? 1 : 0);
  return octets;
}

}  // namespace

// ------------------------------------------------------------ writing

struct SealedWriter::Impl {
  std::string path;
  files::Replacement replacement;
  crypto::SealingKey key;
  RandomSource& random;
  SecretBytes waiting = {};  ///< not sealed yet
  std::uint64_t number = 0;

  Result<void> put(ByteView octets) {
    return files::write_all(replacement.file(), replacement.name(), octets);
  }
  Result<void> seal(ByteView octets, Place place) {
    const auto sealed =
        TRY(key.seal(additional(number++, place), SecretBytes(to_bytes(octets)), random));
    TRY(put(big_endian<4>(sealed.size())));
    return put(sealed);
  }
};

SealedWriter::SealedWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealedWriter::~SealedWriter() = default;

Result<std::unique_ptr<SealedWriter>> SealedWriter::create(files::Replacement replacement,
                                                           const std::string& path,
                                                           const SecretBytes& passphrase,
                                                           RandomSource& random) {
  const auto salt = TRY(random.octets(kSaltOctets));
  auto key = TRY(key_from(passphrase, salt));
  auto impl = std::make_unique<Impl>(Impl{path, std::move(replacement), std::move(key), random});
  TRY(impl->put(as_bytes(kMagic)));
  TRY(impl->put(salt));
  return std::unique_ptr<SealedWriter>(new SealedWriter(std::move(impl)));
}

Result<void> SealedWriter::write(ByteView octets) {
  auto all = to_bytes(impl_->waiting.view());
  all.insert(all.end(), octets.begin(), octets.end());
  ByteView rest = all;
  // The last piece is known as such: a whole one waits until more has come.
  while (rest.size() > kPieceOctets) {
    TRY(impl_->seal(rest.first(kPieceOctets), Place::within));
    rest = rest.subspan(kPieceOctets);
  }
  impl_->waiting = SecretBytes(to_bytes(rest));
  wipe(all);
  return {};
}

Result<void> SealedWriter::write_line(std::string_view line) {
  if (line.size() <= kMostLineOctets) return write(as_bytes(std::string(line) + "\n"));
  return Error{Fault::too_large,
               "a line of " + std::to_string(line.size()) +
                   " octets is too long for a backup: it would not be read again"};
}

Result<void> SealedWriter::finish() {
  auto& impl = *impl_;
  TRY(impl.seal(impl.waiting.view(), Place::last));
  if (::fsync(impl.replacement.file().number()) != 0) {
    return files::system_error("sync", impl.replacement.name());
  }
  return impl.replacement.take_place_of(impl.path);
}

// ------------------------------------------------------------ reading

struct SealedReader::Impl {
  std::string path;
  files::Descriptor file;
  std::optional<crypto::SealingKey> key = {};
  Bytes opened = {};  ///< of the present piece
  std::size_t taken = 0;
  std::uint64_t number = 0;
  bool last = false;

  ~Impl() { wipe(opened); }

  /// Fewer at the end of the file.
  Result<Bytes> read_file(std::size_t octets) {
    Bytes read(octets);
    std::size_t filled = 0;
    while (filled < octets) {
      const auto got = files::uninterrupted(
          [&] { return ::read(file.number(), read.data() + filled, octets - filled); });
      if (got < 0) return files::system_error("read", path);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    read.resize(filled);
    return read;
  }

  [[nodiscard]] Error cut_off() const {
    return {Fault::malformed, path + " ends too early: it was cut off; take another copy"};
  }

  Result<Bytes> read_sealed() {
    const auto head = TRY(read_file(4));
    if (head.size() < 4) return cut_off();
    std::size_t length = 0;
    for (const auto octet : head) length = length << 8 | octet;
    if (length > kPieceOctets + kSealingOctets) {
      return Error{Fault::malformed, path + " is damaged: a piece of it is too long"};
    }
    auto sealed = TRY(read_file(length));
    if (sealed.size() < length) return cut_off();
    return sealed;
  }

  Result<void> next_piece() {
    if (last) return cut_off();
    const auto sealed = TRY(read_sealed());
    auto piece = key->open(additional(number, Place::within), sealed);
    if (!piece.ok()) {
      piece = key->open(additional(number, Place::last), sealed);
      last = piece.ok();
    }
    if (!piece.ok()) {
      return Error{Fault::decryption_failed,
                   path +
                       " cannot be opened: the passphrase is another one, or the file was "
                       "changed"};
    }
    ++number;
    wipe(opened);
    opened = to_bytes(piece->view());
    taken = 0;
    return {};
  }
};

SealedReader::SealedReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealedReader::~SealedReader() = default;

Result<std::unique_ptr<SealedReader>> SealedReader::open(const std::string& path,
                                                         const SecretBytes& passphrase) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->file = files::Descriptor(
      files::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!impl->file.is_open()) return files::system_error("read", path);
  const auto magic = TRY(impl->read_file(kMagic.size()));
  if (as_text(magic) != kMagic) return Error{Fault::malformed, path + " is no backup of Signet"};
  const auto salt = TRY(impl->read_file(kSaltOctets));
  if (salt.size() < kSaltOctets) return impl->cut_off();
  impl->key.emplace(TRY(key_from(passphrase, salt)));
  return std::unique_ptr<SealedReader>(new SealedReader(std::move(impl)));
}

Result<Bytes> SealedReader::read(std::size_t octets) {
  Bytes all;
  while (all.size() < octets) {
    if (impl_->taken == impl_->opened.size()) TRY(impl_->next_piece());
    const auto from = impl_->opened.begin() + static_cast<std::ptrdiff_t>(impl_->taken);
    const auto some = std::min(octets - all.size(), impl_->opened.size() - impl_->taken);
    all.insert(all.end(), from, from + static_cast<std::ptrdiff_t>(some));
    impl_->taken += some;
  }
  return all;
}

Result<std::string> SealedReader::read_line() {
  std::string line;
  while (line.size() <= kMostLineOctets) {
    const auto octet = TRY(read(1)).front();
    if (octet == '\n') return line;
    line += static_cast<char>(octet);
  }
  return Error{Fault::malformed, impl_->path + " is damaged: a line of it does not end"};
}

Result<bool> SealedReader::at_end() {
  while (impl_->taken == impl_->opened.size()) {
    if (impl_->last && TRY(impl_->read_file(1)).empty()) return true;
    if (impl_->last) return Error{Fault::trailing_data, impl_->path + " goes on after its end"};
    TRY(impl_->next_piece());
  }
  return false;
}

}  // namespace signet::tool
