/* A notebook's page side, with a kernel that only takes messages: node build.js */
import { build } from "esbuild";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

mkdirSync("dist", { recursive: true });
await build({
  entryPoints: ["notebook.js"],
  outfile: "dist/notebook.js",
  bundle: true,
  format: "iife",
  logLevel: "error",
  define: { global: "globalThis", "process.env": "{}" },
  loader: { ".css": "empty", ".svg": "empty" },
});
const { resolve } = createRequire(import.meta.url);
copyFileSync(resolve("anywidget"), "dist/anywidget.js");
copyFileSync(resolve("unrolled/anywidget"), "dist/unrolled-widget.js");
writeFileSync(
  "dist/index.html",
  `<!doctype html><html lang="en"><head><title>Notebook</title><link rel="icon" href="data:,"></head>
<body><section id="one"></section><div style="height: 2000px"></div><section id="two"></section>
<script>window.define = (needed, make) => { window.makeAnywidget = make; };</script><script src="anywidget.js"></script><script src="notebook.js"></script></body></html>`,
);
