/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-process.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define DEADLINE 90   /* seconds, for whatever is waited for */

static GStrv
command_line (const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_assert_nonnull (g_getenv ("DRT_TOOL"));
  g_strv_builder_add (builder, g_getenv ("DRT_TOOL"));
  g_strv_builder_addv (builder, (const char **) arguments);
  return g_strv_builder_end (builder);
}

static GStrv
collect (const char *first,
         va_list     arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const char *argument = first; argument != NULL; argument = va_arg (arguments, const char *))
    g_strv_builder_add (builder, argument);
  return g_strv_builder_end (builder);
}

/* Without the terminal of whoever runs the tests, where it could ask questions;
 * and not without the test. */
static void
child_setup_cb (gpointer data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (const char *const *arguments,
       GSubprocessFlags   flags)
{
  g_auto (GStrv) argv = command_line (arguments);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *subprocess;

  g_subprocess_launcher_set_child_setup (launcher, child_setup_cb, NULL, NULL);
  subprocess = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);

  g_assert_no_error (error);
  return subprocess;
}

static int
exit_status (GSubprocess *subprocess)
{
  return g_subprocess_get_if_exited (subprocess) ? g_subprocess_get_exit_status (subprocess)
                                                 : -g_subprocess_get_term_sig (subprocess);
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
async_ready_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

/* Runs the main context until @result is there. */
static void
wait_result (GAsyncResult **result,
             GCancellable  *cancellable)
{
  guint source = g_timeout_add_seconds (DEADLINE, cancel_cb, cancellable);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!g_cancellable_is_cancelled (cancellable))
    g_source_remove (source);
}

/**
 * cli_runv:
 *
 * Runs drt with these arguments to its end.
 */
CliResult *
cli_runv (const char *const *arguments)
{
  g_autoptr (GSubprocess) subprocess = spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) ready = NULL;
  g_autoptr (GError) error = NULL;
  CliResult *result = g_new0 (CliResult, 1);

  g_subprocess_communicate_utf8_async (subprocess, NULL, cancellable, async_ready_cb, &ready);
  wait_result (&ready, cancellable);
  if (!g_subprocess_communicate_utf8_finish (subprocess, ready, &result->out, &result->err, &error))
    {
      g_autofree char *line = g_strjoinv (" ", (char **) arguments);

      g_subprocess_force_exit (subprocess);
      g_error ("drt %s: %s", line, error->message);
    }
  result->status = exit_status (subprocess);
  return result;
}

CliResult *
cli_run (const char *first,
         ...)
{
  g_auto (GStrv) list = NULL;
  va_list arguments;

  va_start (arguments, first);
  list = collect (first, arguments);
  va_end (arguments);
  return cli_runv ((const char *const *) list);
}

void
cli_assert_contains (const char *text,
                     const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is missing in:\n%s", part, text);
}

/* Nothing on the standard output, a message and this code. */
void
cli_assert_refused (const CliResult *result,
                    int              status,
                    const char      *message)
{
  cli_assert_contains (result->err, message);
  g_assert_cmpint (result->status, ==, status);
  g_assert_cmpstr (result->out, ==, "");
}

void
cli_result_free (CliResult *result)
{
  g_free (result->out);
  g_free (result->err);
  g_free (result);
}

static JsonObject *
parse_line (const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  json_parser_load_from_data (parser, line, -1, &error);
  g_assert_no_error (error);
  root = json_parser_get_root (parser);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  g_assert_true (json_object_has_member (json_node_get_object (root), "event"));
  return json_node_dup_object (root);
}

/**
 * cli_result_objects:
 *
 * Returns: (element-type JsonObject) (transfer full): the lines of the output,
 *   each of which must be an object
 */
GPtrArray *
cli_result_objects (const CliResult *result)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_auto (GStrv) lines = g_strsplit (result->out, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      g_ptr_array_add (objects, parse_line (lines[i]));
  return objects;
}

/**
 * cli_result_find:
 *
 * Returns: (nullable) (transfer full): the first line of this kind
 */
JsonObject *
cli_result_find (const CliResult *result,
                 const char      *event)
{
  g_autoptr (GPtrArray) objects = cli_result_objects (result);

  for (guint i = 0; i < objects->len; i++)
    if (g_str_equal (json_object_get_string_member (objects->pdata[i], "event"), event))
      return json_object_ref (objects->pdata[i]);
  return NULL;
}

/**
 * cli_process_new:
 *
 * Starts drt with these arguments.
 */
CliProcess *
cli_process_new (const char *first,
                 ...)
{
  CliProcess *process = g_new0 (CliProcess, 1);
  g_auto (GStrv) list = NULL;
  va_list arguments;

  va_start (arguments, first);
  list = collect (first, arguments);
  va_end (arguments);

  process->subprocess = spawn ((const char *const *) list, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  process->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process->subprocess));
  return process;
}

static char *
read_line (CliProcess *process)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) ready = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  g_data_input_stream_read_line_async (process->out, G_PRIORITY_DEFAULT, cancellable, async_ready_cb, &ready);
  wait_result (&ready, cancellable);
  line = g_data_input_stream_read_line_finish (process->out, ready, NULL, &error);
  g_assert_no_error (error);
  return line;
}

/**
 * cli_process_wait:
 * @process: run with --json
 * @event: the kind of line waited for
 *
 * Returns: (transfer full): the next line of this kind; those before it are
 *   checked to be JSON and dropped
 */
JsonObject *
cli_process_wait (CliProcess *process,
                  const char *event)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE * G_USEC_PER_SEC;

  while (TRUE)
    {
      g_autofree char *line = read_line (process);
      JsonObject *object;

      if (g_get_monotonic_time () > deadline)
        g_error ("drt has not said “%s” for %d seconds", event, DEADLINE);
      if (line == NULL)
        g_error ("drt ended before it said “%s”", event);
      object = parse_line (line);
      if (g_str_equal (json_object_get_string_member (object, "event"), event))
        return object;
      json_object_unref (object);
    }
}

void
cli_process_close_stdin (CliProcess *process)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (process->subprocess), NULL, &error);
  g_assert_no_error (error);
}

/**
 * cli_process_end:
 * @signal_number: what to send first, or 0
 *
 * Waits for the end.
 *
 * Returns: as #CliResult.status
 */
int
cli_process_end (CliProcess *process,
                 int         signal_number)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) ready = NULL;
  g_autoptr (GError) error = NULL;

  if (signal_number != 0)
    g_subprocess_send_signal (process->subprocess, signal_number);
  g_subprocess_wait_async (process->subprocess, cancellable, async_ready_cb, &ready);
  wait_result (&ready, cancellable);
  g_subprocess_wait_finish (process->subprocess, ready, &error);
  g_assert_no_error (error);
  return exit_status (process->subprocess);
}

void
cli_process_free (CliProcess *process)
{
  g_subprocess_force_exit (process->subprocess);
  g_clear_object (&process->out);
  g_clear_object (&process->subprocess);
  g_free (process);
}
