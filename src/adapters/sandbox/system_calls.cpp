#include "adapters/sandbox/system_calls.h"

#include <sched.h>
#include <seccomp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace signet::sandbox {
namespace {

constexpr std::array kGivenUp = {
    // programs and processes: threads are clone() with CLONE_THREAD, see below
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
    // other processes
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    // the file system's shape, and ways around its names
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
    SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(mknod),
    SCMP_SYS(mknodat), SCMP_SYS(open_by_handle_at), SCMP_SYS(swapon), SCMP_SYS(swapoff),
    SCMP_SYS(quotactl), SCMP_SYS(acct),
    // namespaces and identities
    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid),
    SCMP_SYS(setregid), SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups),
    SCMP_SYS(capset), SCMP_SYS(personality),
    // the kernel itself
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(syslog), SCMP_SYS(keyctl),
    SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(iopl), SCMP_SYS(ioperm),
    // the clock, on which validity stands
    SCMP_SYS(settimeofday), SCMP_SYS(clock_settime), SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex)};

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

Result<void> done(int status, const char* what) {
  if (status >= 0) return {};
  return Error{Fault::internal, std::string(what) + ": " + std::strerror(-status)};
}

Result<void> give_up_processes(scmp_filter_ctx filter) {
  const auto refused = SCMP_ACT_ERRNO(EPERM);
  const scmp_arg_cmp no_thread{
      .arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = 0};
  TRY(done(seccomp_rule_add(filter, refused, SCMP_SYS(clone), 1, no_thread), "clone"));
  // Its flags are out of a filter's sight; the C library takes clone() where there is none.
  return done(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), "clone3");
}

}  // namespace

Result<void> give_up_system_calls() {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (filter == nullptr) return Error{Fault::internal, "libseccomp makes no filter"};
  TRY(done(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1), "all threads"));
  for (const int call : kGivenUp) {
    TRY(done(seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0), "system call"));
  }
  TRY(give_up_processes(filter.get()));
  return done(seccomp_load(filter.get()), "the kernel takes no filter of system calls");
}

}  // namespace signet::sandbox
