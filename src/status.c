/* What each status says. */
#include "unrolled.h"

const char *unroll_status_text(unroll_status status) {
    switch (status) {
    case UNROLL_OK: return "no error";
    case UNROLL_BAD_CONFIG: return "a setting is out of range, or a block is not aligned";
    case UNROLL_NO_SPACE: return "the block of memory is too small";
    case UNROLL_BAD_TOKEN: return "a token id is outside the vocabulary";
    case UNROLL_TOO_FEW_TOKENS: return "the text is too short to fill one window of every stream";
    case UNROLL_DIVERGED: return "the loss, the gradient or a weight is no longer a finite number of any use";
    case UNROLL_BAD_PASS: return "the pass was not made for this";
    }
    return "unknown status";
}
