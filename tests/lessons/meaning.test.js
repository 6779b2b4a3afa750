import { testClaims } from "./support.js";

testClaims("meaning", [
  "net.accuracy > 0.97",
  "net.readable > 0.9",
  "net.off < net.chance + 0.1",
  "net.otherOff > net.off + 0.15",
]);
