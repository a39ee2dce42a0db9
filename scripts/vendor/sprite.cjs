// Joins the icons that Kontor uses into one sprite.
const fs = require("fs");
const path = require("path");

const [, , folder, target] = process.argv;
const names = `search menu x arrow-right arrow-left chevron-right chevron-down map-pin globe mail phone user users building-2 factory landmark graduation-cap heart-handshake tag filter download upload file-spreadsheet check circle-check circle-alert triangle-alert info clock calendar history pencil trash-2 plus log-in log-out key-round shield eye eye-off settings undo-2 copy external-link link bell network list layout-grid merge split send database server`.split(" ");
const symbols = names.map((name) => {
  const file = { filter: "funnel" }[name] ?? name;
  const svg = fs.readFileSync(path.join(folder, `${file}.svg`), "utf8");
  const inner = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});
fs.writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
