/** One section of results.md, written by the command whose figures it holds; the others stay as they are. */
import { readFileSync, writeFileSync } from "node:fs";

const RESULTS = new URL("results.md", import.meta.url);
/** What follows the tables of the bench: figures of another day that stay, and sections that have a command each. */
const HEADINGS = [
  "Another machine, an earlier core",
  "A text that grows",
  "Five ways to read a book",
  "Rates by optimizer",
  "A visit to the page",
  "Fuzzing",
  "Endurance",
  "Experiments that teach",
];

/** Everything behind the bench's own tables, to be kept when those are written anew. */
export function laterSections() {
  const text = readFileSync(RESULTS, "utf8");
  const places = HEADINGS.map((heading) => text.indexOf(`\n## ${heading}\n`)).filter((place) => place >= 0);
  return places.length ? text.slice(Math.min(...places)) : "";
}

/** @param {string} heading of HEADINGS @param {string} body */
export function putSection(heading, body) {
  const text = readFileSync(RESULTS, "utf8");
  const parts = text.split(/\n(?=## )/);
  const section = `## ${heading}\n\n${body.trim()}\n`;
  const at = parts.findIndex((part) => part.startsWith(`## ${heading}\n`));
  const later = HEADINGS.slice(HEADINGS.indexOf(heading) + 1);
  const before = parts.findIndex((part) => later.some((name) => part.startsWith(`## ${name}\n`)));
  if (at >= 0) parts[at] = section;
  else parts.splice(before >= 0 ? before : parts.length, 0, section);
  writeFileSync(RESULTS, parts.join("\n"));
}
