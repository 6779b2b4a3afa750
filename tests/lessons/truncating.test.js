import { testClaims } from "./support.js";

testClaims("truncating", ["long.accuracy > 0.95", "short.accuracy < short.chance + 0.1"]);
