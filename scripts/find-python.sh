#!/bin/sh
# Print the first Python on this machine that can make Winnow's environment, or say how to get one.
# macOS and older Linux have a `python3` that is too old beside a newer one with its version in the name.
set -u

can_run() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
can_make_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

incomplete=""
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    can_run "$candidate" || continue
    if can_make_environments "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
    incomplete="${incomplete:-$candidate}"
done

if [ -n "$incomplete" ]; then
    version=$("$incomplete" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    cat >&2 <<EOF
\`$incomplete\` (Python $version) cannot make virtual environments: its ensurepip module is missing
  on Debian or Ubuntu: sudo apt-get update && sudo apt-get install python$version-venv
EOF
else
    cat >&2 <<EOF
no Python 3.11 or newer found (looked for: ${PYTHON:-python3, python3.14 … python3.11})
  on Debian 12 or newer: sudo apt-get install python3 python3-venv
  on macOS:              brew install python
  or name one:           make PYTHON=/path/to/python3 …
EOF
fi
exit 1
