import { testClaims } from "./support.js";

testClaims("clipping", ["off.loss > off.blind or off.broken = 1", "on.loss < 2.7"]);
