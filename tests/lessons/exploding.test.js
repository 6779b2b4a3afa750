import { testClaims } from "./support.js";

testClaims("exploding", ["half.felt40 < 0.000001", "one.felt40 < 0.5", "one.felt40 > 0.01", "more.felt40 > 2"]);
