#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-potfiles.py SOURCE [--write]: POTFILES.in names every file with text.

It must name every file with text to translate and no other, sorted. What is
not so is printed, and the exit status is 1; with --write it is put right.
"""

import pathlib
import re
import sys

CALL = re.compile(r"\b(?:_|N_|C_|NC_|Q_|gettext|ngettext|dgettext|g_dgettext|g_dngettext|g_dpgettext2?|dpgettext)\s*\(")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r"""'(?:\\.|[^'\\\n])'|"(?:\\.|[^"\\\n])*\"""")

# Texts that are found by the kind of file, not by a call
DATA = (".desktop.in", ".metainfo.xml.in", ".gschema.xml")


def has_text(path):
    """Whether a file holds text that xgettext would take."""
    if path.name.endswith(DATA):
        return True
    # A call within a string or a comment is none
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".c", ".h"):
        # gettext's own macros are defined, not called, in a header
        text = re.sub(r"^\s*#\s*define.*$", "", text, flags=re.MULTILINE)
    text = STRING.sub('""', text)
    return CALL.search(COMMENT.sub("", text)) is not None


def candidates(source):
    for directory, patterns in (("data", ["*" + end for end in DATA]), ("src", ["*.c", "*.h", "*.blp", "*.ui"])):
        for pattern in patterns:
            yield from (source / directory).rglob(pattern)


def main():
    source = pathlib.Path(sys.argv[1])
    list_file = source / "po" / "POTFILES.in"
    lines = list_file.read_text(encoding="utf-8").splitlines()
    named = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    wanted = sorted(path.relative_to(source).as_posix() for path in candidates(source) if has_text(path))
    if "--write" in sys.argv[2:]:
        comments = [line for line in lines if line.startswith("#")]
        list_file.write_text("\n".join(comments + wanted) + "\n", encoding="utf-8")
        return 0

    missing = [name for name in wanted if name not in named]
    superfluous = [name for name in named if name not in wanted]
    for name in missing:
        print(f"po/POTFILES.in lacks {name}")
    for name in superfluous:
        print(f"po/POTFILES.in names {name}, which is absent or has no text to translate")
    if not missing and not superfluous and named != wanted:
        print("po/POTFILES.in is not sorted or names a file twice")
    if not wanted:
        print("no file with text to translate was found at all")
    return 0 if wanted and named == wanted else 1


if __name__ == "__main__":
    sys.exit(main())
