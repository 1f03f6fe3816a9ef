#!/bin/sh
# Makes .venv from nothing but Python >= 3.11 and a package index: uv, the locked requirements with
# their hashes, then the project itself. Called by the Makefile; safe to run again at any time.
set -eu
cd "$(dirname "$0")/.."

fresh_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if fresh_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Convenor needs Python 3.11 or later; none is on the PATH. Install it, or say PYTHON=/path/to/python3." >&2
    exit 1
}

if ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(find_python)
    echo "Making .venv with $("$python" -V)"
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        echo "$python can't make virtual environments; on Debian and Ubuntu install python3-venv." >&2
        exit 1
    fi
fi

if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
fi

# uv is quick; pip is the second try because it also reads an index that is set in pip.conf alone.
install() {
    .venv/bin/uv pip install --quiet --python .venv/bin/python "$@" ||
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}

echo "Installing the locked requirements"
install --require-hashes -r requirements.lock
# hatchling is among the locked requirements, so nothing is fetched to build the project.
install --no-deps --no-build-isolation -e .
