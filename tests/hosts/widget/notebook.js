/** What JupyterLab, Notebook and exported pages do with an anywidget: models, views, and messages over a comm. */
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";

const { AnyModel, AnyView } = window.makeAnywidget(base);

class Manager extends ManagerBase {
  async loadClass(name, module) {
    if (module === "anywidget") return { AnyModel, AnyView }[name];
    return name === "LayoutModel" ? base.LayoutModel : base.LayoutView;
  }
  async _get_comm_info() {
    return {};
  }
  async _create_comm() {
    throw new Error("there is no kernel");
  }
}

const manager = new Manager();
const views = new Map();

/** Messages to the kernel, and when they came. @type {{time: number, state: object}[]} */
window.messages = [];

/** A widget of these traits. */
window.create = async (traits) => {
  const comm = {
    comm_id: "one",
    target_name: "jupyter.widget",
    send(data, callbacks) {
      window.messages.push({ time: performance.now(), state: data.state });
      setTimeout(() => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } }));
      return String(window.messages.length);
    },
    on_msg(act) {
      window.tell = (state) => act({ content: { data: { method: "update", state } }, buffers: [] });
    },
    on_close() {},
    close() {},
  };
  const esm = await (await fetch("unrolled-widget.js")).text();
  const names = { _model_module: "anywidget", _model_name: "AnyModel", _model_module_version: "0.11.0" };
  const shown = { _view_module: "anywidget", _view_name: "AnyView", _view_module_version: "0.11.0" };
  window.model = await manager.new_model(
    { model_module: "anywidget", model_name: "AnyModel", model_module_version: "0.11.0", model_id: "one", comm },
    { ...names, ...shown, _esm: esm, _anywidget_id: "unrolled", step: 0, loss: 0, ...traits },
  );
};

/** An output cell that shows it. */
window.show = async (place) => {
  const view = await manager.create_view(window.model);
  views.set(place, view);
  base.JupyterLuminoWidget.attach?.(view.luminoWidget, document.getElementById(place));
  if (!view.el.isConnected) document.getElementById(place).append(view.el);
};

/** The cell is cleared. */
window.clear = (place) => {
  views.get(place).remove();
  document.getElementById(place).replaceChildren();
};

/** The kernel ends it. */
window.close = () => window.model.close(true);
