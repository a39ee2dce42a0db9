// Writes vendor.lock: every vendored file with its package, licence and sha256.
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");

const [, , root] = process.argv;
const packages = [
  ["@kern-ux/native", "2.7.2", "EUPL-1.2", "purged by scripts/vendor/purge.cjs", ["crates/kontor/assets/vendor/kern.min.css", "crates/kontor/assets/vendor/kern-LICENSE-EUPL-1.2.md"]],
  ["lucide-static", "1.62.0", "ISC", "symbols joined by scripts/vendor/sprite.cjs", ["crates/kontor/assets/icons.svg", "crates/kontor/assets/vendor/lucide-LICENSE-ISC.txt"]],
  ["Fira Sans", "@fontsource/fira-sans 5.3.0", "OFL-1.1", "unchanged", ["400", "500", "600"].map((w) => `crates/kontor/assets/vendor/fira-sans-latin-${w}-normal.woff2`).concat("crates/kontor/assets/vendor/LICENSE-fira-sans-OFL.txt")],
  ["Source Serif 4", "@fontsource-variable/source-serif-4 5.3.0", "OFL-1.1", "unchanged", ["crates/kontor/assets/vendor/source-serif-4-latin-wght-normal.woff2", "crates/kontor/assets/vendor/LICENSE-source-serif-4-OFL.txt"]],
  ["axe-core", "4.14.1", "MPL-2.0", "unchanged, for tests only", ["crates/kontor/tests/vendor/axe.min.js", "crates/kontor/tests/vendor/axe-LICENSE-MPL-2.0.txt"]],
];
const text = packages
  .map(([name, version, licence, how, files]) => {
    const list = files
      .map((file) => {
        const sha = crypto.createHash("sha256").update(fs.readFileSync(path.join(root, file))).digest("hex");
        return `  { path = "${file}", sha256 = "${sha}" },`;
      })
      .join("\n");
    return `[[package]]\nname = "${name}"\nversion = "${version}"\nlicence = "${licence}"\nhow = "${how}"\nfiles = [\n${list}\n]\n`;
  })
  .join("\n");
fs.writeFileSync(
  path.join(root, "crates/kontor/assets/vendor/vendor.lock"),
  "# Files that others made. Written by scripts/vendor.sh; a test holds each file to its sha256.\n\n" + text,
);
