/** How long a round takes at least, in milliseconds, so that one can follow: early ones longer, for most happens there. */

const PLAIN = 40; // so that a page has time to draw
const EARLY = 10; // rounds

/** @param {import("../../lessons/lesson.js").Lesson} lesson @param {number} n the round, from 0 */
export const paceOf = ({ pace }, n) => (pace ? pace * Math.max(1, EARLY / (n + 1)) : PLAIN);
