import { mount, unmount } from "svelte";
import "unrolled/element";
import Page from "./Page.svelte";

let page;
window.mount = () => {
  page = mount(Page, { target: document.querySelector("#root") });
};
window.unmount = () => unmount(page);
