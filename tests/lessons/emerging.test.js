import { testClaims } from "./support.js";

testClaims("emerging", ["wordsAt > 2 * spacesAt", "spacesAt < 150", "net.words > 0.5", "net.loss < 1.9"]);
