#!/bin/sh
# The main process of the worker's container: keeps a worker running, and the container alive while commands run.
#
#   worker-keeper.sh <worker command…>
#
# When a container's main process ends, everything in it is killed, also the supervisors of running commands. So a worker that dies is
# started again in here, and after a stop (TERM) the container ends only when the last supervisor has ended. A second TERM ends it at once.
set -u
pid_file="${GOLIVE_WORKER_PID_FILE:-/tmp/golive-worker.pid}"
mark="${GOLIVE_KEEPER_MARK:-GOLIVE_SUPERVISOR}" # how the ledger marks supervisors
worker=
stops=0

stop() {
  stops=$((stops + 1))
  [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null
}
trap stop TERM INT

commands_run() {
  grep -qzs "^$mark=" /proc/[0-9]*/environ
}

code=0
while [ "$stops" -eq 0 ]; do
  "$@" &
  worker=$!
  echo "$worker" > "$pid_file"
  wait "$worker"
  code=$?
  # A signal ends the wait early; the worker then still has work to hand over.
  while kill -0 "$worker" 2>/dev/null; do
    wait "$worker"
    code=$?
  done
  worker=
  if [ "$stops" -eq 0 ]; then
    echo "golive: the worker ended with code $code and is started again" >&2
    sleep "${GOLIVE_RESTART_SECONDS:-5}" &
    wait $!
  fi
done

if commands_run; then
  echo 'golive: the worker has stopped; waiting for the commands that still run' >&2
  while [ "$stops" -lt 2 ] && commands_run; do
    sleep 1 &
    wait $!
  done
fi
rm -f "$pid_file"
exit "$code"
