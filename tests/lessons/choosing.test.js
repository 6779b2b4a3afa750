import { testClaims } from "./support.js";

testClaims("choosing", [
  "gru32.validation < lstm32.validation - 0.1",
  "gru32.validation < rnn32.validation - 0.05",
  "gru2.validation < gru32.validation + 0.06",
  "gru128.validation < gru32.validation + 0.06",
  "gru32.validation < 2.1",
]);
