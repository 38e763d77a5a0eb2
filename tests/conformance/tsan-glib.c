/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>

/*
 * ThreadSanitizer sees what instrumented code and the C library do, and a GMutex
 * is neither: it is a futex inside GLib, so everything it guards looks unguarded.
 * These stand before GLib's functions (the linker's --wrap) and say who waits for
 * whom.  Only linked under -Db_sanitize=thread.
 */

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Other libraries are bound to these as well: the linker has it so. */
#define VISIBLE __attribute__ ((visibility ("default")))

#define WRAP(type, name, parameters) \
  type __real_##name parameters; \
  VISIBLE type __wrap_##name parameters; \
  type __wrap_##name parameters

WRAP (void, g_mutex_lock, (GMutex *mutex))
{
  __real_g_mutex_lock (mutex);
  __tsan_acquire (mutex);
}

WRAP (gboolean, g_mutex_trylock, (GMutex *mutex))
{
  gboolean locked = __real_g_mutex_trylock (mutex);

  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

WRAP (void, g_mutex_unlock, (GMutex *mutex))
{
  __tsan_release (mutex);
  __real_g_mutex_unlock (mutex);
}

WRAP (void, g_cond_wait, (GCond *cond, GMutex *mutex))
{
  __tsan_release (mutex);
  __real_g_cond_wait (cond, mutex);
  __tsan_acquire (mutex);
}

WRAP (gboolean, g_cond_wait_until, (GCond *cond, GMutex *mutex, gint64 end))
{
  gboolean woken;

  __tsan_release (mutex);
  woken = __real_g_cond_wait_until (cond, mutex, end);
  __tsan_acquire (mutex);
  return woken;
}

/* The last reference sees what all others did before they let go. */
WRAP (gboolean, g_atomic_ref_count_dec, (gatomicrefcount *count))
{
  gboolean last;

  __tsan_release (count);
  last = __real_g_atomic_ref_count_dec (count);
  if (last)
    __tsan_acquire (count);
  return last;
}

WRAP (void, g_bytes_unref, (GBytes *bytes))
{
  if (bytes != NULL)
    {
      __tsan_release (bytes);
      __tsan_acquire (bytes);
    }
  __real_g_bytes_unref (bytes);
}
