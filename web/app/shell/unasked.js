import { UnrolledError } from "../../core/errors.js";

/** Does what nobody asked for: where it cannot be done now, nothing is said of it. @param {() => Promise<any>} work */
export async function unasked(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
  }
}
