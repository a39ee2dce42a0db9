// Makes the committed files out of the installed packages and writes
// vendor.lock. Same packages, same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import { ELEMENTS, FAMILIES, ICONS, KERN_CHANGED, KERN_ICONS, PACKAGES, STATES } from "./packages.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const target = "crates/kontor/assets/vendor";
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
const inside = (name, file) => join(here, "node_modules", name, file);

async function purged() {
  const source = inside("@kern-ux/native", "dist/kern.min.css");
  const tags = ELEMENTS.map((name) => `<${name}>`).join("");
  const classes = KERN_ICONS.map((name) => `kern-icon kern-icon--${name}`).join(" ");
  const [result] = await new PurgeCSS().purge({
    content: [{ raw: `${tags}${STATES}<i class="${classes}">`, extension: "html" }],
    css: [source],
    safelist: { standard: [FAMILIES, /^:/, /^data-kern-theme/] },
    fontFace: true,
    keyframes: true,
  });
  const version = lock.packages["node_modules/@kern-ux/native"].version;
  const css = result.css.replace(/@charset "[^"]*";/i, "").replace(/@font-face\s*\{[^}]*\}/g, "");
  return `/*! KERN UX-Standard, @kern-ux/native ${version}, EUPL-1.2 (kern-LICENSE-EUPL-1.2.md). Modified for Kontor on ${KERN_CHANGED}: rules that Kontor does not use are left out, the rest is wrapped in a cascade layer. */\n@layer kern{${css}}\n`;
}

function sprite() {
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(inside("lucide-static", `icons/${name}.svg`), "utf8");
    const drawn = svg.replace(/<!--[^]*?-->/g, "").match(/<svg[^>]*>([^]*)<\/svg>/)[1];
    const shapes = drawn.trim().replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, ISC and MIT: vendor/lucide-LICENSE-ISC.txt -->\n${symbols.join("\n")}\n</svg>\n`;
}

const quoted = (text) => JSON.stringify(text);
const lines = [
  "# Files that others made. Written by scripts/vendor.sh; paths from the project's root.",
];
for (const { name, licence, how, files } of PACKAGES) {
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  lines.push("", "[[package]]", `name = ${quoted(name)}`, `version = ${quoted(version)}`);
  lines.push(`integrity = ${quoted(integrity)}`, `licence = ${quoted(licence)}`, `how = ${quoted(how)}`, "files = [");
  for (const [made, from] of Object.entries(files)) {
    const path = normalize(join(target, made));
    const made_of = { purged, sprite }[from];
    const bytes = made_of ? Buffer.from(await made_of()) : readFileSync(inside(name, from));
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    lines.push(`  { path = ${quoted(path)}, sha256 = ${quoted(sha256)} },`);
  }
  lines.push("]");
}
writeFileSync(join(root, target, "vendor.lock"), `${lines.join("\n")}\n`);
