#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-icon.py DATA APP_ID: both icons are where they are looked for, square,
and drawn by nothing but shapes; the symbolic one in a single colour.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {SVG + name for name in ("svg", "title", "g", "path", "circle", "rect", "ellipse", "line")}


def faults(path, size):
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        yield str(error)
        return
    if root.get("viewBox") != f"0 0 {size} {size}" or root.get("width") != str(size) or root.get("height") != str(size):
        yield f"is not {size} by {size}"
    for element in root.iter():
        if element.tag not in SHAPES:
            yield f"has a {element.tag.removeprefix(SVG)}: no pictures, filters, fonts or scripts in an icon"
    if size == 16:
        colours = {element.get(name) for element in root.iter() for name in ("fill", "stroke")} - {None, "none"}
        if len(colours) != 1:
            yield f"is drawn in {len(colours)} colours; a symbolic icon has one"


def main():
    icons = pathlib.Path(sys.argv[1]) / "icons" / "hicolor"
    app_id = sys.argv[2]
    status = 0
    for path, size in ((icons / "scalable/apps" / f"{app_id}.svg", 128),
                       (icons / "symbolic/apps" / f"{app_id}-symbolic.svg", 16)):
        for fault in faults(path, size):
            print(f"{path.name}: {fault}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
