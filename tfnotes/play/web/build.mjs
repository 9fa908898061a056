// Bundles the page into tfnotes/play/page, or with --tests the tests into build/play-tests.
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const runtime = "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm";

if (process.argv.includes("--tests")) {
  const out = "../../../build/play-tests";
  await rm(out, { recursive: true, force: true });
  const tests = (await readdir("tests")).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: tests.map((name) => `tests/${name}`),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
  });
} else {
  const out = "../page";
  await mkdir(out, { recursive: true });
  await build({
    entryPoints: ["src/main.ts"],
    outfile: `${out}/play.js`,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
    // A plain script has no address of its own later on, and the runtime asks for one.
    banner: { js: "var playScript=document.currentScript.src;" },
    define: { "import.meta.url": "playScript" },
  });
  await build({ entryPoints: ["src/play.css"], outfile: `${out}/play.css`, minify: true, charset: "utf8" });
  await copyFile("src/index.html", `${out}/index.html`);
  await copyFile(runtime, `${out}/ort-wasm-simd-threaded.wasm`);
}
