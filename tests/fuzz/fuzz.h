/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/*
 * What the fuzz targets share.  A target is LLVMFuzzerTestOneInput() over some
 * bytes; libFuzzer's main() invents them, ours (fuzz-main.c) takes those of the
 * corpus.  A fault is an abort, or what a sanitizer says.
 */

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput   (const guint8 *bytes, gsize length);
/* Only of a target that has something to prepare. */
int LLVMFuzzerInitialize     (int *argc, char ***argv) __attribute__ ((weak));

/* The input as a stream of choices; past its end all of them are 0. */
typedef struct
{
  const guint8 *at;
  gsize left;
} FuzzInput;

guint8        fuzz_u8      (FuzzInput *input);
guint16       fuzz_u16     (FuzzInput *input);
guint32       fuzz_u32     (FuzzInput *input);
guint         fuzz_below   (FuzzInput *input, guint limit);
gboolean      fuzz_flip    (FuzzInput *input);
const guint8 *fuzz_bytes   (FuzzInput *input, gsize wanted, gsize *length);
guint8       *fuzz_dup     (FuzzInput *input, gsize wanted, gsize *length);

/* Must be, in every build. */
#define fuzz_check(condition) \
  G_STMT_START { \
    if (!(condition)) \
      fuzz_fail (G_STRLOC, #condition); \
  } G_STMT_END

G_NORETURN void fuzz_fail  (const char *where, const char *what);

G_END_DECLS
