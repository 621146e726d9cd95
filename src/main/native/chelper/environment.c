// GraalVM has a C library "libchelper", which no registry holds. The image builder declares its functions in classes
// with @CLibrary("libchelper"). These files are our own libchelper. This one: what the C library offers, under the
// names and with the fixed arguments that Java code can call.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

char **getEnviron(void) { return environ; }

int getThreadId(void) { return (int) syscall(SYS_gettid); }

// Returns the nanoseconds that a thread spent in user mode, or -1.
long getThreadUserTimeSlow(int tid) {
  char path[64], buffer[1024];
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  FILE *file = fopen(path, "r");
  if (!file) return -1;
  size_t count = fread(buffer, 1, sizeof buffer - 1, file);
  fclose(file);
  buffer[count] = 0;
  // The second field is the name in parentheses, which may hold spaces and parentheses; the 14th is utime.
  char *rest = strrchr(buffer, ')');
  unsigned long user;
  if (!rest || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &user) != 1) return -1;
  return (long) (user * (1000000000UL / (unsigned long) sysconf(_SC_CLK_TCK)));
}

void *mremapP(void *from, size_t old_size, size_t new_size, int flags, void *to) {
  return mremap(from, old_size, new_size, flags, to);
}

// x86 sees changed code by itself.
void codeSynchronization_clearCache(long start, long size) {
  (void) start;
  (void) size;
}

// Functions with a variable number of arguments, one name for each kind of call: a letter for each argument.
int fprintfSD(FILE *file, const char *format, char *text, int number) { return fprintf(file, format, text, number); }

int openSII(const char *path, int flags, int mode) { return open(path, flags, mode); }

int openatISII(int folder, const char *path, int flags, int mode) { return openat(folder, path, flags, mode); }
