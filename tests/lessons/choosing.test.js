import { testClaims } from "./support.js";

testClaims("choosing", [
  "gru.validation < lstm.validation",
  "gru.validation < rnn.validation",
  "lstm.validation < gru.validation + 0.35",
  "gru4.validation < gru.validation + 0.12",
  "gru.validation < 2.1",
]);
