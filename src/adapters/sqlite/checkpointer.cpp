#include "adapters/sqlite/checkpointer.h"

namespace signet::sqlite {
namespace {

// Pages that many batches touch are carried once, so a long log costs less; 16 MiB is read again in
// a moment by a server that was killed.
constexpr int kLongLog = 4096;
// The writer carries no more than this at once, unless the disk is so slow that the log would grow
// without end.
constexpr int kMostForWriter = 1024;
constexpr int kEndlessLog = 8 * kLongLog;

}  // namespace

Checkpointer::Checkpointer(Connection connection)
    : connection_(std::move(connection)), ask_at_(kLongLog) {}

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::string& path) {
  auto connection = TRY(Connection::open(path, Connection::Use::write));
  std::unique_ptr<Checkpointer> started(new Checkpointer(std::move(connection)));
  started->thread_ = std::thread([to = started.get()] { to->carry_until_ended(); });
  return started;
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::ended;
  }
  changed_.notify_one();
  thread_.join();
}

bool Checkpointer::rest_is_writers(int pages) {
  const std::lock_guard lock(mutex_);
  if (pages < pages_) begin_anew();
  pages_ = pages;
  if (state_ == State::asked) return false;
  if (state_ == State::carried) {
    const bool is_little = pages - pages_when_asked_ <= kMostForWriter;
    if (is_little || pages >= kEndlessLog) {
      state_ = State::idle;
      ask_at_ = pages + kLongLog;  // a reader may keep the log from beginning anew
      return true;
    }
  } else if (pages < ask_at_) {
    return false;
  }
  state_ = State::asked;
  pages_when_asked_ = pages;
  changed_.notify_one();
  return false;
}

void Checkpointer::begin_anew() {
  if (state_ == State::carried) state_ = State::idle;
  ask_at_ = kLongLog;
}

void Checkpointer::carry_until_ended() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return state_ == State::asked || state_ == State::ended; });
    if (state_ == State::ended) return;
    lock.unlock();
    connection_.checkpoint();
    lock.lock();
    if (state_ == State::asked) state_ = State::carried;
  }
}

}  // namespace signet::sqlite
