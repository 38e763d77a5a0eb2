# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shared by run, test, fuzz and screenshots (bash; sourced). It finds out where the
# work can be done: on this system, when it has the libraries or can have them,
# or inside a Debian 13 root made for the purpose. After prepare_environment
# every command of the work goes through "${inside[@]}".

set -euo pipefail

[ -n "${HOME:-}" ] || HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
export HOME

readonly SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly PACKAGES="$SOURCE/build-aux/packages"
readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/roundtable"
readonly GTK_FLOOR=4.18 ADWAITA_FLOOR=1.7

# bash -c "$UNINSTALLED" NAME BUILD COMMAND…: COMMAND with what it needs to run
# from the build directory
readonly UNINSTALLED='
  export XDG_DATA_DIRS="${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
  . "$1/devenv.sh"
  shift
  exec "$@"'

inside=()            # prefix of every command: empty, or bwrap with its arguments
environment=system   # names the place in the build directory's stamp
root_uses=(build display test)   # what a Debian 13 root is made for

say ()
{
  printf 'roundtable: %s\n' "$*" >&2
}

die ()
{
  say "$@"
  exit 1
}

# step MESSAGE COMMAND…: runs COMMAND silently; MESSAGE appears when it takes
# more than two seconds, what COMMAND printed when it fails.
step ()
{
  local message="$1" log timer status=0
  shift
  log="$(mktemp)"
  # A pipe nobody writes to is a clock that leaves no process behind
  { read -r -t 2 _ <> <(:) || ! kill -0 $$ 2>/dev/null || say "$message"; } &
  timer=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$timer" 2>/dev/null || true
  wait "$timer" 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    say "$message: failed with status $status"
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

# ---- what is installed ------------------------------------------------------

# rows USE…: the package list's rows for these uses
rows ()
{
  local uses=" $* " use rest
  while read -r use rest; do
    case "$use" in ''|'#'*) continue ;; esac
    case "$uses" in *" $use "*) printf '%s %s\n' "$use" "$rest" ;; esac
  done <"$PACKAGES"
}

present ()
{
  local what="${1#*:}" path
  case "$1" in
    -) return 0 ;;
    cmd:*) command -v "$what" >/dev/null ;;
    pc:*) pkg-config --exists "${what%%>=*} >= ${what#*>=}" 2>/dev/null ;;
    py:*) python3 -c "import $what" 2>/dev/null ;;
    gir:*) python3 -c "import gi; gi.require_version ('${what%-*}', '${what##*-}')" 2>/dev/null ;;
    file:*)
      while [ -n "$what" ]; do
        path="${what%%:*}"
        [ -e "$path" ] && return 0
        case "$what" in *:*) what="${what#*:}" ;; *) what= ;; esac
      done
      return 1 ;;
    *) die "$PACKAGES: unknown probe $1" ;;
  esac
}

# names MANAGER USE…: the packages of these uses, as MANAGER calls them
names ()
{
  local manager="$1" use probe apt dnf pacman zypper purpose
  shift
  rows "$@" | while read -r use probe apt dnf pacman zypper purpose; do
    printf '%s\n' "${!manager}"
  done | sort -u
}

# missing USE…: true when something of these uses is not installed
missing ()
{
  local use probe rest
  while read -r use probe rest; do
    present "$probe" || return 0
  done < <(rows "$@")
  return 1
}

package_manager ()
{
  local manager
  for manager in apt-get dnf pacman zypper; do
    command -v "$manager" >/dev/null && { printf '%s\n' "${manager%-get}"; return 0; }
  done
  return 1
}

install_command ()
{
  case "$1" in
    apt) printf 'apt-get install --no-install-recommends' ;;
    dnf) printf 'dnf install' ;;
    pacman) printf 'pacman -S --needed' ;;
    zypper) printf 'zypper install --no-recommends' ;;
  esac
}

apt_install ()
{
  export DEBIAN_FRONTEND=noninteractive
  local options=(-y -q --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
  apt-get install "${options[@]}" "$@" || {
    apt-get update -q -o Acquire::Retries=3
    apt-get install "${options[@]}" "$@"
  }
}

# need_packages MANAGER WHY PACKAGE…: installs them where that is ours to do,
# else says how and stops
need_packages ()
{
  local manager="$1" why="$2"
  shift 2
  if [ "$manager" = apt ] && [ "$(id -u)" -eq 0 ]; then
    step "installing packages $why" apt_install "$@" || die "the packages $why could not be installed"
  else
    say "some packages $why are not installed. Install them with:"
    printf '  sudo %s %s\n' "$(install_command "$manager")" "$*" >&2
    exit 1
  fi
}

# ---- this system ------------------------------------------------------------

# The versions of GTK and libadwaita that apt would install, or nothing
candidates ()
{
  LC_ALL=C apt-cache policy libgtk-4-dev libadwaita-1-dev 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v none || true
}

# system_can MANAGER: the libraries are here in versions new enough, or the
# system's packages would bring them
system_can ()
{
  local versions
  if present "pc:gtk4>=$GTK_FLOOR" && present "pc:libadwaita-1>=$ADWAITA_FLOOR"; then
    return 0
  fi
  [ "$1" = apt ] || return 0
  mapfile -t versions < <(candidates)
  if [ "${#versions[@]}" -eq 0 ] && [ "$(id -u)" -eq 0 ]; then
    step "fetching the system's package lists" apt-get update -q -o Acquire::Retries=3 || true
    mapfile -t versions < <(candidates)
  fi
  [ "${#versions[@]}" -eq 2 ] &&
    dpkg --compare-versions "${versions[0]}" ge "$GTK_FLOOR" &&
    dpkg --compare-versions "${versions[1]}" ge "$ADWAITA_FLOOR"
}

# Without dconf GSettings would forget everything when the program ends
keep_settings ()
{
  local modules
  modules="$(pkg-config --variable=giomoduledir gio-2.0 2>/dev/null)" || return 0
  [ -e "$modules/libdconfsettings.so" ] || export GSETTINGS_BACKEND="${GSETTINGS_BACKEND:-keyfile}"
}

prepare_system ()
{
  local manager="$1" list
  shift
  missing "$@" || { keep_settings; return 0; }
  [ -n "$manager" ] || die "GTK >= $GTK_FLOOR, libadwaita >= $ADWAITA_FLOOR or another package of build-aux/packages is not installed, and none of apt, dnf, pacman, zypper is here to name it"
  mapfile -t list < <(names "$manager" "$@")
  need_packages "$manager" "for Roundtable" "${list[@]}"
  keep_settings
}

# ---- the Debian 13 root -----------------------------------------------------

# The host's own Debian mirror, when it is a Debian with one of its own
host_mirror ()
{
  local codename
  codename="$(. /etc/os-release && [ "${ID:-}" = debian ] && printf '%s' "${VERSION_CODENAME:-}")" || return 0
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -v release="$codename" '$2 == release && $3 == "main" { sub ("/+$", "", $1); print $1; exit }' |
    grep -v '^http://deb\.debian\.org/debian$' || true
}

# bootstrap DIRECTORY [MIRROR]
bootstrap ()
{
  local directory="$1" mirror="${2:-}" include
  local options=(--variant=apt
                 --aptopt='Acquire::Retries "3"'
                 --dpkgopt=force-unsafe-io
                 --dpkgopt='path-exclude=/usr/share/doc/*'
                 --dpkgopt='path-exclude=/usr/share/man/*'
                 --dpkgopt='path-exclude=/usr/share/gtk-doc/*')
  include="$(names apt "${root_uses[@]}" | paste -sd,)"
  rm -rf --one-file-system "$directory"
  if [ "$(id -u)" -eq 0 ]; then
    mmdebstrap "${options[@]}" --include="$include" trixie "$directory" ${mirror:+"$mirror"}
  else
    # Through an archive, so that every file is the user's own and can be removed
    mkdir "$directory"
    TMPDIR="$CACHE" mmdebstrap "${options[@]}" --include="$include" --format=tar trixie - ${mirror:+"$mirror"} |
      tar -x -C "$directory" --no-same-owner --exclude='./dev/*'
  fi
}

make_root ()
{
  local root="$1" partial="$1.partial" mirror
  rm -rf --one-file-system "$CACHE"/debian-13-*.partial
  mirror="$(host_mirror)"
  if ! bootstrap "$partial" "$mirror"; then
    [ -n "$mirror" ] || return 1
    bootstrap "$partial"
  fi
  [ -x "$partial/usr/bin/meson" ] || return 1
  [ -s "$partial/etc/machine-id" ] || tr -d - </proc/sys/kernel/random/uuid >"$partial/etc/machine-id"
  mv "$partial" "$root"
}

# Roots of earlier package lists that nothing used for a month
drop_old_roots ()
{
  local lock
  find "$CACHE" -maxdepth 1 -name 'debian-13-*.lock' -mtime +30 | while IFS= read -r lock; do
    flock -n "$lock" rm -rf --one-file-system "${lock%.lock}" && rm -f "$lock"
  done
}

prepare_root ()
{
  local hash root
  command -v mmdebstrap >/dev/null && command -v bwrap >/dev/null && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] ||
    need_packages apt "for a Debian 13 root (GTK $GTK_FLOOR is not to be had here)" mmdebstrap bubblewrap debian-archive-keyring \
                  $([ "$(id -u)" -eq 0 ] || echo uidmap)
  hash="$(names apt "${root_uses[@]}" | sha256sum | cut -c1-12)"
  root="$CACHE/debian-13-$hash"
  mkdir -p "$CACHE"

  exec 8>"$CACHE/lock"
  flock -n 8 || step "waiting for another run to finish making the Debian 13 root" flock 8
  if [ ! -d "$root" ]; then
    step "making a Debian 13 root in $CACHE (once; a minute or two, 1 GB)" make_root "$root" ||
      die "the Debian 13 root could not be made"
  fi
  # Held for reading until this run ends, so that nobody removes the root
  exec 9>"$root.lock"
  flock -s 9
  drop_old_roots
  exec 8>&-

  environment="root $hash"
  enter_root "$root"
  "${inside[@]}" true || die "bubblewrap (bwrap) cannot enter the Debian 13 root here; see its message above"
}

# Only what a program may need of the user's session gets in: variables that
# name paths or compilers of the host mean nothing inside.
session_variables ()
{
  local name
  for name in $(compgen -e); do
    case "$name" in
      HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|NO_COLOR|TZ|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|\
      XDG_RUNTIME_DIR|XDG_CONFIG_HOME|XDG_DATA_HOME|XDG_CACHE_HOME|XDG_STATE_HOME|\
      XDG_SESSION_TYPE|XDG_CURRENT_DESKTOP|XDG_ACTIVATION_TOKEN|DESKTOP_STARTUP_ID|\
      DBUS_SESSION_BUS_ADDRESS|G_MESSAGES_DEBUG|G_DEBUG|GTK_*|GDK_*|GSK_*|ADW_*|DRT_*|RT_*|\
      MESON_TESTTHREADS|*SAN_OPTIONS)
        inside+=(--setenv "$name" "${!name}") ;;
    esac
  done
}

# Everything of the host except its operating system keeps its place inside
host_directories ()
{
  local directory
  for directory in /*; do
    [ -d "$directory" ] || continue
    case "$directory" in
      /bin|/boot|/dev|/etc|/lib|/lib32|/lib64|/libx32|/proc|/run|/sbin|/sys|/usr|/var|/lost+found) ;;
      *) inside+=(--bind-try "$directory" "$directory") ;;
    esac
  done
  for directory in "${XDG_RUNTIME_DIR:-}" /run/dbus /run/user /var/tmp; do
    [ -z "$directory" ] || inside+=(--bind-try "$directory" "$directory")
  done
  for directory in "$HOME" "$CACHE" "${XDG_CONFIG_HOME:-}" "${XDG_DATA_HOME:-}" "${XDG_STATE_HOME:-}" "$SOURCE"; do
    case "$directory" in
      ''|/) ;;
      *) [ ! -d "$directory" ] || inside+=(--bind "$directory" "$directory") ;;
    esac
  done
}

enter_root ()
{
  local zone
  inside=(bwrap --bind "$1" / --dev-bind /dev /dev --proc /proc --ro-bind-try /sys /sys
          --unshare-pid --die-with-parent --clearenv)
  session_variables
  inside+=(--setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
           --setenv LC_ALL C.UTF-8
           --setenv GSETTINGS_BACKEND keyfile)
  zone="$(readlink -f /etc/localtime)" || zone=
  case "${TZ:-}$zone" in
    /usr/share/zoneinfo/*) inside+=(--setenv TZ "${zone#/usr/share/zoneinfo/}") ;;
  esac
  host_directories
  inside+=(--ro-bind-try /etc/passwd /etc/passwd --ro-bind-try /etc/group /etc/group
           --ro-bind-try /etc/hosts /etc/hosts)
  [ ! -e /etc/resolv.conf ] || [ ! -e "$1/etc/resolv.conf" ] ||
    inside+=(--ro-bind "$(readlink -f /etc/resolv.conf)" /etc/resolv.conf)
  [ ! -s /etc/machine-id ] || inside+=(--ro-bind-try /etc/machine-id /etc/machine-id)
  case "$PWD/" in
    /usr/*|/etc/*|/var/*|/run/*|/lib*/*|/bin/*|/sbin/*|/boot/*) inside+=(--chdir "$SOURCE") ;;
    *) inside+=(--chdir "$PWD") ;;
  esac
  inside+=(env --default-signal=INT)
}

# within COMMAND…: becomes COMMAND. Ctrl+C shall reach the program inside, which
# then leaves the mesh properly, and not end bwrap, which would kill it.
within ()
{
  [ "${#inside[@]}" -eq 0 ] || trap '' INT
  exec "${inside[@]}" "$@"
}

# ---- both -------------------------------------------------------------------

# prepare_environment USE…: afterwards "${inside[@]}" has what these uses need
prepare_environment ()
{
  local manager
  manager="$(package_manager)" || manager=
  # Fuzzing has a root of its own: clang would double the size of everybody's
  case " $* " in *" fuzz "*) root_uses=("$@") ;; esac
  if system_can "$manager"; then
    prepare_system "$manager" "$@"
  else
    prepare_root
  fi
}

# isolate: from here on "${inside[@]}" neither sees nor changes the settings,
# keys, windows and session of whoever runs this
isolate ()
{
  home="$(mktemp -d "${TMPDIR:-/tmp}/roundtable-home.XXXXXX")"
  trap 'rm -rf "$home"' EXIT
  inside+=(env -u DISPLAY -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS
           XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data"
           XDG_STATE_HOME="$home/state" XDG_CACHE_HOME="$home/cache"
           GSETTINGS_BACKEND=memory)
}

build_locked ()
{
  local directory="$1" message="$2" stamp
  shift 2
  stamp="$environment $SOURCE $*"
  if [ -e "$directory/meson-private" ] && [ "$(cat "$directory/.roundtable-stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$directory"
  fi
  if [ ! -e "$directory/build.ninja" ]; then
    rm -rf "$directory/meson-private"
    step "configuring ${directory##*/}" "${inside[@]}" meson setup "$directory" "$SOURCE" "$@" || return 1
    printf '%s\n' "$stamp" >"$directory/.roundtable-stamp"
  fi
  step "$message" "${inside[@]}" ninja -C "$directory" all meson-test-prereq || return 1
  [ "$directory/devenv.sh" -nt "$directory/build.ninja" ] ||
    "${inside[@]}" meson devenv -C "$directory" --dump "$directory/devenv.sh" >/dev/null
}

# build DIRECTORY MESSAGE OPTION…: configures the directory if it is not, or if
# it was made elsewhere, and builds; one at a time in one checkout
build ()
{
  local status=0
  exec 7<"$SOURCE/build-aux"
  flock -n 7 || step "waiting for another build of this checkout" flock 7
  build_locked "$@" || status=$?
  exec 7<&-
  return "$status"
}
