import { createElement as h, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

function Page() {
  const [units, setUnits] = useState(OPTIONS.units);
  useEffect(() => {
    window.setUnits = setUnits;
  }, []);
  return h("unrolled-demo", { ...OPTIONS, units });
}

let root;
window.mount = () => {
  root = createRoot(document.querySelector("#root"));
  root.render(h(Page));
};
window.unmount = () => root.unmount();
