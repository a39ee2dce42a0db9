#!/bin/sh
# Makes crates/kontor/assets/vendor and the icon sprite anew from the pinned
# packages. Run by a maintainer after changing scripts/vendor/package.json or
# packages.mjs; needs Node 20 and npm. Building and testing Kontor needs neither.
#
#   scripts/vendor.sh            same packages, same bytes
#   scripts/vendor.sh --update   first writes package-lock.json for package.json
set -eu
cd "$(dirname "$0")/vendor"
if [ "${1:-}" = "--update" ]; then
    npm install --package-lock-only
fi
npm ci
node build.mjs
cd ../..
git status --short -- crates/kontor/assets crates/kontor/tests/vendor
