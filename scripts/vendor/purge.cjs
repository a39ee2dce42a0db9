// Cuts KERN down to the rules that Kontor's templates use, keeping whole the
// families of controls, and wraps the rest in a cascade layer.
const { PurgeCSS } = require("purgecss");
const fs = require("fs");

const [, , source, target, ...content] = process.argv;
new PurgeCSS()
  .purge({
    content,
    css: [source],
    safelist: {
      greedy: [
        /^kern-(btn|form-input|fieldset|alert|badge|dialog|table|accordion|progress|hint|label|body|error)/,
      ],
    },
  })
  .then(([result]) => {
    const head =
      "/*! KERN UX-Standard 2.7.2, @kern-ux/native, EUPL-1.2 (kern-LICENSE-EUPL-1.2.md). " +
      "Modified on " + new Date().toISOString().slice(0, 10) + ": rules that Kontor does not use are left out " +
      "(PurgeCSS 8), the rest is wrapped in a cascade layer. */\n";
    fs.writeFileSync(target, head + "@layer kern{" + result.css + "}\n");
  });
