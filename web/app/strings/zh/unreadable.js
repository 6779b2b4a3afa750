/** Why a file is no text. */
export default {
  packed: "{name} 是压缩文件，请先用 {how} 解压。",
  zip: "{name} 是 ZIP 压缩包（.docx、.odt、.epub 也是），请先解压，或另存为纯文本。",
  tar: "{name} 是 tar 归档文件，请先解开。",
  pdf: "{name} 是 PDF 文档，请先另存为纯文本。",
  office: "{name} 是办公软件的文档，请先另存为纯文本。",
  rtf: "{name} 是富文本文档，请先另存为纯文本。",
  picture: "{name} 是图片，不是文本。",
  sound: "{name} 是音频或视频，不是文本。",
  database: "{name} 是数据库，不是文本。",
  program: "{name} 是程序，不是文本。",
  model: "{name} 是保存的网络，不是文本。若出自本页，请以 .safetensors 的扩展名拖进来，就能接着训练。",
  binary: "{name} 不像是文本。本页接受 UTF-8 或 UTF-16 的纯文本。",
  utf32: "{name} 的编码是 UTF-32。本页接受 UTF-8 或 UTF-16 的纯文本。",
  other: "{name} 用的是较旧的编码。请在原来的程序里另存为 UTF-8。",
  half: "{name} 开头是 {how}，后面却不是。请另存为 UTF-8。",
};
