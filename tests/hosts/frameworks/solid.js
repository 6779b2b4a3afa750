import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import h from "solid-js/h";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

let end;
window.mount = () => {
  const [units, setUnits] = createSignal(OPTIONS.units);
  window.setUnits = setUnits;
  end = render(() => h("unrolled-demo", { ...OPTIONS, units }), document.querySelector("#root"));
};
window.unmount = () => end();
