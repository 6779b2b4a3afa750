// MkDocs before 1.5 names classic scripts only; newer ones take `path` and `type: module`.
import(new URL("unrolled-element.js", document.currentScript.src));
