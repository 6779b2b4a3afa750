import { testClaims } from "./support.js";

testClaims("remembering", [
  "gru.accuracy > 0.95",
  "lstm.accuracy > 0.95",
  "rnn.accuracy < rnn.chance + 0.1",
  "gru.keeps > 0.99",
  "lstm.keeps > 0.99",
  "gru.heldAccuracy < gru.chance + 0.1",
  "lstm.heldAccuracy < lstm.chance + 0.1",
]);
