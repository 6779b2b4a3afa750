import { testClaims } from "./support.js";

testClaims("byheart", [
  "plain.risen > 0.3",
  "plain.loss < 1.5",
  "dropout.validation < plain.validation - 0.2",
  "small.risen < 0.1",
  "more.best < plain.best - 0.15",
  "plain.best < plain.validation - 0.3",
]);
