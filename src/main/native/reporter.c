// Two functions of the image builder's progress report, for a library that only GraalVM ships. Not part of the program.
#include <sys/resource.h>

long Java_com_oracle_svm_hosted_ProgressReporterCHelper_getPeakRSS0(void *env, void *type) {
  (void) env;
  (void) type;
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? -1 : usage.ru_maxrss * 1024L;
}

int Java_com_oracle_svm_hosted_ProgressReporterCHelper_getTerminalWindowColumns0(void *env, void *type) {
  (void) env;
  (void) type;
  return 100;
}
