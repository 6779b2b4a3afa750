/** Short explanations, with the numbers of the run in them, in a demo whose author names them. */
import { fill, h } from "../shell/dom.js";
import en from "../strings/en/demo.js";
import zh from "../strings/zh/demo.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page */
export function open(root, { language, run }) {
  const { learn: strings } = { en, zh }[language];
  const list = h("div", { class: "learn" });
  const show = () => {
    const { batch = 32, seqLen = 64 } = run.client?.settings ?? {};
    const words = /** @type {any} */ (strings);
    list.replaceChildren(
      ...["happening", "forgets", "gate", "clipping"].map((name) =>
        h(
          "article",
          {},
          h("h3", {}, words[name].title),
          ...words[name].body.map((/** @type {string} */ text) => h("p", {}, fill(text, { batch, seqLen }))),
        ),
      ),
    );
  };
  root.append(
    h(
      "section",
      { class: "explanations", "aria-labelledby": "u-learn-title" },
      h("h2", { id: "u-learn-title" }, strings.title),
      list,
    ),
  );
  show();
  run.addEventListener("run", show);
  return { close: () => run.removeEventListener("run", show) };
}
