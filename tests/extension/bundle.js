/**
 * Build extension/content.bundle.js, or with --check say whether the committed one is what would be built.
 *
 * The bundle is committed, because whoever loads the extension has no Node.
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const extension = fileURLToPath(new URL("../../extension/", import.meta.url));
const target = `${extension}content.bundle.js`;

const { outputFiles } = await build({
  absWorkingDir: extension,
  entryPoints: ["content/main.js"],
  bundle: true,
  write: false,
  format: "iife",
  charset: "utf8",
  target: ["chrome121", "firefox140"],
  legalComments: "none",
  nodePaths: [fileURLToPath(new URL("node_modules/", import.meta.url))],
  banner: { js: await banner() },
});
const built = outputFiles[0]?.text ?? "";

if (process.argv.includes("--check")) {
  if (built !== (await readFile(target, "utf8"))) {
    console.error("extension/content.bundle.js is stale: run `npm run bundle` in tests/extension.");
    process.exitCode = 1;
  }
} else {
  await writeFile(target, built);
}

async function banner() {
  const library = new URL("node_modules/dom-accessibility-api/", import.meta.url);
  const { name, version } = JSON.parse(await readFile(new URL("package.json", library), "utf8"));
  const licence = (await readFile(new URL("LICENSE.md", library), "utf8")).trim();
  const lines = licence.split("\n").map((line) => ` * ${line}`.trimEnd());
  return [
    "/*!",
    " * Made from extension/content/ by `npm run bundle` in tests/extension; edit it there.",
    ` * It holds ${name} ${version}:`,
    " *",
    ...lines,
    " */",
  ].join("\n");
}
