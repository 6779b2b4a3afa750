/* The hosts that Debian has; all of them: npm run hosts. */
import { after, before, test } from "node:test";
import { prepare, visit } from "../hosts/hosts.js";
import { HOSTS } from "../hosts/list.js";
import { launch, leave } from "./harness.js";

/** @type {import("playwright-core").Browser} */ let browser;
before(async () => {
  browser = await launch();
});
after(() => leave(browser));

for (const host of HOSTS.filter(({ command }) => command))
  test(`${host.name}: the demo learns at every visit, and no worker is left`, async (t) => {
    const place = prepare(host, "");
    try {
      if (place.missing) return t.skip(place.missing);
      await visit(host, place, browser);
    } finally {
      place.remove();
    }
  });
