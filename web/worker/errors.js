/** Errors as they cross from a worker to its page. */
import { UnrolledError } from "../core/errors.js";

/** @param {unknown} error @returns {{code: string, message: string, details: object}} */
export function plainError(error) {
  if (error instanceof UnrolledError) return { code: error.code, message: error.message, details: error.details };
  return { code: "internal", message: error instanceof Error ? error.message : String(error), details: {} };
}
