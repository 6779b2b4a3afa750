/** How far training is: a bar on a terminal, plain lines elsewhere. Both on standard error. */

/**
 * @typedef {{ done: number, step: number, epoch: number, loss: number, measure?: import("../../core/fit.js").Measure,
 * speed: number, left: number }} Standing left in seconds
 */

/** @param {number} seconds */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "?";
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** @param {number} speed a second */
function rate(speed) {
  return speed >= 1e6
    ? `${(speed / 1e6).toFixed(2)}M`
    : speed >= 1e4
      ? `${(speed / 1e3).toFixed(0)}k`
      : speed.toFixed(0);
}

/**
 * A bar on a terminal, null elsewhere: where none is drawn its library is not read.
 * @param {NodeJS.WriteStream} stream @param {string} format
 */
export async function openBar(stream, format) {
  if (!stream.isTTY || process.env.TERM === "dumb") return null;
  const { default: library } = await import("cli-progress");
  const bar = new library.SingleBar(
    {
      stream,
      format,
      hideCursor: true,
      barsize: 20,
      forceRedraw: true,
      gracefulExit: false, // it would keep a second signal from ending the program
    },
    library.Presets.shades_classic,
  );
  // Ctrl-Z: the shell has its cursor back until the program goes on. Where no shell could let it go on, the system has it
  // go on at once.
  const rest = () => {
    const { value, payload } = /** @type {any} */ (bar);
    bar.stop(); // and listens no more
    process.kill(process.pid, "SIGTSTP");
    bar.start(bar.getTotal(), value, payload);
  };
  bar.on("start", () => process.on("SIGTSTP", rest));
  bar.on("stop", () => process.off("SIGTSTP", rest));
  return bar;
}

/** @typedef {Awaited<ReturnType<typeof openBar>>} Bar */

export class Progress {
  #bar;
  #unit;
  #total;
  /** Leaves the terminal as it was, however the program ends. */
  #leave = () => this.#bar?.stop();

  /** @param {number} total updates @param {string} unit what a token is called */
  static async open(total, unit, stream = process.stderr) {
    const format = `{bar} {percentage}% | epoch {epoch} | loss {loss} | {measured}{speed} ${unit}s/s | {left} left`;
    return new Progress(total, unit, stream, await openBar(stream, format));
  }

  /** @param {number} total @param {string} unit @param {NodeJS.WriteStream} stream @param {Bar} bar */
  constructor(total, unit, stream, bar) {
    this.stream = stream;
    this.#unit = unit;
    this.#total = total;
    this.#bar = bar;
    if (!bar) return;
    process.once("exit", this.#leave);
    bar.start(total, 0, { epoch: "0", loss: "–", measured: "", speed: "–", left: "?" });
  }

  /** @param {Standing} standing */
  #words({ epoch, loss, measure, speed, left }) {
    const part = (/** @type {string} */ name, /** @type {import("../../core/fit.js").Evaluation | undefined} */ e) =>
      e ? `${name} ${e.bitsPerToken.toFixed(3)} bits/${this.#unit}, ${(100 * e.accuracy).toFixed(1)} % right | ` : "";
    return {
      epoch: epoch.toFixed(2),
      loss: loss.toFixed(3),
      measured: part("training", measure?.training) + part("validation", measure),
      speed: rate(speed),
      left: duration(left),
    };
  }

  /** Moves the bar. @param {Standing} standing */
  show(standing) {
    this.#bar?.update(standing.done, this.#words(standing));
  }

  /** Writes a line where there is no bar. @param {Standing} standing */
  line(standing) {
    const { epoch, loss, measured, speed, left } = this.#words(standing);
    if (this.#bar) this.show(standing);
    else
      this.stream.write(
        `step ${standing.step} (${standing.done} of ${this.#total}) | epoch ${epoch} | loss ${loss} | ${measured}${speed} ${this.#unit}s/s | ${left} left\n`,
      );
  }

  /** Says something beside the bar. @param {string} text */
  tell(text) {
    this.stream.write(this.#bar ? `\r\x1b[K${text}\n` : `${text}\n`);
  }

  stop() {
    process.off("exit", this.#leave);
    this.#leave();
  }
}
