import { testClaims } from "./support.js";

testClaims("updating", [
  "net.gradient > 0",
  "net.moved < 0",
  "net.lossBefore < net.blind",
  "net.lossAfter < net.lossBefore",
  "net.norm < 5",
]);
