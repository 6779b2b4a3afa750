/**
 * Copies what stands in a box; where that is not allowed, selects it.
 * @param {HTMLInputElement | HTMLTextAreaElement} box
 */
export async function copyText(box) {
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    box.select();
    return false;
  }
}
