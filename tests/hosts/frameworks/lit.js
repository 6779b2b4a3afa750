import { html, render } from "lit";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

const page = (units) => html`<unrolled-demo
  cell="gru"
  .units=${units}
  .batch=${8}
  .seqLen=${16}
  .learningRate=${0.01}
  .stateful=${false}
  sample="brackets"
  .views=${["loss"]}
  ?autoplay=${true}
></unrolled-demo>`;

const root = () => document.querySelector("#root");
window.mount = () => render(page(OPTIONS.units), root());
window.setUnits = (units) => render(page(units), root());
window.unmount = () => render(null, root());
