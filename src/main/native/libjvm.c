// Stands in place of libjvm.so behind a JDK's shared libraries, which a native image uses: the few functions that they
// call there. never-called.txt names all others; dist/native makes those end the process with their name.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Unlike the C library's, these return -1 if the text did not fit.
int jio_vsnprintf(char *to, size_t size, const char *format, va_list list) {
  if ((long) size <= 0) return -1;
  int count = vsnprintf(to, size, format, list);
  if (count < (long) size) return count;
  to[size - 1] = 0;
  return -1;
}

int jio_snprintf(char *to, size_t size, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int count = jio_vsnprintf(to, size, format, list);
  va_end(list);
  return count;
}

int jio_vfprintf(FILE *file, const char *format, va_list list) { return vfprintf(file, format, list); }

int jio_fprintf(FILE *file, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfprintf(file, format, list);
  va_end(list);
  return count;
}

long JVM_NanoTime(void *env, void *type) {
  (void) env;
  (void) type;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

long JVM_CurrentTimeMillis(void *env, void *type) {
  (void) env;
  (void) type;
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1000L + time.tv_nsec / 1000000;
}

// Takes a path as Java writes it, in place.
char *JVM_NativePath(char *path) { return path; }

void *JVM_RawMonitorCreate(void) {
  pthread_mutex_t *monitor = malloc(sizeof *monitor);
  if (monitor) pthread_mutex_init(monitor, 0);
  return monitor;
}

void JVM_RawMonitorDestroy(void *monitor) {
  pthread_mutex_destroy(monitor);
  free(monitor);
}

int JVM_RawMonitorEnter(void *monitor) { return pthread_mutex_lock(monitor); }

void JVM_RawMonitorExit(void *monitor) { pthread_mutex_unlock(monitor); }

void *JVM_FindLibraryEntry(void *library, const char *name) { return dlsym(library, name); }

int JVM_ActiveProcessorCount(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) ? (int) sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&set);
}

unsigned char JVM_IsSupportedJNIVersion(int version) {
  (void) version;
  return 1;
}

unsigned char JVM_IsUseContainerSupport(void) { return 0; }

unsigned char JVM_IsContainerized(void) { return 0; }

void JVM_BeforeHalt(void) {}

void JVM_Halt(int code) { _exit(code); }

// Ends the process: each function that is not written calls this.
void not_written(const char *name) {
  fprintf(stderr, "sipward: bug, please report it: %s is not in a native image\n", name);
  abort();
}
