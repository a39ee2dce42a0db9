// What is taken out of which package, and under which licence.

export const ICONS = `
search menu x arrow-right arrow-left chevron-right chevron-down map-pin globe mail phone user users
building-2 factory landmark graduation-cap heart-handshake tag filter download upload file-spreadsheet
check circle-check circle-alert triangle-alert info clock calendar history pencil trash-2 plus log-in
log-out key-round shield eye eye-off settings undo-2 copy external-link link bell network list
layout-grid sun moon merge split send database server
`.trim().split(/\s+/);

// KERN's rules are kept for these elements and families of classes; what a
// template takes from KERN must be one of them.
export const ELEMENTS = `
html body main header footer nav section article aside h1 h2 h3 h4 p a ul ol li dl dt dd table caption
thead tbody tr th td form fieldset legend label input select option textarea button details summary
dialog progress figure figcaption img svg hr strong em small code pre
`.trim().split(/\s+/);

// The states that those rules ask for.
export const STATES = `
<input disabled readonly><input disabled="disabled" readonly="readonly" aria-disabled="true" aria-invalid="true">
<input type="file"><input type="checkbox"><input type="radio"><details open>
`.trim();

export const FAMILIES =
  /^kern-(btn|form-input|form-check|fieldset|alert|badge|dialog|table|accordion|progress|task-list|heading|title|subline|preline|body|text|label|hint|error|link|sr-only|container)(?![a-z])/;

// KERN draws its icons as pictures inside the style sheet, the largest part of
// it. Kontor has its own sprite; these remain because other rules need them.
export const KERN_ICONS = ["info", "success", "warning", "danger", "close", "check"];

// The day on which the choice above last changed (EUPL-1.2, article 5).
export const KERN_CHANGED = "2026-11-22";

export const PACKAGES = [
  {
    name: "@kern-ux/native",
    licence: "EUPL-1.2",
    how: "PurgeCSS keeps the elements and class families of scripts/vendor/packages.mjs; wrapped in @layer kern",
    files: { "kern.min.css": "purged", "kern-LICENSE-EUPL-1.2.md": "LICENSE.md" },
  },
  {
    name: "htmx.org",
    licence: "0BSD",
    how: "the script build, unchanged: it runs under script-src 'self' without unsafe-eval as long as no page uses hx-on, js: values or filters in brackets; pages carry <meta name=\"htmx-config\" content='{\"includeIndicatorCSS\":false}'> because it would otherwise write a style element",
    files: { "htmx.min.js": "dist/htmx.min.js", "htmx-LICENSE-0BSD.txt": "LICENSE" },
  },
  {
    name: "@fontsource/fira-sans",
    licence: "OFL-1.1",
    how: "unchanged",
    files: {
      "fira-sans-latin-400-normal.woff2": "files/fira-sans-latin-400-normal.woff2",
      "fira-sans-latin-500-normal.woff2": "files/fira-sans-latin-500-normal.woff2",
      "fira-sans-latin-600-normal.woff2": "files/fira-sans-latin-600-normal.woff2",
      "LICENSE-fira-sans-OFL.txt": "LICENSE",
    },
  },
  {
    name: "@fontsource-variable/source-serif-4",
    licence: "OFL-1.1",
    how: "unchanged",
    files: {
      "source-serif-4-latin-wght-normal.woff2": "files/source-serif-4-latin-wght-normal.woff2",
      "LICENSE-source-serif-4-OFL.txt": "LICENSE",
    },
  },
  {
    name: "lucide-static",
    licence: "ISC AND MIT",
    how: "the icons listed in scripts/vendor/packages.mjs as symbols of one sprite",
    files: { "../icons.svg": "sprite", "lucide-LICENSE-ISC.txt": "LICENSE" },
  },
  {
    name: "axe-core",
    licence: "MPL-2.0",
    how: "unchanged; for tests only, never served",
    files: {
      "../../tests/vendor/axe.min.js": "axe.min.js",
      "../../tests/vendor/axe-LICENSE-MPL-2.0.txt": "LICENSE",
      "../../tests/vendor/axe-LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
    },
  },
];
