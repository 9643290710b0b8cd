// Assembles static/dist from our sources and the packages of package.json: npm ci && npm run build
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";
import subsetFont from "subset-font";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, "node_modules");
const fresh = join(root, "static/dist.new");
const dist = join(root, "static/dist");

const read = (path) => readFileSync(path, "utf8");
const write = (name, text) => writeFileSync(join(fresh, name), text);

function files(folder, ending) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true }).filter((name) => name.endsWith(ending)).map((name) => join(path, name)).sort();
}

const APPS = ["prm", "team", "partners", "conversations", "lifecycle", "reviews", "dashboards", "portal"];
const templates = files("templates", ".html");
const scripts = files("static/js", ".js");
const python = APPS.flatMap((app) => files(app, ".py")).filter((path) => !path.includes("/migrations/"));

// Tabler, cut to the class names we write and those that crispy-bootstrap5 writes for us.
async function tabler() {
  const words = (raw) => raw.match(/[A-Za-z][\w-]*/g) ?? [];
  const names = (raw) => [...raw.matchAll(/class(?:es)?="((?:\{[%{].*?[%}]\}|[^"])*)"/gs)].flatMap(([, names]) => words(names));
  const markup = (raw) => ({
    classes: names(raw),
    tags: [...raw.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, tag]) => tag),
    ids: [],
    attributes: { names: [], values: [] },
    undetermined: [],
  });
  const code = (raw) => raw.split("\n").filter((line) => /class/.test(line) && !/^\s*class /.test(line)).flatMap(words);
  const [{ css }] = await new PurgeCSS().purge({
    content: [...templates, ...scripts, ...python],
    css: [{ raw: read(join(packages, "@tabler/core/dist/css/tabler.min.css")) }],
    extractors: [
      { extractor: markup, extensions: ["html"] },
      { extractor: code, extensions: ["py"] },
      { extractor: words, extensions: ["js"] },
    ],
    variables: true,
    keyframes: true,
    fontFace: true,
    safelist: {
      standard: [/^invalid-feedback$/, /^alert(-danger|-success|-warning|-info)?$/, /^btn(-primary|-sm)?$/, /^form-(control|label|text|select|check|check-input|check-label)$/, "mb-3", "data-bs-theme", "dark", "light", "type", "checkbox", "radio"],
    },
    blocklist: [/is-(in)?valid/, /-lite$/, /^popover/, /^modal/, /^empty/, /^steps?\b/, "btn-check", "status", "page", "mark", "card", "row", "placeholder", "form-hint"],
  });
  return css;
}

// Tabler says many values of :root two or three times; only the last one of them counts.
function once(css) {
  const rule = /(^|[}])(@charset "UTF-8";)?(:root(?:,\[data-bs-theme=light\])?)\{([^{}]*)\}/g;
  const later = new Set();
  const blocks = [...css.matchAll(rule)].reverse().map((found) => {
    const kept = found[4].split(/;(?![^(]*\))/).reverse().filter((line) => {
      const name = line.slice(0, line.indexOf(":"));
      const first = !later.has(name);
      later.add(name);
      return first;
    });
    return [found, kept.reverse().join(";")];
  });
  for (const [found, kept] of blocks) {
    const from = found.index + found[0].indexOf("{") + 1;
    css = css.slice(0, from) + kept + css.slice(from + found[4].length);
  }
  return css;
}

// The styles of screens one visits now and then; their templates load more.css in block css.
const APART = ["import", "people", "settings"];
// A style sheet of its own has what only one screen wears; its template loads <screen>.css beside the others.
const ALONE = ["board", "decide", "inbox", "insights", "insights-paper", "list", "merge", "partner", "paper", "plan", "portal", "profile", "reviews", "search", "thread", "today"];

async function styles() {
  const small = async (text) => (await transform(text, { loader: "css", minify: true, legalComments: "none" })).code;
  const screens = files("static/css/screens", ".css");
  const named = (path) => basename(path, ".css");
  const apart = (path) => APART.includes(named(path));
  const alone = (path) => ALONE.includes(named(path));
  const ours = ["tokens", "base", "ui"].map((name) => join(root, `static/css/${name}.css`));
  const text = [await tabler(), ...[...ours, ...screens.filter((path) => !apart(path) && !alone(path))].map(read)].join("\n");
  write("app.css", once(await small(text)));
  write("more.css", await small(screens.filter(apart).map(read).join("\n")));
  for (const path of screens.filter(alone)) write(basename(path), await small(read(path)));
}

// The weights we set type in, each a font of its own: a browser lays a page out in half the time it takes
// with one font that varies. tokens.css says which weights they stand for, ui/head.html has them fetched early.
const WEIGHTS = [400, 550, 650];

async function fonts() {
  const varying = readFileSync(join(packages, "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"));
  const every = Array.from({ length: 0xffff }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
  const text = String.fromCodePoint(...every); // all it holds
  for (const wght of WEIGHTS) write(`inter-${wght}.woff2`, await subsetFont(varying, text, { targetFormat: "woff2", variationAxes: { wght } }));
}

// A script of ours in static/js/screens stands alone, the others are one app.js behind htmx; what must
// run before the first paint is a file of its own.
async function behaviour() {
  const bare = (text) => text.replace(/^\/\/# sourceMappingURL=.*$/gm, "").trimEnd() + "\n";
  const small = async (path) => (await transform(read(path), { minify: true, target: "es2022" })).code;
  const alone = scripts.filter((path) => dirname(path).endsWith("screens") || basename(path) === "first.js");
  const shared = await Promise.all(scripts.filter((path) => !alone.includes(path)).map(small));
  write("app.js", bare(read(join(packages, "htmx.org/dist/htmx.min.js"))) + shared.join(""));
  for (const path of alone) write(basename(path), await small(path));
  await build({
    stdin: { contents: 'import Sortable from "sortablejs/modular/sortable.core.esm.js"; window.Sortable = Sortable;', resolveDir: root },
    bundle: true,
    minify: true,
    legalComments: "none",
    outfile: join(fresh, "sortable.js"),
  });
}

// Names are written out: {% icon "sun" %}, icon="sun" in an include, or a string of its own in a
// wiring.py or a Python file that speaks of icons.
function iconNames() {
  const known = (name) => existsSync(join(packages, `@tabler/icons/icons/outline/${name}.svg`));
  const asked = templates.flatMap((path) => [...read(path).matchAll(/\{%\s*icon\s+"([^"]+)"|\bicon="([^"]+)"/g)].map((found) => [found[1] ?? found[2], path]));
  const missing = asked.filter(([name]) => !known(name));
  if (missing.length) throw new Error(missing.map(([name, path]) => `no icon "${name}" (${path})`).join("\n"));
  const fallbacks = templates.flatMap((path) => [...read(path).matchAll(/\{%\s*icon\s[^%]*default:"([^"]+)"/g)].map((found) => found[1]));
  const speaking = python.filter((path) => basename(path) === "wiring.py" || /\bicon/.test(read(path)));
  const spoken = speaking.flatMap((path) => [...read(path).matchAll(/"([a-z][a-z0-9-]+)"/g)].map((found) => found[1]));
  return [...new Set([...asked.map(([name]) => name), ...fallbacks, ...spoken.filter(known)])].sort();
}

function sprite() {
  const symbols = iconNames().map((name) => {
    const drawing = read(join(packages, `@tabler/icons/icons/outline/${name}.svg`)).replace(/<!--[\s\S]*?-->|<path stroke="none"[^>]*>/g, "");
    const inner = drawing.slice(drawing.indexOf(">", drawing.indexOf("<svg")) + 1, drawing.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
    const lines = /^(<path d="M[^"]+" \/>)+$/.test(inner) && [...inner.matchAll(/d="([^"]+)"/g)].map((found) => found[1]);
    return `<symbol id="${name}" viewBox="0 0 24 24">${lines ? `<path d="${lines.join("")}"/>` : inner}</symbol>`;
  });
  copyFileSync(join(root, "static/icon.svg"), join(fresh, "favicon.svg"));
  write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
await styles();
await fonts();
await behaviour();
sprite();
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
