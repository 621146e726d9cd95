// The library "jvm" that the image builder links into the program, as its class Jvm declares it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <unistd.h>

enum { JNI_1_8 = 0x00010008 };

void initialize(void) {}

int JVM_ActiveProcessorCount(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) ? (int) sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&set);
}

// GraalVM's JDK has static libraries, whose start functions have names of their own. A plain JDK has shared ones, which
// all call it JNI_OnLoad. Of a static library the program demands version 1.8 at least.
static int load(const char *name, void *vm, void *reserved) {
  void *library = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  int (*start)(void *, void *) = library ? (int (*)(void *, void *)) dlsym(library, "JNI_OnLoad") : 0;
  int version = start ? start(vm, reserved) : 0;
  return version < 0 ? version : JNI_1_8;
}

#define LIBRARY(name)                                     \
  int JNI_OnLoad_##name(void *vm, void *reserved) {       \
    return load("lib" #name ".so", vm, reserved);         \
  }
LIBRARY(java)
LIBRARY(net)
LIBRARY(nio)
LIBRARY(zip)
LIBRARY(extnet)
LIBRARY(prefs)
LIBRARY(jaas)
