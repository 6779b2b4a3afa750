/** How long a sequence, which cell: a sweep over both on ordinary prose, where the cell matters and the length hardly does. */

const CELLS = ["rnn", "lstm", "gru"];
const LENGTHS = [2, 8, 32, 128];
const READ = 512; // characters of an update, in every network
const CLOSE = 0.03; // nats: closer than that nothing is won

/** @param {string} cell @param {number} seqLen @returns {[string, import("../lesson.js").NetworkSpec]} */
const network = (cell, seqLen) => [
  `${cell}${seqLen}`,
  {
    text: { reader: true, sample: "moby-dick", length: 40000 },
    settings: { cell, seqLen, batch: READ / seqLen, hidden: 48, learningRate: 0.008, validation: 0.1 },
    steps: 300,
    until: `${cell}${seqLen}.seconds > 100`, // a text of many different characters takes longer, and the visit ends
  },
];

/** @param {(cell: string, seqLen: number) => string} word */
const names = (word) =>
  Object.fromEntries(LENGTHS.flatMap((seqLen) => CELLS.map((cell) => [`${cell}${seqLen}`, word(cell, seqLen)])));

/** Whether one cell is ahead at every length. @param {string} cell */
const wins = (cell) =>
  LENGTHS.flatMap((n) =>
    CELLS.filter((other) => other !== cell).map(
      (other) => `${cell}${n}.validation < ${other}${n}.validation - ${CLOSE}`,
    ),
  ).join(" and ");
const ONE_CELL = CELLS.map((cell) => `(${wins(cell)})`).join(" or ");
const LONG = CELLS.map((cell) => `${cell}128.validation < ${cell}2.validation - 0.1`).join(" and ");
const EVEN = "gru2.validation < gru128.validation + 0.1";

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "choosing",
  networks: Object.fromEntries(LENGTHS.flatMap((seqLen) => CELLS.map((cell) => network(cell, seqLen)))),
  look: 50,
  measures: [{ kind: "validation" }, { kind: "profile", at: "end", length: 160 }],
  bet: {
    kind: "choose",
    options: ["length", "cell", "both", "neither"],
    outcome: [
      { when: `${LONG} and (${ONE_CELL})`, is: "both" },
      { when: LONG, is: "length" },
      { when: ONE_CELL, is: "cell" },
      { is: "neither" },
    ],
  },
  figures: [
    { kind: "sweep", name: "sweep", number: "validation", over: "seqLen", by: "cell" },
    {
      kind: "table",
      name: "table",
      networks: ["rnn32", "lstm32", "gru32"],
      columns: [
        { number: "validation", format: "2", best: "low" },
        { number: "seconds", format: "1", best: "low" },
        { number: "reach" },
      ],
    },
  ],
  events: [
    { when: "gru128.step >= 50", say: "begin" },
    { when: "gru128.step >= 150", say: "half" },
    { when: `over and ${EVEN}`, say: "lengths" },
    { when: `over and ${wins("gru")}`, say: "cells" },
  ],
  answer: [{ when: `${EVEN} and ${wins("gru")}`, say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      {
        name: "wide",
        change: { networks: Object.fromEntries(LENGTHS.map((n) => [`gru${n}`, { settings: { hidden: 96 } }])) },
      },
      {
        name: "fast",
        change: {
          networks: Object.fromEntries(LENGTHS.map((n) => [`lstm${n}`, { settings: { learningRate: 0.024 } }])),
        },
      },
    ],
    say: [{ when: "lstm32.validation > 0", say: "fast" }, { say: "wide" }],
  },
  check: { options: ["long", "try", "lstm"], right: "try" },
  lab: "gru32",
  claims: [
    "gru32.validation < lstm32.validation - 0.1",
    "gru32.validation < rnn32.validation - 0.05",
    "gru2.validation < gru32.validation + 0.06",
    "gru128.validation < gru32.validation + 0.06",
    "gru32.validation < 2.1",
  ],
  short: {
    networks: { rnn32: { steps: 150 }, gru32: { steps: 150 } },
    claims: ["gru32.validation < rnn32.validation + 0.1", "gru32.validation < 2.7"],
  },
  words: {
    en: {
      title: "How long a sequence, which cell",
      question: "Three cells, four lengths, one ordinary text. What will make the difference?",
      intro: [
        "You have seen that gates remember and that short windows cut the gradient. Does that matter for ordinary prose? Let us try them all: RNN, LSTM and GRU, each with windows of 2, 8, 32 and 128 characters. Twelve networks, the same text, as many characters in each update.",
      ],
      networks: names((cell, n) => `${cell.toUpperCase()}, ${n}`),
      bet: {
        length: "The length: with windows of 128 all three will guess better than with 2.",
        cell: "The cell: at every length the same one will win.",
        both: "Both: long windows will win, and one cell at every length.",
        neither: "Neither: not every cell gains by long windows, and no cell wins at every length.",
      },
      figures: {
        sweep: {
          title: "Loss on text they have not read",
          x: "characters in a window",
          lines: { rnn: "RNN", lstm: "LSTM", gru: "GRU" },
          read: "A tenth of the text is held back and only asked about. The lower a dot, the better that network guesses. A flat line means that the length makes no difference.",
          says: "GRU with windows of 2, 8, 32 and 128: {gru2.validation 2}, {gru8.validation 2}, {gru32.validation 2}, {gru128.validation 2}. RNN with 32: {rnn32.validation 2}; LSTM with 32: {lstm32.validation 2}.",
        },
        table: {
          title: "What each cell costs, with windows of 32",
          columns: { validation: "loss at the end", seconds: "seconds", reach: "gradient reaches back" },
          read: "Seconds of training on this machine, with the others beside it. The reach is where the gradient is down to a hundredth, in characters.",
          says: "The gradient of the GRU reaches {gru32.reach} characters back, that of the LSTM {lstm32.reach}, that of the RNN {rnn32.reach}.",
        },
      },
      say: {
        begin: "All twelve begin with the letters that come most often. Which will get ahead?",
        half: "Halfway, with windows of 32: RNN {rnn32.validation 2}, LSTM {lstm32.validation 2}, GRU {gru32.validation 2}. The flatter a line, the less the length has mattered so far.",
        lengths:
          "Of the GRU, windows of 2 do almost as well as windows of 128. The state is carried on in all of them, and most of what helps to guess the next letter stands in the word just begun.",
        cells:
          "The GRU leads at every length. The LSTM has the most weights to set; below you can give it longer steps.",
        answer:
          "The cell. With windows of 32: GRU {gru32.validation 2}, RNN {rnn32.validation 2}, LSTM {lstm32.validation 2}. From windows of 2 to windows of 128, the GRU only goes from {gru2.validation 2} to {gru128.validation 2}.",
        otherwise:
          "On this text: GRU {gru32.validation 2}, RNN {rnn32.validation 2}, LSTM {lstm32.validation 2} with windows of 32; GRU {gru2.validation 2} with windows of 2 and {gru128.validation 2} with 128.",
        wide: "With twice the units, the GRU comes to {gru2.validation 2}, {gru8.validation 2}, {gru32.validation 2} and {gru128.validation 2}. The dashed line is the one before.",
        fast: "With three times the rate, the LSTM comes to {lstm2.validation 2}, {lstm8.validation 2}, {lstm32.validation 2} and {lstm128.validation 2}. Set that against the GRU: was the LSTM the worse cell, or only the slower one?",
      },
      change: {
        label: "Change the units, or the rate",
        wide: "GRU, 96 units",
        fast: "LSTM, three times the rate",
      },
      check: {
        question: "A friend asks which length and which cell to take. What do you say?",
        long: "The longest windows you can afford.",
        try: "It depends on your text: try a few, as here.",
        lstm: "An LSTM: it remembers best.",
        why: "What a text asks you to remember decides. Prose asks for little in a minute of training, recall for everything. A sweep costs less than an argument.",
      },
      published:
        "Jozefowicz, Zaremba and Sutskever (2015) compared over ten thousand kinds of cells: the GRU beat the LSTM on every task but language modelling, and a forget bias of 1 closed the gap. Khandelwal et al. (2018) found that large LSTMs trained to the end use about 200 words of context, but heed their order only within the last 50 or so. In this minute, the gradient of our GRU reaches {gru32.reach} characters.",
    },
    zh: {
      title: "序列多长，用哪种单元",
      question: "三种单元、四种长度、一段普通的文字。差别会出在哪里？",
      intro: [
        "你已经看到：门能记忆，窗口太短会截断梯度。对普通的散文，这要紧吗？我们全都试一遍：RNN、LSTM、GRU，窗口各取 2、8、32、128 个字符。一共十二个网络，读同一段文本，每次更新读的字符一样多。",
      ],
      networks: names((cell, n) => `${cell.toUpperCase()}，${n}`),
      bet: {
        length: "长度：三种单元都是窗口 128 的比窗口 2 的猜得准。",
        cell: "单元：不论多长，胜出的总是同一种。",
        both: "两者都是：长窗口猜得更准，而且不论多长都是同一种单元胜出。",
        neither: "都不是：长窗口并非对每种单元都有好处，也没有哪种单元处处胜出。",
      },
      figures: {
        sweep: {
          title: "在没读过的文字上的损失",
          x: "窗口的字符数",
          lines: { rnn: "RNN", lstm: "LSTM", gru: "GRU" },
          read: "文本的十分之一留出来，只用来检验。点越低，那个网络猜得越准。线是平的，说明长度没有影响。",
          says: "GRU 的窗口取 2、8、32、128 时：{gru2.validation 2}、{gru8.validation 2}、{gru32.validation 2}、{gru128.validation 2}。窗口 32 的 RNN：{rnn32.validation 2}；LSTM：{lstm32.validation 2}。",
        },
        table: {
          title: "窗口 32 时，各种单元的代价",
          columns: { validation: "最后的损失", seconds: "秒", reach: "梯度传回多远" },
          read: "在这台机器上与别的网络同时训练所用的秒数。“多远”是梯度降到百分之一处的字符数。",
          says: "GRU 的梯度传回 {gru32.reach} 个字符，LSTM 的 {lstm32.reach} 个，RNN 的 {rnn32.reach} 个。",
        },
      },
      say: {
        begin: "十二个网络都从最常见的字母学起，哪个会领先呢？",
        half: "到了一半，窗口 32 的：RNN {rnn32.validation 2}，LSTM {lstm32.validation 2}，GRU {gru32.validation 2}。线越平，说明到现在为止长度越不要紧。",
        lengths:
          "对 GRU 来说，窗口 2 几乎和窗口 128 一样好。这些网络都把状态传下去，而猜下一个字母所需的东西，多半就在刚开头的那个词里。",
        cells: "不论多长，都是 GRU 领先。LSTM 要调的权重最多；下面可以让它把步子迈大些。",
        answer:
          "是单元。窗口 32 时：GRU {gru32.validation 2}，RNN {rnn32.validation 2}，LSTM {lstm32.validation 2}。而窗口从 2 到 128，GRU 只从 {gru2.validation 2} 变到 {gru128.validation 2}。",
        otherwise:
          "在这段文本上，窗口 32 时：GRU {gru32.validation 2}，RNN {rnn32.validation 2}，LSTM {lstm32.validation 2}；GRU 的窗口取 2 时是 {gru2.validation 2}，取 128 时是 {gru128.validation 2}。",
        wide: "隐藏单元加倍之后，GRU 是 {gru2.validation 2}、{gru8.validation 2}、{gru32.validation 2}、{gru128.validation 2}。虚线是原来的。",
        fast: "学习率取三倍，LSTM 是 {lstm2.validation 2}、{lstm8.validation 2}、{lstm32.validation 2}、{lstm128.validation 2}。和 GRU 比一比：LSTM 是真的差，还是只是慢？",
      },
      change: {
        label: "换隐藏单元数或学习率",
        wide: "GRU，96 个隐藏单元",
        fast: "LSTM，三倍的学习率",
      },
      check: {
        question: "朋友问你：序列取多长，用哪种单元？你怎么回答？",
        long: "窗口能多长就多长。",
        try: "要看是什么文本，像这样都试一试。",
        lstm: "用 LSTM，它记性最好。",
        why: "要看文本需要记住什么。训练一分钟的散文要记的很少，回忆文本则全靠记忆。与其争论，不如试一遍。",
      },
      published:
        "Jozefowicz、Zaremba 与 Sutskever（2015）比较了一万多种单元：除语言模型外，GRU 在所有任务上都胜过 LSTM；把遗忘门的偏置设为 1，差距就消失了。Khandelwal 等人（2018）发现，训练充分的大型 LSTM 大约用到前面 200 个词，但只在最近 50 个词左右的范围内在意词序。而在这一分钟里，我们的 GRU 的梯度传回 {gru32.reach} 个字符。",
    },
  },
};
