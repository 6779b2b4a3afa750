import { createApp, ref } from "vue";
import "unrolled/element";
import { OPTIONS } from "./demo.js";

let app;
window.mount = () => {
  app = createApp({
    setup() {
      const units = ref(OPTIONS.units);
      window.setUnits = (value) => {
        units.value = value;
      };
      return { units };
    },
    template: `<unrolled-demo cell="gru" :units="units" :batch="8" :seq-len="16" :learning-rate="0.01" :stateful="false"
      sample="brackets" views="loss" autoplay></unrolled-demo>`,
  });
  app.config.compilerOptions.isCustomElement = (tag) => tag === "unrolled-demo";
  app.mount("#root");
};
window.unmount = () => app.unmount();
