/** Why a file is no text. */
export default {
  packed: "{name} is compressed: unpack it first, with {how}.",
  zip: "{name} is a ZIP archive, as .docx, .odt and .epub are: unpack it, or save it as plain text first.",
  tar: "{name} is a tar archive: unpack it first.",
  pdf: "{name} is a PDF document: save it as plain text first.",
  office: "{name} is a document of an office program: save it as plain text first.",
  rtf: "{name} is a document in rich text: save it as plain text first.",
  picture: "{name} is a picture, and no text.",
  sound: "{name} is a sound or a film, and no text.",
  database: "{name} is a database, and no text.",
  program: "{name} is a program, and no text.",
  model: "{name} is a saved network, and no text. If it is one of these, drop it as .safetensors, and it goes on.",
  binary: "{name} does not look like text. It takes plain text in UTF-8 or UTF-16.",
  utf32: "{name} is in UTF-32. It takes plain text in UTF-8 or UTF-16.",
  other: "{name} is in an older encoding. Save it as UTF-8 in the program that wrote it.",
  half: "{name} begins in {how} and is broken further on. Save it as UTF-8.",
};
