#!/bin/sh
# Makes a checkout ready to run: the locked dependencies in node_modules/, the build in dist/. Silent and quick when both
# are current. Shared by ./weir, `npm test`, the test runner's global set-up and .ci/run; prints on stderr only.
# With --dependencies it stops short of the build.
#
# node_modules/.weir-stamp  checksum of the lock, Node major version, system: what was installed
# dist/.weir-stamp          checksum of the sources; its mtime is the moment the build began
# .cache/setup.lock/        held by the one start that installs or builds; owner = "pid host", child = pid of its npm
set -u

say() { printf 'weir: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 1
}

build=yes
[ "${1:-}" != --dependencies ] || build=

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
cd "$root" || exit 1

command -v node >/dev/null 2>&1 || fail 'Node.js is not on the PATH; version 20.19 or newer is needed'
version=$(node -v 2>/dev/null)
version=${version#v}
major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}
case $major.$minor in
  *[!0-9.]* | .* | *.) fail "node does not say which version it is (\"$version\"); 20.19 or newer is needed" ;;
esac
if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
  fail "Node.js $version is too old; 20.19 or newer is needed (found at $(command -v node))"
fi

# The Node major and not its patch release: an update of the system must not send a closed network back to the registry.
wanted="$(cksum <package-lock.json) node$major $(uname -sm)"
deps_stamp=node_modules/.weir-stamp
build_stamp=dist/.weir-stamp

dependencies_current() {
  [ -r "$deps_stamp" ] && read -r installed <"$deps_stamp" && [ "$installed" = "$wanted" ]
}

sources_sum() {
  find src tsconfig.json tsconfig.build.json -type f ! -name '*.test.ts' | LC_ALL=C sort | xargs cksum | cksum
}

# No source, and no folder (something was added or removed), is newer than the build.
build_untouched() {
  [ -z "$build" ] && return 0
  [ -r "$build_stamp" ] &&
    [ -z "$(find src tsconfig.json tsconfig.build.json -newer "$build_stamp" ! -name '*.test.ts' | head -n 1)" ]
}

build_current() {
  build_untouched && return 0
  [ -r "$build_stamp" ] && read -r built <"$build_stamp" && [ "$built" = "$(sources_sum)" ]
}

current() { dependencies_current && build_current; }

if dependencies_current && build_untouched; then exit 0; fi

if [ ! -w . ]; then
  current && exit 0
  if [ -d node_modules ] && [ -r dist/cli/main.js ]; then
    say 'this folder cannot be written: running the build that is there, although it does not match the sources'
    exit 0
  fi
  fail "this folder has to be installed and built once, and cannot be written: $root"
fi

# --- one at a time ---------------------------------------------------------------------------------------------------
lock=.cache/setup.lock
host=$(uname -n)
mkdir -p .cache || fail "cannot make $root/.cache"

is_alive() { [ "$1" != "$$" ] && { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }; }

owner_is_dead() { # pid host; another host's processes cannot be seen from here
  [ "$2" = "$host" ] || return 1
  if is_alive "$1"; then return 1; fi
  # an npm that outlived its parent still writes
  ! { [ -r "$lock/child" ] && read -r orphan <"$lock/child" && is_alive "$orphan"; }
}

take_lock() {
  told=
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    if [ ! -d "$lock" ]; then
      sleep 1
      [ -d "$lock" ] || [ -w .cache ] || fail "cannot write in $root/.cache"
    fi
    pid=
    read -r pid owner_host 2>/dev/null <"$lock/owner" || pid=
    if [ -n "$pid" ] && owner_is_dead "$pid" "$owner_host"; then
      # one winner for each dead owner, without a moment in which the lock is free
      if mkdir "$lock/after.$pid" 2>/dev/null; then
        say "process $pid, which was setting up, is gone: taking over"
        break
      fi
    elif [ -z "$pid" ] && [ "$waited" -ge 10 ] && mkdir "$lock/after.nobody" 2>/dev/null; then
      break
    fi
    if [ -z "$told" ] && [ -n "$pid" ]; then
      say "another start (process $pid on $owner_host) is installing or building: waiting for it…"
      told=yes
    fi
    [ "$waited" -lt 1200 ] || fail "waited 20 minutes; if nothing is being installed, remove $root/$lock"
    sleep 1
    waited=$((waited + 1))
    current && exit 0
  done
  trap release EXIT
  trap 'stop 130' INT
  trap 'stop 143' TERM HUP
  rm -f "$lock/child"
  printf '%s %s\n' "$$" "$host" >"$lock/owner.$$" && mv -f "$lock/owner.$$" "$lock/owner"
}

child=
stop() { # exit status
  [ -z "$child" ] || { kill "$child" && wait "$child"; } 2>/dev/null
  exit "$1"
}

release() {
  put_back
  mv "$lock" "$lock.$$" 2>/dev/null && rm -rf "$lock.$$"
}

# --- dependencies ----------------------------------------------------------------------------------------------------
# npm ci deletes what is there before it knows that it can fetch, so what was there is kept until it has.
kept=.cache/node_modules.kept

put_back() {
  [ -d "$kept" ] || return 0
  rm -rf node_modules
  mv "$kept" node_modules
}

install_dependencies() {
  put_back
  if node scripts/installed.mjs; then # somebody ran npm themselves
    printf '%s\n' "$wanted" >"$deps_stamp"
    return
  fi
  command -v npm >/dev/null 2>&1 || fail 'npm is not on the PATH; it is needed once, to install the dependencies'
  if [ -d node_modules ]; then
    say 'installing the locked dependencies (about a minute)…'
  else
    say 'first start: installing the locked dependencies (about a minute)…'
  fi
  if [ -z "${npm_config_cache:-}" ] && ! mkdir -p "${HOME:-/nonexistent}/.npm/_cacache" 2>/dev/null; then
    npm_config_cache=$root/.cache/npm
    export npm_config_cache
  fi
  [ ! -d node_modules ] || mv node_modules "$kept"
  npm ci --include=dev --no-audit --no-fund --prefer-offline --fetch-retry-maxtimeout=15000 --loglevel=error \
    </dev/null >.cache/npm-ci.log 2>&1 &
  child=$!
  printf '%s\n' "$child" >"$lock/child"
  wait "$child"
  status=$?
  child=
  if [ "$status" -ne 0 ]; then
    head -n 8 .cache/npm-ci.log >&2
    fail "installing failed (npm ci: exit $status; $root/.cache/npm-ci.log). It needs the npm registry, or npm's cache filled on a machine that reaches one."
  fi
  printf '%s\n' "$wanted" >"$deps_stamp"
  # by one rename, so that what is half deleted is never put back
  [ ! -d "$kept" ] || mv "$kept" ".cache/old.$$"
  rm -rf .cache/old.*
}

# --- build -----------------------------------------------------------------------------------------------------------
build_sources() {
  say 'building…'
  rm -rf dist.new.* dist.old.*
  new=dist.new.$$
  mkdir "$new" || fail "cannot make $root/$new"
  : >"$new/.weir-stamp"
  sum=$(sources_sum)
  node node_modules/typescript/bin/tsc -p tsconfig.build.json --outDir "$new" >&2
  status=$?
  # what tsc leaves behind: kernels, templates
  (cd src && find . -type f ! -name '*.ts' ! -name '*.md') | while IFS= read -r file; do
    mkdir -p "$new/$(dirname "$file")" && cp "src/$file" "$new/$file"
  done
  if [ "$status" -eq 0 ]; then
    touch -r "$new/.weir-stamp" "$new/.weir-began"
    printf '%s\n' "$sum" >"$new/.weir-stamp"
    touch -r "$new/.weir-began" "$new/.weir-stamp"
    rm -f "$new/.weir-began"
  else
    rm -f "$new/.weir-stamp"
  fi
  [ ! -d dist ] || mv dist "dist.old.$$"
  mv "$new" dist || fail "cannot put the build into $root/dist"
  rm -rf "dist.old.$$"
  # with type errors the build is there for the tests, and is built again at the next start
  [ "$status" -eq 0 ] || fail "building failed (tsc: exit $status)"
}

take_lock
dependencies_current || install_dependencies
if ! build_untouched; then
  : >.cache/touched
  if build_current; then touch -r .cache/touched "$build_stamp"; else build_sources; fi
fi
