#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks who includes whom: the arrows of src/DESIGN.md.

check-layers.py SOURCE_ROOT       checks the tree
check-layers.py --self-test       checks that the checker finds what is forbidden
"""

import pathlib
import re
import sys
import tempfile

PUBLIC = {'drt.h', 'drt-glib.h', 'drt-observe.h', 'drt-key.h', 'drt-endpoint.h',
          'drt-macros.h', 'drt-types.h', 'drt-hresult.h',
          'drt-certificate.h', 'drt-chain.h', 'drt-invitation.h', 'drt-security.h'}

# What of the laboratory a program may run; they include no core.
LAB_PUBLIC = {'lab-scenario.h', 'lab-figure.h'}

# Room -> rooms whose headers it may include besides its own.  'public' are the
# installed headers; what drt.h itself is made of needs neither GLib nor rooms.
MAY_INCLUDE = {
    'drt': {'public'},
    'drt/wire': {'public'},
    'drt/core': {'public', 'drt/wire'},
    'drt/certificates': {'public', 'drt/wire'},
    'drt/security': {'public', 'drt/wire', 'drt/certificates'},
    'drt/bootstrap': {'public'},
    'drt/transport': {'public'},
    'drt/api': {'public', 'drt/core', 'drt/wire', 'drt/security', 'drt/bootstrap', 'drt/transport'},
    'lab': {'public', 'drt/core', 'drt/wire'},
    'cli': {'public', 'lab-public'},
    'app': {'public', 'app/model', 'app/pages', 'app/dialogs', 'app/widgets'},
    'app/model': {'public'},
    'app/widgets': {'public', 'app/model'},
    'app/pages': {'public', 'app/model', 'app/widgets', 'app'},
    'app/dialogs': {'public', 'app/model', 'app/widgets', 'app'},
}

# At the top of libdrt beside them, and not installed: for its rooms but the wire.
INSIDE = {'drt-alloc.h', 'drt-clock.h'}

# What the public headers and the wire have to do with: of the values only.
WIRE_PUBLIC = {'drt-key.h', 'drt-endpoint.h', 'drt-macros.h'}

# Headers from outside that a room must not see.
FORBIDDEN_OUTSIDE = {
    'drt': re.compile(r'gtk|adwaita|glib-object|json-glib|gobject'),
    'cli': re.compile(r'gtk|adwaita'),
    'app/model': re.compile(r'gtk|adwaita'),
}

# D-Bus is for the bootstrap alone; what else libdrt needs of GLib has no objects.
GIO = re.compile(r'gio/')
MAY_INCLUDE_GIO = {'drt/bootstrap'}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[>"]')


def room_of(path, src):
    parts = path.relative_to(src).parts[:-1]
    for length in range(len(parts), 0, -1):
        room = '/'.join(parts[:length])
        if room in MAY_INCLUDE:
            return room
    return None


def check(root):
    src = root / 'src'
    files = sorted(p for p in src.rglob('*.[ch]'))
    homes = {}
    faults = []
    for path in files:
        if path.suffix == '.h':
            homes.setdefault(path.name, []).append(room_of(path, src))

    for name, rooms in homes.items():
        if len(rooms) > 1:
            faults.append(f'{name} exists in several rooms: {rooms}')

    for path in files:
        room = room_of(path, src)
        where = path.relative_to(root)
        if room is None:
            faults.append(f'{where} lies in no room')
            continue
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            match = INCLUDE.match(line)
            if match is None:
                continue
            kind, name = match.groups()
            if kind == '<':
                if room.split('/')[0] == 'drt' and room not in MAY_INCLUDE_GIO and GIO.search(name):
                    faults.append(f'{where}:{number}: {room} must not include <{name}>')
                for prefix, pattern in FORBIDDEN_OUTSIDE.items():
                    if (room == prefix or room.startswith(prefix + '/')) and pattern.search(name):
                        faults.append(f'{where}:{number}: {room} must not include <{name}>')
                continue
            name = pathlib.PurePath(name).name
            if name not in homes:
                continue     # made by the build
            home = homes[name][0]
            if name in PUBLIC:
                if room == 'drt/wire' and name not in WIRE_PUBLIC:
                    faults.append(f'{where}:{number}: wire knows no node, and includes {name}')
                continue
            if name in INSIDE:
                if not room.startswith('drt') or room == 'drt/wire':
                    faults.append(f'{where}:{number}: {room} must not include {name}')
                continue
            if path.name in LAB_PUBLIC and name not in LAB_PUBLIC:
                faults.append(f'{where}:{number}: what cli sees of the laboratory must not include {name}')
                continue
            if name in LAB_PUBLIC and 'lab-public' in MAY_INCLUDE[room]:
                continue
            if home != room and home not in MAY_INCLUDE[room]:
                faults.append(f'{where}:{number}: {room} must not include {home}/{name}')
    return files, faults


def self_test():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)

        def write(name, text):
            path = root / 'src' / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding='utf-8')

        write('drt/drt.h', '')
        write('drt/core/drt-node.h', '#include "drt.h"\n')
        write('drt/wire/drt-message.h', '#include "drt.h"\n')           # fault
        write('drt/wire/drt-bad.c', '#include "drt-node.h"\n')          # fault
        write('drt/security/drt-bad.c', '#include "../core/drt-node.h"\n')  # fault
        write('cli/bad.c', '#include "drt-node.h"\n')                   # fault
        write('lab/lab-mesh.h', '#include "drt-node.h"\n')
        write('lab/lab-figure.h', '')
        write('lab/lab-scenario.h', '#include "lab-figure.h"\n#include "lab-mesh.h"\n')  # fault
        write('cli/lab.c', '#include "lab-scenario.h"\n#include "lab-mesh.h"\n')       # fault
        write('drt/api/drt-bad.c', '#include <gio/gio.h>\n')            # fault
        write('drt/bootstrap/drt-good.c', '#include <gio/gio.h>\n')
        write('app/widgets/rt-widget.h', '')
        write('app/model/bad.c', '#include <gtk/gtk.h>\n#include "rt-widget.h"\n')  # two faults
        write('app/pages/good.c', '#include <gtk/gtk.h>\n#include "rt-widget.h"\n#include "drt.h"\n')
        _, faults = check(root)
        assert len(faults) == 9, '\n'.join(faults)
    print('the checker finds all nine')


def main():
    if sys.argv[1:] == ['--self-test']:
        self_test()
        return 0
    root = pathlib.Path(sys.argv[1])
    files, faults = check(root)
    for fault in faults:
        print(fault)
    if len(files) < 50:
        print(f'only {len(files)} files were found under {root}')
        return 1
    print(f'{len(files)} files, {len(faults)} forbidden includes')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
