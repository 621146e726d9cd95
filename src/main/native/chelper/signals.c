// Part of our libchelper (see environment.c): signals for sun.misc.Signal. The handler counts, because it may call
// almost nothing; a thread of Java's waits for the semaphore and takes what was counted.
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

static sem_t semaphore;
static atomic_int claimed;
static atomic_int pending[NSIG];

static void count(int number) {
  int kept = errno;
  if (number >= 0 && number < NSIG) {
    atomic_fetch_add(&pending[number], 1);
    sem_post(&semaphore);
  }
  errno = kept;
}

int cSunMiscSignal_open(void) {
  int none = 0;
  if (!atomic_compare_exchange_strong(&claimed, &none, 1)) return 1;
  for (int i = 0; i < NSIG; i++) atomic_store(&pending[i], 0);
  return sem_init(&semaphore, 0, 0) ? -1 : 0;
}

int cSunMiscSignal_close(void) {
  int result = sem_destroy(&semaphore);
  atomic_store(&claimed, 0);
  return result;
}

// May return although nothing was counted.
int cSunMiscSignal_awaitSemaphore(void) {
  int result = sem_wait(&semaphore);
  return result && errno == EINTR ? 0 : result;
}

int cSunMiscSignal_signalSemaphore(void) { return sem_post(&semaphore); }

int cSunMiscSignal_signalRangeCheck(int number) { return number >= 0 && number < NSIG; }

// Returns a signal that came, and counts it down; -1 if there is none. One thread calls this.
int cSunMiscSignal_checkPendingSignal(void) {
  for (int i = 0; i < NSIG; i++) {
    int value = atomic_load(&pending[i]);
    while (value > 0) {
      if (atomic_compare_exchange_weak(&pending[i], &value, value - 1)) return i;
    }
  }
  return -1;
}

void *cSunMiscSignal_signalHandlerFunctionPointer(void) { return (void *) &count; }
