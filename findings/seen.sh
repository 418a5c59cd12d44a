# Shared by every finding: install pinned packages into a folder that goes away, run, compare with what was seen.
# Usage: seen "PACKAGE==VERSION ..." "python program" "output that was seen"
set -euo pipefail

seen() {
    local folder got
    folder=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder of now, not of the end
    trap "rm -rf '$folder'" EXIT
    python3 -m venv "$folder/venv"
    # shellcheck disable=SC2086  # several packages
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: $1
    got=$("$folder/venv/bin/python" -W ignore -c "$2")
    if [ "$got" != "$3" ]; then
        printf 'another behaviour than the one described\n-- seen before\n%s\n-- seen now\n%s\n' "$3" "$got"
        exit 1
    fi
    printf '%s\n' "$got"
}
