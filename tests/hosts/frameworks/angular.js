import "@angular/compiler";
import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from "@angular/core";
import { createApplication } from "@angular/platform-browser";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

class Page {
  units = signal(OPTIONS.units);
  constructor() {
    window.setUnits = (value) => this.units.set(value);
  }
}
Component({
  selector: "page-root",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<unrolled-demo cell="gru" [units]="units()" [batch]="8" [seqLen]="16" [learningRate]="0.01" [stateful]="false"
    sample="brackets" views="loss" [autoplay]="true"></unrolled-demo>`,
})(Page);

let app;
window.mount = async () => {
  const host = document.querySelector("#root").appendChild(document.createElement("page-root"));
  app = await createApplication({ providers: [provideZonelessChangeDetection()] });
  app.bootstrap(Page, host);
};
window.unmount = () => app.destroy();
