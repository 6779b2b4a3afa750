import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, gzipSync } from "node:zlib";
import { HEAD, decodeText, encodingOf } from "../../web/core/text/encoding.js";
import { assertRefused, prose } from "./support.js";

/** UTF-16 of either order, without a mark. */
const utf16 = (text, big = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return big ? bytes.swap16() : bytes;
};
const bytesOf = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const read = (bytes, options) => decodeText(Uint8Array.from(bytes), { name: "book.txt", ...options });
/** 8-bit letters as they were written before Unicode. */
const latin1 = (text) => Buffer.from(text, "latin1");

const TEXTS = {
  English: `It is not down on any map; true places never are.\r\n"${prose(500)}"`,
  "a single word": "hello",
  Chinese: "春眠不覺曉,處處聞啼鳥。\n夜來風雨聲,花落知多少。\n".repeat(3),
  "Chinese on one line": "床前明月光。疑是地上霜。舉頭望明月。低頭思故鄉。",
  Japanese: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
  Korean: "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
  Russian: "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.",
  Greek: "Ἄνδρα μοι ἔννεπε, μοῦσα, πολύτροπον, ὃς μάλα πολλὰ πλάγχθη",
  Hebrew: "בראשית ברא אלהים את השמים ואת הארץ",
  Arabic: "وُلِدَ جميعُ الناسِ أحراراً متساوين في الكرامة والحقوق",
  Hindi: "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
  Thai: "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน ในเกียรติศักด[เกียรติศักดิ์]",
  "accents and signs": "Ça coûte 3 €: voilà – l’été, où naît l’œuvre… ½ × ±",
  "emoji and letters beyond the first plane": "𝄞 music 😀😃 and 👩‍👩‍👧‍👦 families 🇨🇭",
};

for (const [name, text] of Object.entries(TEXTS))
  test(`${name} is read as it is: in UTF-8 and UTF-16 of both orders, with a mark and without`, () => {
    for (const [how, bytes] of Object.entries({
      "utf-8": bytesOf(text),
      "utf-8 with a mark": bytesOf("\ufeff", text),
      "utf-16le with a mark": bytesOf([0xff, 0xfe], utf16(text)),
      "utf-16be with a mark": bytesOf([0xfe, 0xff], utf16(text, true)),
      "utf-16le": utf16(text),
      "utf-16be": utf16(text, true),
    })) {
      assert.equal(read(bytes), text, how);
      assert.equal(encodingOf(bytes).encoding, how.split(" ")[0], how);
    }
  });

test("a mark is only one at the beginning, and an empty text is empty", () => {
  assert.equal(read(bytesOf("\ufeff\ufeffa\ufeff")), "\ufeffa\ufeff");
  assert.equal(read([]), "");
  assert.equal(read([0xef, 0xbb, 0xbf]), "");
});

test("control characters, NUL and letters nobody assigned are learnt as they are where a text has few", () => {
  for (const text of [`${prose(2000)}\0\x1b[1mbold\x1b[0m\ue000\x80`, "\f\v\t\r\n \u2028\u200d\u00ad", "a\ufffdb"])
    assert.equal(read(bytesOf(text)), text);
});

test("8-bit texts are refused, and none is taken for UTF-16", () => {
  const refused = (bytes) =>
    assertRefused(
      () => read(bytes),
      "bad-text",
      /^book\.txt is not UTF-8 text: convert it, for instance with iconv\.$/,
    );
  for (const text of ["café", "Ünïcödé letters, and some more of them: äöüß éèê", `naïve ${prose(3000)}`])
    refused(latin1(text));
  const big5 = Buffer.from("ac4bafa5a4a3c4b1bce5a142b342b342bb44b3dab3bea143", "hex");
  const gbk = Buffer.from("b4bacdbad3d0b7e7a3acbba8c2e4d6aab6e0c9d9a1a3", "hex");
  const shiftJis = Buffer.from("8ce394792082cd944c82c582a082e9814296bc914f82cd82dc82be96b382a28142", "hex");
  for (const bytes of [big5, gbk, shiftJis])
    for (const times of [1, 2, 50]) refused(Buffer.concat(Array(times).fill(bytes)));
});

test("what is compressed, or no text, is called what it is", () => {
  const model = Buffer.alloc(400);
  model.writeBigUInt64LE(300n);
  model.write('{"__metadata__":{}', 8);
  const tar = Buffer.alloc(1024);
  tar.write("book.txt");
  tar.write("ustar", 257);
  for (const [bytes, pattern] of /** @type {[Buffer, RegExp][]} */ ([
    [gzipSync(prose(3000)), /is compressed: unpack it first, with gzip -d/],
    [bytesOf([0xfd], "7zXZ\0abc"), /is compressed: .* xz/],
    [bytesOf([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), /is compressed: .* zstd/],
    [bytesOf("BZh91AY&SY", [0x80, 0xff]), /is compressed: .* bzip2/],
    [bytesOf("PK", [3, 4, 20, 0]), /is a ZIP archive, as \.docx, \.odt and \.epub are/],
    [tar, /is a tar archive/],
    [bytesOf("%PDF-1.7\n%plain\n"), /is a PDF document: save it as plain text first/],
    [bytesOf("{\\rtf1 plain}"), /is a document in rich text: save it as plain text first/],
    [bytesOf([0x89], "PNG\r\n", [0x1a, 0x0a]), /is a picture, and no text/],
    [bytesOf([0xff, 0xd8, 0xff, 0xe0]), /is a picture, and no text/],
    [bytesOf("\0\0\0\x20ftypisom"), /is a sound or a film/],
    [model, /is a safetensors file, a model and no text/],
    [bytesOf([0x7f], "ELF", [2, 1, 1, 0]), /is a program, and no text/],
    [Buffer.alloc(1000), /is a binary file, and no text/],
    [bytesOf([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /is UTF-32: convert it to UTF-8/],
    [bytesOf([0xff, 0xfe], utf16("abc"), [0x00]), /is UTF-16LE at its beginning and not throughout/],
    [bytesOf([0xfe, 0xff], [0xd8, 0x00, 0x00, 0x61]), /is UTF-16BE at its beginning and not throughout/],
  ]))
    assertRefused(() => read(bytes), "bad-text", new RegExp(`^book\\.txt ${pattern.source}`));
  for (const bytes of [
    deflateRawSync(prose(3000)),
    brotliCompressSync(prose(3000)),
    readFileSync(process.execPath).subarray(4, 5000),
  ])
    assertRefused(() => read(bytes), "bad-text", /^book\.txt is (a binary file, and no text|not UTF-8 text)/);
});

test("texts that begin as other files do are texts", () => {
  for (const text of [
    "BZh is how bzip2 begins",
    "PK is a name",
    "RIFF, GIF8, OggS",
    "ID3 makes trees",
    "Rar! cried he",
    '12345678{"a": 1}',
  ])
    assert.equal(read(bytesOf(text)), text);
});

test("a head is enough, wherever it is cut", () => {
  for (const text of [TEXTS.Chinese, TEXTS.Russian, TEXTS.English])
    for (const bytes of [bytesOf(text), utf16(text), utf16(text, true)]) {
      const { encoding } = encodingOf(bytes);
      for (let length = bytes.length - 8; length < bytes.length; length++)
        assert.equal(
          encodingOf(bytes.subarray(0, length), { cut: true }).encoding,
          encoding,
          `${length} of ${bytes.length}`,
        );
    }
  assert.equal(read(bytesOf("a€").subarray(0, 3), { cut: true }), "a");
  const long = "é€ 𝄞".repeat(HEAD / 8);
  assert.equal(read(bytesOf(long)), long);
  assert.equal(read(utf16(long)), long);
  assertRefused(() => read(bytesOf(long, [0xff])), "bad-text", /is not UTF-8 text/);
});
