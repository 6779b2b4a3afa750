/**
 * What helpers run where the caller does not say: helper-thread.js, found beside thread.js. The core that carries all
 * in one file puts another in this one's place.
 */

/** @type {Blob | undefined} */
export const helperScript = undefined;
