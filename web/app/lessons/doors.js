/**
 * The experiments in the site's page: "#lesson=forgetting" shows one in place of the lab, "#lesson=all" their list. What
 * plays them is loaded when it is wanted.
 */
import { textSource } from "../share.js";
import { TEXTS, loadText } from "../text/texts.js";
import { h } from "../shell/dom.js";

/** @typedef {import("../page.js").Page} Page */

/** @param {Page} page @param {string | URL} assets */
export function showLessons(page, assets) {
  const place = h("main", { id: "lessons", class: "lessons", hidden: true });
  /** @type {ReturnType<typeof import("./learn.js").mountLearn> | null} */
  let shown = null;
  let wanted = "";

  async function show() {
    const { lesson } = page.state;
    if (lesson === wanted) return;
    wanted = lesson;
    shown?.dispose();
    shown = null;
    place.hidden = !lesson;
    page.root.classList.toggle("learning", Boolean(lesson));
    showDoors();
    if (!lesson) return;
    stand();
    if (page.run.running) await page.run.pause();
    const { mountLearn } = await import("./learn.js").catch((error) => {
      wanted = ""; // it may be asked for again
      throw error;
    });
    if (page.state.lesson !== lesson || shown) return;
    shown = mountLearn(place, lesson, {
      language: page.language,
      worker: page.run.workerOptions,
      readSample: (sample) => loadText(sample, assets),
      readerText: () => (page.state.textName in TEXTS ? null : page.run.text || null),
      openLab: (network) => page.attempt(() => openLab(page, network)),
      go: (name) => goTo(page, name || "all"),
    });
    shown.setHidden(document.hidden);
    scrollTo(0, 0);
    shown.focus();
  }

  /** Which of them is open; a hand on one stays there. */
  function showDoors() {
    const there = page.root.querySelector(".doors");
    const held = there?.contains(document.activeElement);
    there?.replaceWith(doors(page));
    if (held) openDoor(page)?.focus();
  }

  /** Before what the page has of its own, which may have been made anew. */
  function stand() {
    if (!place.isConnected) page.root.querySelector(".main")?.before(place);
  }

  page.addEventListener("build", () => {
    placeOfDoors(page)?.append(doors(page));
    if (wanted) stand();
    shown?.speak(page.language);
    show();
  });
  matchMedia(NARROW).addEventListener("change", () => {
    const there = page.root.querySelector(".doors");
    if (there) placeOfDoors(page)?.append(there);
  });
  page.addEventListener("theme", () => shown?.recolour());
  page.state.addEventListener("change", show);
  document.addEventListener("visibilitychange", () => shown?.setHidden(document.hidden));
}

const NARROW = "(max-width: 40rem)";

/** In the bar, or above it where that is narrow. @param {Page} page */
const placeOfDoors = ({ root }) => root.querySelector(matchMedia(NARROW).matches ? ".masthead" : ".bar-row");

/** @param {Page} page @returns {HTMLElement | null} */
const openDoor = ({ root }) => root.querySelector(".doors [aria-current]");

/** The two ways in: the experiments, and the lab. @param {Page} page */
function doors(page) {
  const { learn, lab, doors: label } = page.strings.page;
  const door = (/** @type {string} */ text, /** @type {boolean} */ here, /** @type {string} */ lesson) =>
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-current": here && "page",
        onclick: () => goTo(page, lesson),
      },
      text,
    );
  const learning = Boolean(page.state.lesson);
  return h("nav", { class: "doors", "aria-label": label }, door(learn, learning, "all"), door(lab, !learning, ""));
}

/** @param {Page} page @param {string} lesson "" for the lab */
function goTo(page, lesson) {
  page.dispatchEvent(new CustomEvent("view", { detail: { lesson } }));
}

/**
 * The same network, with everything there is to see; where it broke, a new one with its settings.
 * @param {Page} page
 * @param {Awaited<ReturnType<import("../../lessons/run/experiment.js").Experiment["save"]>>} network
 */
async function openLab(page, { checkpoint, told, text, spec, broken }) {
  goTo(page, "");
  scrollTo(0, 0);
  openDoor(page)?.focus({ preventScroll: true });
  const { sample, length, reader } = spec.text;
  const isWhole = sample !== undefined && length === undefined && !reader;
  if (!broken)
    return page.actions.resume(async () => ({
      checkpoint,
      told,
      text,
      source: isWhole ? { kind: "sample", name: sample } : await textSource(text),
      play: false,
    }));
  page.state.set({ settings: spec.settings });
  await page.actions.takeText(text);
}
