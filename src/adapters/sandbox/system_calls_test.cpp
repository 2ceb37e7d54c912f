#include "adapters/sandbox/system_calls.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include "support/temporary_folder.h"

namespace signet::sandbox {
namespace {

constexpr int kNoFilter = 77;

/// Whether `holds` in a process of its own that has given up its system calls: it is for good.
void expect_confined(const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (!give_up_system_calls().ok()) ::_exit(kNoFilter);
    ::_exit(holds() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoFilter) GTEST_SKIP() << "this kernel takes no filter";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

bool is_refused(long result) {
  return result == -1 && errno == EPERM;
}

TEST(GiveUpSystemCalls, StartsNoProgram) {
  expect_confined([] { return is_refused(::execl("/bin/true", "true", nullptr)); });
}

TEST(GiveUpSystemCalls, StartsNoProcess) {
  expect_confined([] { return is_refused(::fork()); });
}

TEST(GiveUpSystemCalls, LooksIntoNoOtherProcess) {
  expect_confined(
      [] { return is_refused(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr)); });
}

TEST(GiveUpSystemCalls, MountsNothing) {
  expect_confined([] { return is_refused(::mount("none", "/tmp", "tmpfs", 0, nullptr)); });
}

TEST(GiveUpSystemCalls, LeavesThreadsAndFiles) {
  const test::TemporaryFolder folder;
  expect_confined([&] {
    return std::async(std::launch::async,
                      [&] {
                        std::ofstream file(folder / "file");
                        return (file << "text").flush().good();
                      })
        .get();
  });
}

TEST(GiveUpSystemCalls, HoldsForThreadsThatRanBefore) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::promise<void> given_up;
    auto refused = std::async(std::launch::async, [&] {
      given_up.get_future().wait();
      return is_refused(::fork());
    });
    if (!give_up_system_calls().ok()) ::_exit(kNoFilter);
    given_up.set_value();
    ::_exit(refused.get() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == kNoFilter) GTEST_SKIP() << "this kernel takes no filter";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace signet::sandbox
