/** The hosts: how each builds its site, and what it serves. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @type {import("./hosts.js").Host[]} */
export const HOSTS = [
  {
    folder: "mkdocs",
    name: "MkDocs with Material's instant navigation",
    command: "mkdocs",
    soft: true,
    files: "docs/javascripts/unrolled-element.js",
    output: "site",
    build(run, origin, folder) {
      const config = join(folder, "mkdocs.yml"); // instant navigation follows links of the site's own address only
      writeFileSync(config, readFileSync(config, "utf8").replace("http://site.example", origin));
      run("mkdocs", "build", "--quiet", "--strict");
    },
  },
  {
    folder: "sphinx",
    name: "Sphinx",
    command: "sphinx-build",
    files: "_static/unrolled-element.js",
    output: "_build",
    build: (run) => run("sphinx-build", "-q", "-W", ".", "_build"),
  },
  {
    folder: "vitepress",
    name: "VitePress",
    soft: true,
    output: ".vitepress/dist",
    build: (run) => run("vitepress", "build"),
  },
  {
    folder: "observable",
    name: "Observable Framework",
    output: "dist",
    build: (run) => run("observable", "build"),
  },
  {
    folder: "astro",
    name: "Astro with view transitions",
    soft: true,
    output: "dist",
    build: (run) => run("astro", "build"),
  },
  {
    folder: "docusaurus",
    name: "Docusaurus",
    soft: true,
    output: "build",
    build: (run) => run("docusaurus", "build"),
  },
  {
    folder: "next",
    name: "Next, rendered on the server",
    soft: true,
    build: (run) => run("next", "build"),
    start: (folder, port) =>
      spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "--port", String(port)], {
        cwd: folder,
        stdio: "ignore",
      }),
  },
];
