// Part of our libchelper (see environment.c): the system's time zone and language. The zone matters: many logs have
// stamps in local time. So it is found as a JVM finds it.
#define _GNU_SOURCE
#include "svm_locale.h"
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ZONES[] = "/usr/share/zoneinfo";
enum { MAX_ZONE_FILE = 1 << 16 };

static char wanted[MAX_ZONE_FILE];
static size_t wanted_size;
static char *found;

// Returns the size of a file of at most MAX_ZONE_FILE bytes, or 0.
static size_t read_file(const char *path, char *to) {
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t count = fread(to, 1, MAX_ZONE_FILE, file);
  int whole = feof(file) || fgetc(file) == EOF;
  fclose(file);
  return whole ? count : 0;
}

static int compare(const char *path, const struct stat *status, int type, struct FTW *place) {
  static char content[MAX_ZONE_FILE];
  const char *name = path + place->base;
  // These hold each zone once more, under names that Java does not know.
  if (type == FTW_D && (!strcmp(name, "posix") || !strcmp(name, "right"))) return FTW_SKIP_SUBTREE;
  if (type != FTW_F || (size_t) status->st_size != wanted_size) return FTW_CONTINUE;
  if (!strcmp(name, "ROC") || !strcmp(name, "posixrules") || !strcmp(name, "localtime")) return FTW_CONTINUE;
  if (read_file(path, content) != wanted_size || memcmp(content, wanted, wanted_size)) return FTW_CONTINUE;
  found = strdup(path + sizeof ZONES);
  return FTW_STOP;
}

// Finds the zone whose file was copied to /etc/localtime.
static char *copied(void) {
  wanted_size = read_file("/etc/localtime", wanted);
  if (wanted_size) nftw(ZONES, compare, 8, FTW_PHYS | FTW_ACTIONRETVAL);
  return found;
}

// Returns the zone in memory of its own: that of TZ, of the link /etc/localtime, of a copy there, of /etc/timezone.
char *SVM_FindJavaTZmd(char *mappings, int length) {
  (void) mappings;
  (void) length;
  char name[PATH_MAX + 1];
  const char *tz = getenv("TZ");
  if (tz && *tz) {
    if (*tz == ':') tz++;
    const char *zone = strstr(tz, "/zoneinfo/");
    return strdup(zone ? zone + strlen("/zoneinfo/") : tz);
  }
  if (realpath("/etc/localtime", name)) {
    const char *zone = strstr(name, "/zoneinfo/");
    if (zone) return strdup(zone + strlen("/zoneinfo/"));
    char *same = copied();
    if (same) return same;
  }
  FILE *file = fopen("/etc/timezone", "r");
  if (file) {
    char *line = fgets(name, sizeof name, file);
    fclose(file);
    if (line) {
      line[strcspn(line, " \t\r\n#")] = 0;
      if (*line) return strdup(line);
    }
  }
  return strdup("UTC");
}

// All messages are English, and no output depends on the country.
static svm_locale_props_t locale = {.display_language = "en"};

int svm_initialize_locale(void) { return SVM_LOCALE_INITIALIZATION_SUCCEEDED; }

svm_locale_props_t *svm_get_locale(void) { return &locale; }
