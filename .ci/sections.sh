# To be sourced. Runs named sections, one after another or beside each other, and remembers which failed. Each says when
# it is over how long it took, on the clock and of a processor's time.
#
#   section NAME COMMAND…   runs it now and shows what it prints
#   begin NAME COMMAND…     runs it in the background
#   finish NAME             waits for it and shows what it printed
#   report                  prints a line for each failure, with the last lines of what ran beside; fails when there is one

sections=$(mktemp -d)
chmod 755 "$sections" # the database server runs as another user
failed=()

# The section's times and how it ended, in one line; `time` counts what the command waited for.
TIMEFORMAT='%R s, %U + %S s of a processor'

outcome_of() { # NAME STATUS TIMES
  if [ "$2" = 0 ]; then
    printf -- '--- %s: ok after %s\n' "$1" "$3"
  else
    printf -- '--- %s: FAILED after %s\n' "$1" "$3"
    failed+=("$1")
  fi
}

section() {
  local name=$1 status=0 times
  shift
  printf '\n=== %s ===\n' "$name"
  exec 3>&1 4>&2
  times=$({ time "$@" 1>&3 2>&4 3>&- 4>&-; } 2>&1) || status=$?
  exec 3>&- 4>&-
  outcome_of "$name" "$status" "$times"
}

begin() {
  local name=$1
  shift
  (
    status=0
    times=$({ time "$@" > "$sections/$name.log" 2>&1; } 2>&1) || status=$?
    printf '%s\n%s\n' "$status" "$times" > "$sections/$name.outcome"
  ) &
  printf '%s' $! > "$sections/$name.pid"
}

finish() {
  local name=$1 outcome
  wait "$(cat "$sections/$name.pid")" || true
  printf '\n=== %s ===\n' "$name"
  cat "$sections/$name.log"
  mapfile -t outcome < "$sections/$name.outcome"
  outcome_of "$name" "${outcome[0]}" "${outcome[1]}"
}

report() {
  local name
  for name in ${failed[@]+"${failed[@]}"}; do
    printf 'failed: %s\n' "$name"
    # What ran in the background has said why long before the end.
    [ ! -f "$sections/$name.log" ] || tail -n 15 "$sections/$name.log" | cut -c 1-300 | sed 's/^/  /'
  done
  [ ${#failed[@]} -eq 0 ]
}
