// Part of our libchelper (see environment.c): what this processor can do, as CPUID says (Intel's and AMD's manuals).
// The structure is made from the class that declares it, since it must have the same fields.
#include "amd64cpufeatures.h"
#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(register, number) (((register) >> (number)) & 1)

// Returns whether the system saves the registers of AVX when it switches threads.
static int saves_avx(unsigned ecx) {
  if (!BIT(ecx, 27)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 6) == 6;
}

void determineCPUFeatures(CPUFeatures *f) {
  unsigned a, b, c, d;
  memset(f, 0, sizeof *f);
  if (!__get_cpuid(1, &a, &b, &c, &d)) return;
  int avx = saves_avx(c);
  f->fTSC = BIT(d, 4), f->fCX8 = BIT(d, 8), f->fCMOV = BIT(d, 15), f->fFLUSH = BIT(d, 19), f->fMMX = BIT(d, 23);
  f->fFXSR = BIT(d, 24), f->fSSE = BIT(d, 25), f->fSSE2 = BIT(d, 26), f->fHT = BIT(d, 28);
  f->fSSE3 = BIT(c, 0), f->fCLMUL = BIT(c, 1), f->fSSSE3 = BIT(c, 9), f->fSSE4_1 = BIT(c, 19);
  f->fSSE4_2 = BIT(c, 20), f->fPOPCNT = BIT(c, 23), f->fAES = BIT(c, 25), f->fHV = BIT(c, 31);
  f->fAVX = f->fVZEROUPPER = avx && BIT(c, 28), f->fFMA = avx && BIT(c, 12), f->fF16C = avx && BIT(c, 29);
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    f->fBMI1 = BIT(b, 3), f->fBMI2 = BIT(b, 8), f->fERMS = BIT(b, 9), f->fADX = BIT(b, 19);
    f->fFLUSHOPT = BIT(b, 23), f->fSHA = BIT(b, 29), f->fFSRM = BIT(d, 4), f->fAVX2 = avx && BIT(b, 5);
  }
  if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
    f->fLZCNT = BIT(c, 5), f->fSSE4A = BIT(c, 6), f->fAMD_3DNOW_PREFETCH = BIT(c, 8), f->fRDTSCP = BIT(d, 27);
  }
  if (__get_cpuid(0x80000007, &a, &b, &c, &d)) f->fTSCINV_BIT = f->fTSCINV = BIT(d, 8);
}

// Returns 0 if this processor has all that the image needs. The mask holds 0xfe for a feature that is needed, and
// 0xff for all others.
int checkCPUFeatures(const unsigned char *mask) {
  CPUFeatures host;
  determineCPUFeatures(&host);
  const unsigned char *has = (const unsigned char *) &host;
  for (size_t i = 0; i < sizeof host; i++) {
    if ((unsigned char) (mask[i] | has[i]) != 0xff) return 1;
  }
  return 0;
}

int checkCPUFeaturesOrExit(const unsigned char *mask, const char *message) {
  if (!checkCPUFeatures(mask)) return 0;
  fputs(message, stderr);
  fputc('\n', stderr);
  exit(1);
}
