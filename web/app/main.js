/** The site's page: what belongs to the document and the address around it. */
import { h } from "./shell/dom.js";
import { keepOffline } from "./shell/offline.js";
import { listenToKeys } from "./shell/keys.js";
import { Page } from "./page.js";
import { Shelf } from "./keep/shelf.js";
import { showLessons } from "./lessons/doors.js";

const WRITE_DELAY = 300; // ms after the last change

const root = document.body;
const page = new Page(root, { assets: new URL("../assets/", import.meta.url) });
const shelf = new Shelf(page);
page.shelf = shelf;

page.addEventListener("build", () => {
  document.documentElement.lang = page.language === "zh" ? "zh-CN" : "en";
  document.title = page.strings.page.title;
  showTheme();
});
page.addEventListener("build", () => shelf.offer(), { once: true });
page.addEventListener("theme", showTheme);

function showTheme() {
  document.documentElement.dataset.theme = page.state.theme;
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.recolour());

// The address says what is seen, so that it can be linked; where a reader went is a place to go back to.
let written = 0;
async function writeAddress(/** @type {"pushState" | "replaceState"} */ how) {
  clearTimeout(written);
  const hash = await page.state.toHash();
  const address = hash ? `#${hash}` : location.pathname + location.search;
  if (address !== (location.hash || location.pathname + location.search)) history[how](null, "", address);
}
page.state.addEventListener("change", () => {
  clearTimeout(written);
  written = window.setTimeout(() => writeAddress("replaceState"), WRITE_DELAY);
});
page.addEventListener("view", (event) => {
  page.state.set(/** @type {CustomEvent} */ (event).detail);
  writeAddress("pushState");
});
addEventListener("hashchange", () => page.follow(location.hash));

const see = () => page.run.setHidden(document.hidden);
document.addEventListener("visibilitychange", see);
see();
listenToKeys(page);

// A file dropped anywhere is a text to learn, or a run to go on with.
const veil = h("div", { class: "veil", "aria-hidden": "true" });
let depth = 0;
const show = (/** @type {number} */ change) => {
  depth = change ? depth + change : 0;
  if (depth > 0 && !veil.isConnected) {
    veil.textContent = page.strings.page.drop;
    root.append(veil);
  }
  if (depth <= 0) veil.remove();
};
const hasFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => hasFile(event) && show(1));
addEventListener("dragleave", (event) => hasFile(event) && show(-1));
addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  show(0);
  const file = event.dataTransfer?.files[0];
  if (file?.name.endsWith(".safetensors")) shelf.openFile(file);
  else page.readFile(file);
});

showLessons(page, new URL("../assets/", import.meta.url));

// In a turn of its own: to read all this was one's work.
setTimeout(() => page.open(location.hash, { play: !/[#&]lesson=./.test(location.hash), first: () => shelf.offers() }));
keepOffline(new URL("../sw.js", import.meta.url));
