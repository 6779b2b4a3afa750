/** What a command prints: words about its work on standard error, results on standard output. */

/** @param {string} text */
export const say = (text) => void process.stderr.write(`${text}\n`);

/**
 * Nobody has to listen: where standard error is closed the work goes on in silence; where standard output is, a command
 * that only prints ends. Results in files never hang on either.
 * @param {(error: Error) => void} tell why standard output takes nothing, where that is another reason
 */
export function outliveReaders(tell) {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE") process.exit();
    tell(error);
    process.exit(1);
  });
}
