import { testClaims } from "./support.js";

testClaims("updating", ["net.moved * net.gradient < 0", "net.lossAfter < net.lossBefore"]);
