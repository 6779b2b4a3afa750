import { h, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

function Page() {
  const [units, setUnits] = useState(OPTIONS.units);
  useEffect(() => {
    window.setUnits = setUnits;
  }, []);
  return h("unrolled-demo", { ...OPTIONS, units });
}

window.mount = () => render(h(Page), document.querySelector("#root"));
window.unmount = () => render(null, document.querySelector("#root"));
