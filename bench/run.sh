#!/bin/sh
# Every measurement in turn; raw output in bench/results/. Arguments choose scripts by name: bench/run.sh pcsc_speed
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || { echo "no .venv: run make bench" >&2; exit 2; }
mkdir -p bench/results
missed=""
for script in bench/*.py; do
    name=$(basename "$script" .py)
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    echo "== $name"
    PYTHONPATH=. "$python" "$script" || missed="$missed $name"
done
[ -z "$missed" ] || { echo "missed a target or could not run:$missed" >&2; exit 1; }
