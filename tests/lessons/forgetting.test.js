import { testClaims } from "./support.js";

testClaims("forgetting", [
  "near.accuracy > 0.95",
  "far.accuracy < far.chance + 0.1",
  "near.felt11 > 10000 * far.felt41",
]);
