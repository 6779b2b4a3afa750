/** The dock's figures, each opened once, over elements that only know what was put into them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dock } from "../../web/app/dock/dock.js";
import { FIGURES } from "../../web/app/dock/figures.js";

class Element {
  children = [];
  dataset = {};
  append(...children) {
    this.children = [...this.children.filter((each) => !children.includes(each)), ...children];
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute() {}
  addEventListener() {}
}
Object.assign(globalThis, {
  document: { createElement: () => new Element() },
  removeEventListener() {},
  IntersectionObserver: class {
    disconnect() {}
  },
});

/** As much of a page as a dock asks for. */
const makePage = () =>
  /** @type {any} */ ({
    kind: "char true",
    strings: { dock: { tabs: {}, groups: {}, failed: "failed" } },
    lacks: () => "",
    moment: { look() {}, seen: null },
    panels: {},
  });

/** A dock of one figure, which is fetched when it is told to; how often it was opened and closed. */
function slowDock(t) {
  const fetched = [];
  const panes = { opened: 0, closed: 0 };
  const usual = FIGURES.loss;
  t.after(() => (FIGURES.loss = usual));
  const open = (root) => {
    panes.opened++;
    root.replaceChildren(new Element());
    return { close: () => panes.closed++ };
  };
  FIGURES.loss = () =>
    new Promise((resolve, reject) => fetched.push({ come: () => resolve({ open }), fail: () => reject(new Error()) }));
  const page = makePage();
  const dock = new Dock(page, ["loss"]);
  const [panel] = dock.element.children.slice(-1);
  return { dock, page, panes, panel, fetched };
}

test("a figure that is opened anew, and again as at first, while it is fetched stands there once", async (t) => {
  const { dock, page, panes, fetched } = slowDock(t);
  const opened = [dock.show()];
  for (const kind of ["word true", "char true"]) {
    page.kind = kind;
    opened.push(dock.renew());
  }
  for (const each of fetched) each.come();
  await Promise.all(opened);
  assert.deepEqual(panes, { opened: 1, closed: 0 });
  dock.close();
  assert.deepEqual(panes, { opened: 1, closed: 1 });
});

test("a figure that could not be fetched leaves one that was opened anew as it is", async (t) => {
  const { dock, page, panes, panel, fetched } = slowDock(t);
  const first = dock.show();
  page.kind = "word true";
  const second = dock.renew();
  fetched[1].come();
  await second;
  const [shown] = panel.children;
  fetched[0].fail();
  await first;
  assert.deepEqual([panes.opened, panel.children, panel.dataset.loaded], [1, [shown], "word true"]);
});

test("figures of a demo stand in the order they are named in last, and the others are not looked at", async (t) => {
  const opened = [];
  for (const name of ["score", "flow", "gates"]) {
    const usual = FIGURES[name];
    t.after(() => (FIGURES[name] = usual));
    FIGURES[name] = async () => ({ open: () => (opened.push(name), { wants: () => ({ [name]: true }), draw() {} }) });
  }
  const page = makePage();
  const shown = (/** @type {Dock} */ dock) => [dock.element.children.slice(-2).map(({ id }) => id), dock.wants];
  const dock = new Dock(page, ["score"]);
  await dock.show();
  await dock.stack(["gates"]);
  assert.deepEqual(dock.wants, { gates: true });
  assert.deepEqual([dock.has("gates"), dock.has("score")], [true, false]);
  await dock.stack(["flow", "score"]);
  assert.deepEqual(opened, ["score", "gates", "flow"], "one that comes back is there still");
  const fresh = new Dock(page, ["flow", "score"]);
  await fresh.show();
  assert.deepEqual(shown(dock), shown(fresh));
});
