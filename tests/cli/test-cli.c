/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli-process.h"

/* The drt tool as people and scripts meet it: processes, their output and their
 * exit codes, on [::1]. */

#define KEY_A "00000000000000000000000000000000000000000000000000000000000000aa"

/* A word of @length times @letter. */
static char *
repeat (char  letter,
        gsize length)
{
  char *text = g_malloc (length + 1);

  memset (text, letter, length);
  text[length] = '\0';
  return text;
}

/* ---- Without a mesh ----------------------------------------------------- */

static void
test_help (void)
{
  static const char *const commands[] = { "node", "mesh", "search", "lab", "bench", "explain", "key", "cert" };
  g_autoptr (CliResult) help = cli_run ("--help", NULL);
  g_autoptr (CliResult) version = cli_run ("--version", NULL);

  g_assert_cmpint (help->status, ==, 0);
  g_assert_cmpint (version->status, ==, 0);
  g_assert_true (g_str_has_prefix (version->out, "drt "));
  cli_assert_contains (help->out, "Exit codes:");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (CliResult) of_command = cli_run (commands[i], "--help", NULL);
      g_autoptr (CliResult) other_way = cli_run ("help", commands[i], NULL);

      cli_assert_contains (help->out, commands[i]);
      g_assert_cmpint (of_command->status, ==, 0);
      g_assert_cmpstr (of_command->err, ==, "");
      cli_assert_contains (of_command->out, "Usage:");
      cli_assert_contains (of_command->out, "--json");
      cli_assert_contains (of_command->out, "Exit codes:");
      g_assert_cmpstr (other_way->out, ==, of_command->out);
    }
}

static void
test_usage (void)
{
  g_autofree char *short_key = repeat ('a', 62);
  g_autofree char *odd_key = repeat ('a', 63);
  g_autofree char *long_payload = repeat ('x', 5121);
  g_autofree char *long_registration = g_strconcat (KEY_A "=", long_payload, NULL);
  const struct
  {
    const char *arguments[6];
    const char *message;
  } table[] = {
    { { NULL }, "which command?" },
    { { "serach" }, "did you mean “search”?" },
    { { "frobnicate" }, "there is no command “frobnicate”" },
    { { "node", "--prot", "5000" }, "did you mean “--port”?" },
    { { "mesh", "--xyzzy" }, "there is no option “--xyzzy”" },
    { { "node", "--port" }, "--port" },
    { { "node", "--port", "http" }, "http" },
    { { "node", "--port", "80" }, "DRT_E_INVALID_PORT" },
    { { "node", "--port", "65536" }, "DRT_E_INVALID_PORT" },
    { { "node", "--port", "-1" }, "DRT_E_INVALID_PORT" },
    { { "node", "--scope", "galaxy" }, "DRT_E_INVALID_SCOPE" },
    { { "node", "--link", "nosuchlink0" }, "no network interface “nosuchlink0”" },
    { { "node", "--scope", "loopback", "--link", "lo" }, "exclude each other" },
    { { "node", "--mode", "secret" }, "DRT_E_INVALID_SECURITY_MODE" },
    { { "node", "--protocol", "6" }, "MAJOR.MINOR" },
    { { "node", "--protocol", "6.256" }, "MAJOR.MINOR" },
    { { "node", "--capture", "/nonexistent/file" }, "“/nonexistent/file” cannot be written" },
    { { "node", "extra" }, "one word too many" },
    { { "node", "--bootstrap", "host" }, "no HOST:PORT" },
    { { "node", "--bootstrap", "::1:5000" }, "into brackets" },
    { { "node", "--bootstrap", "[::1]:80" }, "1024 to 65535" },
    { { "node", "--bootstrap", "[::1]:" }, "1024 to 65535" },
    { { "node", "--bootstrap", ":5000" }, "no HOST:PORT" },
    { { "node", "--register", short_key }, "DRT_E_INVALID_KEY_SIZE" },
    { { "node", "--register", odd_key }, "not 63" },
    { { "node", "--register", "hello=world" }, "is no key" },
    { { "node", "--register", "text:" }, "needs words" },
    { { "node", "--register", KEY_A "=" }, "1 to 5120 bytes, this one has 0" },
    { { "node", "--register", long_registration }, "1 to 5120 bytes, this one has 5121" },
    { { "mesh", "--nodes", "0" }, "1 to 2000" },
    { { "mesh", "--nodes", "100000" }, "1 to 2000" },
    { { "mesh", "--keys-per-node", "0" }, "1 to 64" },
    { { "mesh", "--nodes", "2000", "--keys-per-node", "64" }, "more than 20000 keys" },
    { { "search" }, "one KEY" },
    { { "search", KEY_A }, "--bootstrap HOST:PORT" },
    { { "search", short_key, "--bootstrap", "[::1]:5000" }, "DRT_E_INVALID_KEY_SIZE" },
    { { "search", KEY_A, "--bootstrap", "[::1]:5000", "--timeout=0" }, "1 to 3600000" },
    { { "lab" }, "one SCENARIO" },
    { { "lab", "stabel" }, "did you mean “stable”?" },
    { { "lab", "frobnicate" }, "there is no scenario “frobnicate”" },
    { { "lab", "stable", "churn" }, "one SCENARIO" },
    { { "lab", "stable", "--nodes=1" }, "2 to 2000000 nodes" },
    { { "lab", "stable", "--loss=91" }, "0 to 90 per cent" },
    { { "lab", "stable", "--seed=-1" }, "the seed is" },
    { { "lab", "stable", "--minutes=nan" }, "minutes are" },
    { { "bench", "more" }, "one word too many" },
    { { "bench", "--nodes=1" }, "it must be 2 to 100" },
    { { "bench", "--searches=0" }, "--searches is 0" },
    { { "bench", "--provider=3.0" }, "not “3.0”" },
    { { "explain" }, "one CODE" },
    { { "key" }, "one TEXT" },
    { { "key", "" }, "empty" },
    { { "key", "text", "--random" }, "or --random" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (CliResult) result = cli_runv (table[i].arguments);

      g_test_message ("%s", result->err);
      cli_assert_refused (result, 2, table[i].message);
      cli_assert_contains (result->err, "--help");
    }
}

static void
test_explain (void)
{
  static const char *const ways[] = { "DRT_E_INVALID_KEY_SIZE", "drt_e_invalid_key_size", "0x80621002", "2153910274", "-2141057022" };
  g_autoptr (CliResult) unknown = cli_run ("explain", "DRT_E_NONSENSE", NULL);
  g_autoptr (CliResult) number = cli_run ("explain", "0x80621003", NULL);
  g_autoptr (CliResult) all = cli_run ("explain", "--all", "--json", NULL);
  g_autoptr (GPtrArray) codes = cli_result_objects (all);
  guint n_drt = 0;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (CliResult) result = cli_run ("explain", ways[i], NULL);

      g_assert_cmpint (result->status, ==, 0);
      cli_assert_contains (result->out, "DRT_E_INVALID_KEY_SIZE\n");
      cli_assert_contains (result->out, "0x80621002 (-2141057022)\n");
    }
  cli_assert_refused (unknown, 1, "DRT_E_NONSENSE");
  cli_assert_refused (number, 1, "0x80621003");

  /* drt.h has 41 errors and one success code of the DRT. */
  for (guint i = 0; i < codes->len; i++)
    {
      JsonObject *code = codes->pdata[i];

      g_assert_cmpstr (json_object_get_string_member (code, "sentence"), !=, "");
      if (g_str_has_prefix (json_object_get_string_member (code, "code"), "DRT_"))
        n_drt++;
    }
  g_assert_cmpuint (n_drt, ==, 42);
}

static void
test_key (void)
{
  /* SHA-256 of the three letters, FIPS 180-2 appendix B.1. */
  static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  g_autoptr (CliResult) text = cli_run ("key", "abc", NULL);
  g_autoptr (CliResult) json = cli_run ("key", "abc", "--json", NULL);
  g_autoptr (GPtrArray) objects = cli_result_objects (json);
  g_autoptr (CliResult) random_1 = cli_run ("key", "--random", NULL);
  g_autoptr (CliResult) random_2 = cli_run ("key", "--random", NULL);
  g_autofree char *line = g_strconcat (abc, "\n", NULL);

  g_assert_cmpint (text->status, ==, 0);
  g_assert_cmpstr (text->out, ==, line);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (objects->pdata[0], "key"), ==, abc);
  g_assert_cmpuint (strlen (random_1->out), ==, 65);
  g_assert_cmpstr (random_1->out, !=, random_2->out);
}

/* A UDP socket of ours, so that its port is taken, or known to be silent. */
static int
occupy_port (guint16 *port)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = in6addr_any };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &length), ==, 0);
  *port = ntohs (address.sin6_port);
  return fd;
}

static void
test_port_in_use (void)
{
  guint16 port;
  int fd = occupy_port (&port);
  g_autofree char *text = g_strdup_printf ("%u", port);
  g_autoptr (CliResult) result = cli_run ("node", "--port", text, NULL);

  cli_assert_refused (result, 3, "WSAEADDRINUSE");
  cli_assert_contains (result->err, text);
  cli_assert_contains (result->err, "0x80072740");
  cli_assert_contains (result->err, "--port");
  close (fd);
}

static void
test_duplicate_key (void)
{
  g_autoptr (CliResult) result = cli_run ("node", "--scope", "loopback", "--register", KEY_A "=1", "--register", KEY_A "=2", NULL);

  cli_assert_contains (result->err, "DRT_E_DUPLICATE_KEY");
  cli_assert_contains (result->err, KEY_A);
  g_assert_cmpint (result->status, ==, 3);
}

static void
test_unknown_host (void)
{
  g_autoptr (CliResult) result = cli_run ("search", KEY_A, "--bootstrap", "no-such-host.invalid:5000", NULL);

  cli_assert_refused (result, 3, "no-such-host.invalid");
  cli_assert_contains (result->err, "check the spelling");
}

static void
test_nobody_answers (void)
{
  guint16 port;
  int fd = occupy_port (&port);
  g_autofree char *endpoint = g_strdup_printf ("[::1]:%u", port);
  g_autoptr (CliResult) result = cli_run ("search", KEY_A, "--bootstrap", endpoint, "--timeout", "1500", NULL);

  cli_assert_refused (result, 4, "nobody answered at");
  cli_assert_contains (result->err, endpoint);
  close (fd);
}

/* A capture file that cannot be written to its end is told once, and the command goes on. */
static void
test_capture_full (void)
{
  guint16 port;
  int fd = occupy_port (&port);
  g_autofree char *endpoint = g_strdup_printf ("[::1]:%u", port);
  g_autoptr (CliResult) result = cli_run ("search", KEY_A, "--bootstrap", endpoint, "--timeout", "500",
                                          "--capture", "/dev/full", NULL);
  const char *told = strstr (result->err, "“/dev/full” ends here");

  cli_assert_refused (result, 4, "nobody answered at");
  g_assert_nonnull (told);
  g_assert_null (strstr (told + strlen ("“/dev/full” ends here"), "ends here"));
  close (fd);
}

/* Nor is what was asked for lost without a word. */
static void
test_output_full (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) subprocess = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *err = NULL;

  g_subprocess_launcher_set_stdout_file_path (launcher, "/dev/full");
  subprocess = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("DRT_TOOL"), "explain", "--all", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (subprocess, NULL, NULL, NULL, &err, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_term_sig (subprocess), ==, SIGTERM);
  g_assert_cmpstr (err, ==, "drt explain: the output cannot be written: No space left on device\n");
}

/* ---- With a mesh -------------------------------------------------------- */

typedef struct
{
  CliProcess *process;
  GPtrArray *nodes;      /* JsonObject: endpoint, key, payload */
} Mesh;

static void
mesh_start (Mesh       *mesh,
            const char *n_nodes,
            const char *mode,
            const char *seed)
{
  mesh->process = cli_process_new ("mesh", "--json", "--exit-on-eof", "--nodes", n_nodes, "--mode", mode, "--provider", "null",
                                   seed != NULL ? "--seed" : NULL, seed, NULL);
  mesh->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  for (int i = atoi (n_nodes); i > 0; i--)
    g_ptr_array_add (mesh->nodes, cli_process_wait (mesh->process, "node"));
  json_object_unref (cli_process_wait (mesh->process, "ready"));
}

static const char *
mesh_get (const Mesh *mesh,
          guint       node,
          const char *member)
{
  return json_object_get_string_member (mesh->nodes->pdata[node], member);
}

static void
mesh_end (Mesh *mesh)
{
  cli_process_close_stdin (mesh->process);
  g_assert_cmpint (cli_process_end (mesh->process, 0), ==, 0);
  cli_process_free (mesh->process);
  g_ptr_array_unref (mesh->nodes);
}

static JsonObject *
find_event (GPtrArray  *objects,
            const char *event)
{
  for (guint i = 0; i < objects->len; i++)
    if (g_str_equal (json_object_get_string_member (objects->pdata[i], "event"), event))
      return objects->pdata[i];
  return NULL;
}

static void
check_hops (GPtrArray *objects)
{
  gint64 number = 0;

  for (guint i = 0; i < objects->len; i++)
    {
      JsonObject *hop = objects->pdata[i];

      if (!g_str_equal (json_object_get_string_member (hop, "event"), "hop"))
        continue;
      g_assert_cmpint (json_object_get_int_member (hop, "number"), ==, ++number);
      g_assert_true (g_str_has_prefix (json_object_get_string_member (hop, "endpoint"), "[::1]:"));
      g_assert_cmpint (json_object_get_int_member (hop, "nearness"), >=, 0);
      g_assert_cmpint (json_object_get_int_member (hop, "nearness"), <=, 256);
      /* Who was late may not have been waited for. */
      if (json_object_get_int_member (hop, "latency_us") != -1)
        g_assert_cmpint (json_object_get_int_member (hop, "flags"), !=, 0);
      g_assert_cmpstr (json_object_get_string_member (hop, "verdict"), !=, "");
    }
  g_assert_cmpint (number, >=, 1);
}

static void
check_found (const CliResult *result,
             const char      *match,
             const char      *key,
             const char      *payload)
{
  g_autoptr (GPtrArray) objects = NULL;
  JsonObject *found;

  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  objects = cli_result_objects (result);
  found = find_event (objects, "result");
  g_assert_nonnull (found);
  g_assert_cmpstr (json_object_get_string_member (found, "match"), ==, match);
  g_assert_cmpstr (json_object_get_string_member (found, "key"), ==, key);
  g_assert_cmpstr (json_object_get_string_member (found, "payload"), ==, payload);
  check_hops (objects);
  g_assert_true (json_object_get_boolean_member (find_event (objects, "end"), "found"));
}

/* The last digit of @key changed: nearest is what it was. */
static char *
neighbour_of (const char *key)
{
  char *other = g_strdup (key);

  other[63] = other[63] == '0' ? '1' : '0';
  return other;
}

static void
test_mesh (gconstpointer data)
{
  Mesh mesh;

  mesh_start (&mesh, "8", data, NULL);
  for (guint i = 0; i < mesh.nodes->len; i++)
    {
      const char *key = mesh_get (&mesh, i, "key");
      const char *payload = mesh_get (&mesh, i, "payload");
      const char *endpoint = mesh_get (&mesh, (i + 3) % mesh.nodes->len, "endpoint");
      g_autofree char *beside = neighbour_of (key);
      g_autoptr (CliResult) exact = cli_run ("search", key, "--bootstrap", endpoint, "--mode", data, "--provider", "null", "--json", NULL);
      g_autoptr (CliResult) nearest = cli_run ("search", beside, "--bootstrap", endpoint, "--mode", data, "--provider", "null", "--nearest", "--json", NULL);

      check_found (exact, "exact", key, payload);
      check_found (nearest, "near", key, payload);
    }
  mesh_end (&mesh);
}

static void
test_search_text (void)
{
  g_autoptr (CliResult) found = NULL;
  g_autoptr (CliResult) missing = NULL;
  Mesh mesh;

  mesh_start (&mesh, "4", "resolve", NULL);
  found = cli_run ("search", mesh_get (&mesh, 0, "key"), "--bootstrap", mesh_get (&mesh, 3, "endpoint"), NULL);
  g_assert_cmpint (found->status, ==, 0);
  cli_assert_contains (found->out, mesh_get (&mesh, 0, "key"));
  cli_assert_contains (found->out, "Payload “node 1”");
  cli_assert_contains (found->out, "asked to prove its key");

  missing = cli_run ("search", "text:nobody publishes this", "--bootstrap", mesh_get (&mesh, 0, "endpoint"), NULL);
  g_assert_cmpint (missing->status, ==, 1);
  cli_assert_contains (missing->out, "Not found");
  mesh_end (&mesh);
}

static guint
count_lines (const char *text,
             const char *what)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    n += strstr (lines[i], what) != NULL;
  return n;
}

/* Every kind of search there is. */
static void
test_search_kinds (void)
{
  const char *zero = "0000000000000000000000000000000000000000000000000000000000000000";
  g_autoptr (CliResult) several = NULL, range = NULL, any = NULL, nobody = NULL, local = NULL, step = NULL, outside = NULL;
  const char *key, *endpoint;
  Mesh mesh;

  mesh_start (&mesh, "8", "resolve", NULL);
  key = mesh_get (&mesh, 3, "key");
  endpoint = mesh_get (&mesh, 0, "endpoint");

  several = cli_run ("search", key, "--count=5", "--bootstrap", endpoint, "--json", "--no-path", NULL);
  g_assert_cmpint (several->status, ==, 0);
  g_assert_cmpuint (count_lines (several->out, "\"match\":\"exact\""), ==, 1);
  g_assert_cmpuint (count_lines (several->out, "\"match\":\"near\""), ==, 4);
  g_assert_cmpuint (count_lines (several->out, "\"endpoint\""), ==, 0);

  range = cli_run ("search", key, "--from", key, "--to", key, "--bootstrap", endpoint, NULL);
  g_assert_cmpint (range->status, ==, 0);
  cli_assert_contains (range->out, "Found");
  any = cli_run ("search", zero, "--any", "--bootstrap", endpoint, NULL);
  g_assert_cmpint (any->status, ==, 0);
  cli_assert_contains (any->out, "Found");
  nobody = cli_run ("search", zero, "--to", zero, "--bootstrap", endpoint, NULL);
  g_assert_cmpint (nobody->status, ==, 1);
  cli_assert_contains (nobody->out, "of this range");
  outside = cli_run ("search", key, "--to", zero, "--bootstrap", endpoint, NULL);
  cli_assert_refused (outside, 2, "DRT_E_INVALID_SEARCH_RANGE");

  local = cli_run ("search", "text:mine", "--register", "text:mine=my own", "--local", "--bootstrap", endpoint, NULL);
  g_assert_cmpint (local->status, ==, 0);
  cli_assert_contains (local->out, "my own");
  cli_assert_contains (local->out, "Nobody was asked");

  /* Without input there is nobody to wait for. */
  step = cli_run ("search", "text:nobody is here", "--nearest", "--step", "--bootstrap", endpoint, NULL);
  g_assert_cmpint (step->status, ==, 0);
  cli_assert_contains (step->out, "Next ");
  cli_assert_contains (step->out, "Nearest");
  mesh_end (&mesh);
}

/* One node whose version is another hears nothing. */
static void
test_other_protocol (void)
{
  g_autoptr (CliResult) result = NULL;
  Mesh mesh;

  mesh_start (&mesh, "2", "resolve", NULL);
  result = cli_run ("search", mesh_get (&mesh, 0, "key"), "--bootstrap", mesh_get (&mesh, 0, "endpoint"),
                    "--protocol", "1.0", "--timeout", "1500", NULL);
  cli_assert_refused (result, 4, "--protocol");
  mesh_end (&mesh);
}

static void
test_seed (void)
{
  Mesh first, second;

  mesh_start (&first, "2", "resolve", "lesson 1");
  mesh_start (&second, "2", "resolve", "lesson 1");
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (mesh_get (&first, i, "key"), ==, mesh_get (&second, i, "key"));
  g_assert_cmpstr (mesh_get (&first, 0, "key"), !=, mesh_get (&first, 1, "key"));
  mesh_end (&first);
  mesh_end (&second);
}

static void
wait_status (CliProcess *process,
             const char *status)
{
  g_autoptr (JsonObject) object = cli_process_wait (process, "status");

  while (!g_str_equal (json_object_get_string_member (object, "status"), status))
    {
      json_object_unref (object);
      object = cli_process_wait (process, "status");
    }
}

/* A node joins, its key is found from elsewhere, and is gone after Ctrl+C. */
static void
test_join_and_leave (gconstpointer data)
{
  int signal_number = GPOINTER_TO_INT (data);
  g_autoptr (CliProcess) node = NULL;
  g_autoptr (JsonObject) registered = NULL;
  g_autoptr (CliResult) before = NULL;
  g_autoptr (CliResult) after = NULL;
  Mesh mesh;

  mesh_start (&mesh, "8", "resolve", NULL);
  node = cli_process_new ("node", "--json", "--bootstrap", mesh_get (&mesh, 0, "endpoint"),
                          "--register", "text:greeting=hello, wörld", NULL);
  registered = cli_process_wait (node, "registered");
  wait_status (node, "ACTIVE");
  json_object_unref (cli_process_wait (node, "announced"));

  before = cli_run ("search", "text:greeting", "--bootstrap", mesh_get (&mesh, 7, "endpoint"), "--json", NULL);
  check_found (before, "exact", json_object_get_string_member (registered, "key"), "hello, wörld");

  g_assert_cmpint (cli_process_end (node, signal_number), ==, 0);
  {
    g_autoptr (JsonObject) closed = cli_process_wait (node, "closed");

    g_assert_cmpint (json_object_get_int_member (closed, "revoked"), ==, 1);
  }

  after = cli_run ("search", "text:greeting", "--bootstrap", mesh_get (&mesh, 7, "endpoint"), NULL);
  g_assert_cmpint (after->status, ==, 1);
  mesh_end (&mesh);
}

/* A node alone says so; one that is interrupted while searching says that. */
static void
test_alone (void)
{
  g_autoptr (CliProcess) node = cli_process_new ("node", "--json", "--scope", "loopback", NULL);
  g_autoptr (JsonObject) open = cli_process_wait (node, "open");

  g_assert_cmpint (json_object_get_int_member (open, "port"), >=, 1024);
  wait_status (node, "ALONE");
  g_assert_cmpint (cli_process_end (node, SIGTERM), ==, 0);
}

static void
test_interrupted_search (void)
{
  guint16 port;
  int fd = occupy_port (&port);
  g_autofree char *endpoint = g_strdup_printf ("[::1]:%u", port);
  g_autoptr (CliProcess) search = cli_process_new ("search", KEY_A, "--bootstrap", endpoint, "--timeout", "60000", NULL);
  char datagram[2048];

  /* Its first datagram tells that it runs. */
  g_assert_cmpint (recv (fd, datagram, sizeof datagram, 0), >, 0);
  g_assert_cmpint (cli_process_end (search, SIGINT), ==, 130);
  close (fd);
}

/* Two nodes of different processes and no mesh besides. */
static void
test_two_nodes (void)
{
  g_autoptr (CliProcess) first = cli_process_new ("node", "--json", "--scope", "loopback", "--register", "random", NULL);
  g_autoptr (JsonObject) open = cli_process_wait (first, "open");
  g_autofree char *endpoint = g_strdup_printf ("[::1]:%d", (int) json_object_get_int_member (open, "port"));
  g_autoptr (CliProcess) second = cli_process_new ("node", "--json", "--bootstrap", endpoint, "--register", "random", NULL);
  g_autoptr (JsonObject) leaf_set = NULL;

  wait_status (second, "ACTIVE");
  wait_status (first, "ACTIVE");
  leaf_set = cli_process_wait (second, "leaf-set");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (leaf_set, "above")), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (leaf_set, "below")), ==, 0);

  /* What is revoked is forgotten without any maintenance. */
  g_assert_cmpint (cli_process_end (second, SIGHUP), ==, 0);
  wait_status (first, "ALONE");
  g_assert_cmpint (cli_process_end (first, SIGINT), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/usage", test_usage);
  g_test_add_func ("/cli/explain", test_explain);
  g_test_add_func ("/cli/key", test_key);
  g_test_add_func ("/cli/port-in-use", test_port_in_use);
  g_test_add_func ("/cli/duplicate-key", test_duplicate_key);
  g_test_add_func ("/cli/unknown-host", test_unknown_host);
  g_test_add_func ("/cli/nobody-answers", test_nobody_answers);
  g_test_add_func ("/cli/capture-full", test_capture_full);
  g_test_add_func ("/cli/output-full", test_output_full);
  g_test_add_func ("/cli/alone", test_alone);
  g_test_add_func ("/cli/interrupted-search", test_interrupted_search);
  g_test_add_func ("/cli/two-nodes", test_two_nodes);
  g_test_add_data_func ("/cli/mesh/resolve", "resolve", test_mesh);
  g_test_add_data_func ("/cli/mesh/membership", "membership", test_mesh);
  g_test_add_data_func ("/cli/mesh/confidential", "confidential", test_mesh);
  g_test_add_func ("/cli/mesh/seed", test_seed);
  g_test_add_func ("/cli/search/text", test_search_text);
  g_test_add_func ("/cli/search/kinds", test_search_kinds);
  g_test_add_func ("/cli/search/other-protocol", test_other_protocol);
  g_test_add_data_func ("/cli/join-and-leave/sigint", GINT_TO_POINTER (SIGINT), test_join_and_leave);
  g_test_add_data_func ("/cli/join-and-leave/sigterm", GINT_TO_POINTER (SIGTERM), test_join_and_leave);

  return g_test_run ();
}
