// SoftHSM2 2.6 leaks some octets of each Ed25519 key. In builds under AddressSanitizer its own
// allocations are passed over, ours are not; for that the stacks are walked with care.
#if defined(__SANITIZE_ADDRESS__)

extern "C" const char* __asan_default_options() {
  return "fast_unwind_on_malloc=0";
}

extern "C" const char* __lsan_default_suppressions() {
  return "leak:libsofthsm2.so\n";
}

#endif
