#!/usr/bin/env bash
# Writes THIRD_PARTY.md: every package that Cargo.lock names, with its licence
# and where its source lies. Run it after a change of Cargo.lock.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo metadata --format-version 1 --locked |
  /usr/bin/python3 -c '
import json, sys

packages = [p for p in json.load(sys.stdin)["packages"] if p["source"]]
print("# Packages of others")
print()
print("Made by `scripts/notices.sh` from Cargo.lock; a test holds the two together.")
print("The vendored styles, scripts and fonts are named in crates/kontor/assets/vendor/vendor.lock.")
print()
print("| Package | Version | Licence | Source |")
print("|---|---|---|---|")
for p in sorted(packages, key=lambda p: (p["name"], p["version"])):
    licence = p["license"] or ("see " + p["license_file"] if p["license_file"] else "")
    source = p["repository"] or p["homepage"] or ""
    print("| {} | {} | {} | {} |".format(p["name"], p["version"], licence, source))
' >THIRD_PARTY.md.new
mv THIRD_PARTY.md.new THIRD_PARTY.md
