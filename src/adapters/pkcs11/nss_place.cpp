#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <set>

#include "adapters/pkcs11/nss_numbers.h"
#include "adapters/pkcs11/place.h"
#include "adapters/pkcs11/session.h"

namespace signet::pkcs11 {
namespace {

/// CK_C_INITIALIZE_ARGS as softoken wants it: its parameters stand before the reserved pointer.
struct SoftokenArguments {
  CK_CREATEMUTEX create_mutex = nullptr;
  CK_DESTROYMUTEX destroy_mutex = nullptr;
  CK_LOCKMUTEX lock_mutex = nullptr;
  CK_UNLOCKMUTEX unlock_mutex = nullptr;
  CK_FLAGS flags = CKF_OS_LOCKING_OK;
  const char* parameters = nullptr;
  void* reserved = nullptr;
};

// NSS's own object class and attribute, by which a further database is opened (pkcs11n.h).
constexpr CK_OBJECT_CLASS kNewSlot = kNss + 5;
constexpr CK_ATTRIBUTE_TYPE kModuleSpecification = kNss + 24;
constexpr CK_SLOT_ID kFirstUserSlot = 4;
constexpr CK_SLOT_ID kLastUserSlot = 100;

/// `text` between `open` and `close` as NSS reads it: what could end it is escaped.
std::string quoted(char open, std::string_view text, char close) {
  std::string written(1, open);
  for (const char c : text) {
    if (c == close || c == '\\') written += '\\';
    written += c;
  }
  return written + close;
}

/// libsoftokn3.so, started once in a process without a database of its own and never stopped. Each
/// database gets a slot of its own, as SECMOD_OpenUserDB does it: several folders, several logins.
class Softoken {
 public:
  /// Faults: bad_configuration (not installed), token_failed.
  static Result<Softoken*> started() {
    static Softoken softoken;
    const std::lock_guard lock(softoken.mutex_);
    if (softoken.functions_ == nullptr) TRY(softoken.start());
    return &softoken;
  }

  Result<CK_SLOT_ID> open(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    for (auto slot = kFirstUserSlot; slot <= kLastUserSlot; ++slot) {
      if (used_.contains(slot)) continue;
      const auto answer = open_at(slot, folder);
      if (answer != CKR_OK) {
        return Error{Fault::token_failed,
                     "the NSS database in " + folder + " cannot be opened: " + to_text(answer)};
      }
      used_.insert(slot);
      return slot;
    }
    return Error{Fault::token_failed, "too many NSS databases are open in one process"};
  }

  /// Logs out; the next database that is given this slot takes the place of the last.
  void close(CK_SLOT_ID slot) {
    const std::lock_guard lock(mutex_);
    functions_->C_CloseAllSessions(slot);
    used_.erase(slot);
  }

  [[nodiscard]] CK_FUNCTION_LIST* functions() const { return functions_; }

 private:
  Softoken() = default;

  Result<void> start() {
    void* library = ::dlopen("libsoftokn3.so", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      return Error{Fault::bad_configuration,
                   "NSS databases are read by libsoftokn3.so, which is not installed; install the "
                   "package libnss3 (" +
                       std::string(::dlerror()) + ")"};
    }
    const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* functions = nullptr;
    if (list == nullptr || list(&functions) != CKR_OK) {
      return Error{Fault::bad_configuration, "libsoftokn3.so is no PKCS#11 module"};
    }
    SoftokenArguments arguments;
    arguments.parameters =
        "configdir='' certPrefix='' keyPrefix='' secmod='' flags=noCertDB,noModDB";
    const auto answer = functions->C_Initialize(&arguments);
    if (answer != CKR_OK) return refused("start", answer);
    // A session on the slot that only computes; further databases are asked for there.
    const auto opened = functions->C_OpenSession(
        first_slot(functions), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session_);
    if (opened != CKR_OK) return refused("open a session", opened);
    functions_ = functions;
    return {};
  }

  static CK_SLOT_ID first_slot(CK_FUNCTION_LIST* functions) {
    CK_ULONG count = 0;
    if (functions->C_GetSlotList(CK_FALSE, nullptr, &count) != CKR_OK || count == 0) return 0;
    std::vector<CK_SLOT_ID> slots(count);
    return functions->C_GetSlotList(CK_FALSE, slots.data(), &count) == CKR_OK ? slots.front() : 0;
  }

  static Error refused(const char* step, CK_RV answer) {
    return {Fault::token_failed,
            std::string("NSS's softoken does not ") + step + ": " + to_text(answer)};
  }

  CK_RV open_at(CK_SLOT_ID slot, const std::string& folder) {
    const auto database = "configDir=" + quoted('\'', "sql:" + folder, '\'') +
                          " tokenDescription='Signet " + std::to_string(slot) + "'";
    const auto token = std::to_string(slot) + "=" + quoted('<', database, '>');
    const auto specification = "tokens=" + quoted('[', token, ']');
    Template wanted(kNewSlot);
    wanted.octets(
        kModuleSpecification,
        {reinterpret_cast<const std::uint8_t*>(specification.c_str()), specification.size() + 1});
    CK_OBJECT_HANDLE none = 0;
    return functions_->C_CreateObject(session_, wanted.data(), wanted.size(), &none);
  }

  std::mutex mutex_;
  CK_FUNCTION_LIST* functions_ = nullptr;
  CK_SESSION_HANDLE session_ = 0;
  std::set<CK_SLOT_ID> used_;
};

class NssPlace final : public Place {
 public:
  NssPlace(Softoken& softoken, CK_SLOT_ID slot, const std::string& folder)
      : softoken_(softoken), slot_(slot), name_("NSS database " + folder) {}
  ~NssPlace() override { softoken_.close(slot_); }
  NssPlace(const NssPlace&) = delete;
  NssPlace& operator=(const NssPlace&) = delete;

  Result<Slot> find() override { return Slot{softoken_.functions(), slot_}; }
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] bool keys_may_leave() const override { return true; }

 private:
  Softoken& softoken_;
  CK_SLOT_ID slot_;
  std::string name_;
};

/// softoken would make a database where there is none.
Result<void> check_database(const std::filesystem::path& folder) {
  for (const auto* name : {"cert9.db", "key4.db"}) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder / name, error)) continue;
    return Error{
        Fault::bad_configuration,
        (folder / name).string() +
            " is not there; make an NSS database by: certutil -N -d sql:" + folder.string()};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Place>> place_of_nss(const std::string& folder) {
  TRY(check_database(folder));
  auto* softoken = TRY(Softoken::started());
  const auto slot = TRY(softoken->open(folder));
  return std::unique_ptr<Place>(std::make_unique<NssPlace>(*softoken, slot, folder));
}

}  // namespace signet::pkcs11
