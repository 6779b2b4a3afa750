/* What bench.js starts for each variant of the module: node [flags] node.js '{"what": …}'. Prints one line of JSON. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { loadCore } from "../../web/core/index.js";
import { growth } from "./growth.js";
import { measure } from "./measure.js";
import { memory } from "./memory.js";
import { FLOPS_A_TURN, peakModule } from "./peak.js";
import { profile } from "./profile.js";

const { what, variant, ...options } = JSON.parse(process.argv[2]);
const core = await loadCore({ variant });
const relaxed = variant === "relaxed";

const TASKS = "/proc/self/task";
/** Of Linux, which counts them apart. */
const threadTimes = existsSync(`${TASKS}/${process.pid}/schedstat`)
  ? () =>
      Object.fromEntries(
        readdirSync(TASKS).map((thread) => [
          thread,
          Number(readFileSync(`${TASKS}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6,
        ]),
      )
  : undefined;

/** @type {Record<string, () => any>} */
const jobs = {
  speed: () => measure(core, { peak: peakModule(relaxed), flopsATurn: FLOPS_A_TURN, threadTimes, ...options }),
  growth: () => growth(core, options),
  memory: () => memory(variant, options),
  profile: () => profile(relaxed, options),
};
console.log(JSON.stringify(await jobs[what]()));
process.exit(); // threads may still be open
