// The image builder reads the layout of this structure from a header of this name: its class LocaleCHelper.
#ifndef SIPWARD_SVM_LOCALE_H
#define SIPWARD_SVM_LOCALE_H

enum { SVM_LOCALE_INITIALIZATION_SUCCEEDED = 0, SVM_LOCALE_INITIALIZATION_OUT_OF_MEMORY = 1 };

typedef struct {
  char *display_language, *display_script, *display_country, *display_variant;
  char *format_language, *format_script, *format_country, *format_variant;
} svm_locale_props_t;

#endif
