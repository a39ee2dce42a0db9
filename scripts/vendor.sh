#!/usr/bin/env bash
# Renews the vendored styles, icons and axe-core from their packages and writes
# vendor.lock. Run by hand by a maintainer (needs Node.js); building, running
# and testing Kontor need none of it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/scripts/vendor"
npm ci --ignore-scripts
assets="$root/crates/kontor/assets"
node purge.cjs node_modules/@kern-ux/native/dist/kern.min.css "$assets/vendor/kern.min.css" \
  $(find "$root/crates/kontor/src" -name '*.html')
node sprite.cjs node_modules/lucide-static/icons "$assets/icons.svg"
cp node_modules/axe-core/axe.min.js "$root/crates/kontor/tests/vendor/axe.min.js"
cp node_modules/axe-core/LICENSE "$root/crates/kontor/tests/vendor/axe-LICENSE-MPL-2.0.txt"
node lock.cjs "$root"
