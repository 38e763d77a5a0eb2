#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-manifest.py MANIFEST APP_ID: the manifest is what a reviewer expects.

It is named after the application, asks for exactly the permissions below, and
builds without the network from sources that cannot change unnoticed.
"""

import json
import pathlib
import sys

# Why each: the node speaks UDP; X11's shared memory; the window, on Wayland or
# else on X11; the GPU that draws it.
PERMISSIONS = {
    "--share=network",
    "--share=ipc",
    "--socket=wayland",
    "--socket=fallback-x11",
    "--device=dri",
    "--talk-name=org.freedesktop.secrets",
    "--system-talk-name=org.freedesktop.Avahi",
}
RUNTIME = {"runtime": "org.gnome.Platform", "sdk": "org.gnome.Sdk", "runtime-version": "51"}


def unique(pairs):
    """Build an object of JSON, refusing a member named twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a member is named twice: " + ", ".join(name for name, _ in pairs))
    return result


def faults(path, app_id):
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    if path.name != app_id + ".json" or manifest.get("id") != app_id:
        yield f"file name and id are not those of {app_id}"
    if manifest.get("command") != "roundtable":
        yield "the command is not roundtable"
    for name, value in RUNTIME.items():
        if manifest.get(name) != value:
            yield f"{name} is {manifest.get(name)}, not {value}"

    asked = manifest.get("finish-args", [])
    for permission in sorted(PERMISSIONS - set(asked)):
        yield f"{permission} is missing"
    for permission in sorted(set(asked) - PERMISSIONS):
        yield f"{permission} is not needed"
    if len(asked) != len(set(asked)):
        yield "a permission is named twice"

    modules = manifest.get("modules", [])
    if not modules or modules[-1].get("name") != "roundtable":
        yield "the last module is not roundtable"
    for module in modules:
        options = module.get("build-options", {})
        if "--share=network" in options.get("build-args", []):
            yield f"{module['name']} wants the network while it builds"
        for source in module.get("sources", []):
            if source["type"] == "git" and "commit" not in source:
                yield f"{module['name']} comes from git without a fixed commit"
            if source["type"] == "archive" and "sha256" not in source:
                yield f"{module['name']} comes from an archive without a checksum"
            if source["type"] == "dir" and not (path.parent / source["path"] / "meson.build").is_file():
                yield f"{module['name']}: nothing to build in {source['path']}"


def main():
    found = list(faults(pathlib.Path(sys.argv[1]), sys.argv[2]))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
