#!/usr/bin/env bash
# Shows a page of WageWatch on one or two screens of this machine, for good: Chromium in kiosk mode with a profile of its
# own, started again whenever it ends. docs/kiosk.md says how to set a machine up.
#
#   scripts/kiosk.sh http://server:8080/pair [URL of the second screen]
#
# Variables:
#   CHROMIUM      the browser                       default: the first of chromium, chromium-browser, google-chrome
#   KIOSK_HOME    folder of the profiles            default: ~/.local/share/wagewatch-kiosk
#   KIOSK_SCREENS places of the screens, WxH+X+Y, separated by spaces; default: as xrandr tells, else one as large as it is
#   KIOSK_FLAGS   further flags for Chromium, separated by spaces
#   KIOSK_WAIT    "off": opens the page at once; default: waits until the server answers, which needs curl or wget
set -euo pipefail

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; }
die() { echo "kiosk: $*" >&2; exit 2; }
say() { echo "kiosk: $*"; }

case "${1-}" in -h | --help) usage; exit 0 ;; '') usage >&2; exit 2 ;; esac
[ $# -le 2 ] || die "at most two addresses, not $#"
for url in "$@"; do
  [[ $url =~ ^https?://[^[:space:]]+$ ]] || die "\"$url\" is no address: it begins with http:// or https://"
done

find_chromium() {
  local name
  for name in "${CHROMIUM-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name"; then return 0; fi
  done
  die 'no Chromium: install it ("apt-get install chromium"), or name it in CHROMIUM'
}
CHROMIUM=$(find_chromium)
KIOSK_HOME=${KIOSK_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/wagewatch-kiosk}
read -r -a more_flags <<<"${KIOSK_FLAGS-}"

# Places of the screens, the main one first.
screens() {
  if [ -n "${KIOSK_SCREENS-}" ]; then
    tr ' ' '\n' <<<"$KIOSK_SCREENS"
  elif command -v xrandr >/dev/null && [ -n "${DISPLAY-}" ]; then
    xrandr --query 2>/dev/null | sed -n 's/^[^ ]* connected \(primary \)\{0,1\}\([0-9]*x[0-9]*+[0-9]*+[0-9]*\).*/\1 \2/p' | sort -r | awk '{ print $NF }'
  fi
}
mapfile -t places < <(screens)

# Whether the server behind an address answers. A browser that is opened too early stays on its own error page for good.
healthy() {
  local health
  health=$(sed -E 's#^(https?://[^/?]+).*#\1/healthz#' <<<"$1")
  if command -v curl >/dev/null; then curl -fsk -m 10 -o /dev/null "$health"; else wget -q -T 10 -t 1 --no-check-certificate -O /dev/null "$health"; fi
}
await_server() {
  local number=$1 url=$2 said=''
  if [ "${KIOSK_WAIT-}" = off ]; then return 0; fi
  if ! command -v curl >/dev/null && ! command -v wget >/dev/null; then
    say "screen $number: neither curl nor wget is there, so nobody waits for the server"
    return 0
  fi
  until healthy "$url"; do
    if [ -z "$said" ]; then say "screen $number: waiting for the server of $url"; said=1; fi
    sleep 2 &
    child=$!
    wait "$child" || true
  done
}

# A browser that was killed or lost its power must not ask whether to restore pages.
calm_profile() {
  local preferences=$1/Default/Preferences
  mkdir -p "$1/Default"
  if [ -f "$preferences" ]; then
    sed -i 's/"exited_cleanly":false/"exited_cleanly":true/; s/"exit_type":"[^"]*"/"exit_type":"Normal"/' "$preferences"
  fi
  # Left behind by a browser that died; a living one holds it, and is ours to have ended first.
  rm -f "$1/SingletonLock" "$1/SingletonSocket" "$1/SingletonCookie"
}

# One screen: number, address, place. Runs until it is told to end; pauses grow while the browser ends at once.
show() {
  local number=$1 url=$2 place=${3-} profile=$KIOSK_HOME/screen-$1 child='' pause=1 began code
  local flags=(
    --kiosk "--user-data-dir=$profile" --no-first-run --no-default-browser-check
    --noerrdialogs --disable-session-crashed-bubble --hide-crash-restore-bubble --disable-infobars
    --autoplay-policy=no-user-gesture-required --password-store=basic
    "--disable-features=Translate,TranslateUI,MediaRouter,OptimizationHints,AutofillServerCommunication"
    --disable-component-update --disable-background-networking --disable-sync --disable-breakpad --check-for-update-interval=31536000
    --disable-pinch --overscroll-history-navigation=0 --touch-events=enabled
    --disable-background-timer-throttling --disable-backgrounding-occluded-windows --disable-renderer-backgrounding
  )
  if [[ $place =~ ^([0-9]+)x([0-9]+)\+([0-9]+)\+([0-9]+)$ ]]; then
    flags+=("--window-size=${BASH_REMATCH[1]},${BASH_REMATCH[2]}" "--window-position=${BASH_REMATCH[3]},${BASH_REMATCH[4]}")
  elif [ -n "$place" ]; then
    die "\"$place\" is no place of a screen: it looks like 1920x1080+0+0"
  fi
  trap 'if [ -n "$child" ]; then kill "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; fi; exit 0' TERM INT
  while true; do
    await_server "$number" "$url"
    calm_profile "$profile"
    began=$SECONDS
    say "screen $number: $url${place:+ at $place}"
    "$CHROMIUM" "${flags[@]}" ${more_flags[@]+"${more_flags[@]}"} "$url" &
    child=$!
    code=0
    wait "$child" || code=$?
    # Up for a minute is well: the next end starts it again at once.
    if [ $((SECONDS - began)) -ge 60 ]; then pause=1; fi
    say "screen $number: the browser ended ($code); again in $pause s"
    sleep "$pause" &
    child=$!
    wait "$child" || true
    pause=$((pause * 2 > 60 ? 60 : pause * 2))
  done
}

# The screen never goes dark by itself, where X can be told so.
if command -v xset >/dev/null && [ -n "${DISPLAY-}" ]; then
  xset s off -dpms s noblank 2>/dev/null || say 'the screen saver could not be switched off'
fi

screen_pids=()
number=0
for url in "$@"; do
  show $((number + 1)) "$url" "${places[number]-}" &
  screen_pids+=($!)
  number=$((number + 1))
done
trap 'kill "${screen_pids[@]}" 2>/dev/null || true; wait; exit 0' TERM INT
wait
