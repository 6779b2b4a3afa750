/** How long a sequence, which cell: on ordinary prose and within a minute the differences are small, and the simple rule fails. */

const text = { reader: true, sample: "moby-dick", length: 40000 };
const settings = { hidden: 64, batch: 16, seqLen: 32, learningRate: 0.005, validation: 0.1 };
const steps = 600;

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "choosing",
  networks: {
    rnn: { text, settings: { ...settings, cell: "rnn" }, steps },
    lstm: { text, settings: { ...settings, cell: "lstm" }, steps },
    gru: { text, settings: { ...settings, cell: "gru" }, steps },
    gru4: { text, settings: { ...settings, cell: "gru", seqLen: 4, batch: 128 }, steps },
  },
  look: 50,
  pace: 200,
  measures: [{ kind: "validation" }, { kind: "profile", at: "end", length: 160 }],
  bet: {
    kind: "choose",
    options: ["lstm", "gru", "rnn", "gru4"],
    outcome: [
      {
        when: "lstm.validation < gru.validation and lstm.validation < rnn.validation and lstm.validation < gru4.validation",
        is: "lstm",
      },
      { when: "gru.validation < rnn.validation and gru.validation < gru4.validation", is: "gru" },
      { when: "rnn.validation < gru4.validation", is: "rnn" },
      { is: "gru4" },
    ],
  },
  figures: [
    { kind: "curve", name: "curve", number: "validation", low: 1.5, most: 4.5 },
    {
      kind: "table",
      name: "table",
      columns: [
        { number: "validation", format: "2", best: "low" },
        { number: "seconds", format: "1", best: "low" },
        { number: "reach" },
      ],
    },
  ],
  events: [
    { when: "gru.step >= 50", say: "begin" },
    { when: "gru.step >= 300", say: "half" },
    { when: "over", say: "cells" },
    { when: "over", say: "lengths" },
  ],
  answer: [{ when: "lstm.validation > gru.validation", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "l64", change: { networks: { gru: { settings: { seqLen: 64, batch: 8 } } } } },
      { name: "wide", change: { networks: { gru: { settings: { hidden: 128 } } } } },
      { name: "slow", change: { networks: { lstm: { settings: { learningRate: 0.015 } } } } },
    ],
    say: [{ when: "gru.validation > 0", say: "changedGru" }, { say: "changedLstm" }],
  },
  check: { options: ["lstm", "text", "length"], right: "text" },
  lab: "gru",
  claims: [
    "gru.validation < lstm.validation",
    "gru.validation < rnn.validation",
    "lstm.validation < gru.validation + 0.35",
    "gru4.validation < gru.validation + 0.12",
    "gru.validation < 2.1",
  ],
  short: {
    networks: { rnn: { steps: 150 }, gru: { steps: 150 } },
    claims: ["gru.validation < rnn.validation + 0.1", "gru.validation < 2.7"],
  },
  words: {
    en: {
      title: "How long a sequence, which cell",
      question: "Four networks learn ordinary prose for the same number of updates. Which guesses best at the end?",
      intro: [
        "They read what you last learnt in the lab, or else Moby-Dick. All see as many characters in each update. Three have windows of 32 characters, and the fourth is a GRU with windows of 4: its blame goes back four characters at most.",
        "You have seen that gates remember and that short windows cut. Does it matter here?",
      ],
      networks: { rnn: "RNN, 32", lstm: "LSTM, 32", gru: "GRU, 32", gru4: "GRU, 4" },
      bet: {
        lstm: "The LSTM: it remembers best.",
        gru: "The GRU with windows of 32.",
        rnn: "The plain RNN.",
        gru4: "The GRU with windows of 4.",
      },
      figures: {
        curve: {
          title: "Loss on text it has not read",
          x: "updates",
          read: "A tenth of the text is held back and only asked about. The lower, the better.",
          says: "RNN {rnn.validation 2}, LSTM {lstm.validation 2}, GRU {gru.validation 2}, GRU with windows of 4 {gru4.validation 2}.",
        },
        table: {
          title: "What each costs",
          columns: { validation: "loss at the end", seconds: "seconds", reach: "gradient reaches back" },
          read: "Seconds of training on this machine, beside the others. The reach is where the gradient is down to a hundredth, in characters.",
          says: "The gradient of the GRU reaches {gru.reach} characters back, that of the RNN {rnn.reach}.",
        },
      },
      say: {
        begin: "They begin close together: letters and spaces are learnt by all.",
        half: "Half way: RNN {rnn.validation 2}, LSTM {lstm.validation 2}, GRU {gru.validation 2}.",
        cells:
          "In prose, most of what helps to guess the next letter stands within the last word. So a long memory gains little in a minute, and the LSTM, with the most weights to set, is the slowest to begin.",
        lengths:
          "Windows of 4 come to {gru4.validation 2}, windows of 32 to {gru.validation 2}. The state is carried on in both, and spelling needs few letters of blame.",
        answer:
          "The order at the end: GRU {gru.validation 2}, GRU with windows of 4 {gru4.validation 2}, RNN {rnn.validation 2}, LSTM {lstm.validation 2}. On the recall text the same RNN never left guessing.",
        otherwise:
          "GRU {gru.validation 2}, GRU with windows of 4 {gru4.validation 2}, RNN {rnn.validation 2}, LSTM {lstm.validation 2}.",
        changedGru: "With this change the GRU comes to {gru.validation 2}.",
        changedLstm: "With this change the LSTM comes to {lstm.validation 2}.",
      },
      change: {
        label: "One thing more",
        l64: "GRU, windows of 64",
        wide: "GRU, 128 units",
        slow: "LSTM, three times the rate",
      },
      check: {
        question: "Which cell is best?",
        lstm: "The LSTM, always.",
        text: "It depends on what the text needs to be remembered, and on the time there is.",
        length: "The one with the longest windows.",
        why: "Recall over forty characters parts them completely; a minute of prose hardly does. Try both on your own text, as here, before you choose.",
      },
      published:
        "Jozefowicz, Zaremba and Sutskever (2015) compared ten thousand cells: the GRU was best on most tasks but language, and the LSTM as good once its forget bias was 1.",
    },
    zh: {
      title: "序列多长，用哪种单元",
      question: "四个网络学普通的散文，更新次数相同。最后谁猜得最准？",
      intro: [
        "它们读的是你上次在实验室里学的文本，没有的话就读《白鲸》。每次更新读的字符一样多。三个的窗口是 32 个字符；第四个是窗口只有 4 的 GRU，责任最多往回传四个字符。",
        "你已经看到门能记忆、短窗口会截断。在这里也要紧吗？",
      ],
      networks: { rnn: "RNN，32", lstm: "LSTM，32", gru: "GRU，32", gru4: "GRU，4" },
      bet: { lstm: "LSTM，它记性最好。", gru: "窗口 32 的 GRU。", rnn: "普通 RNN。", gru4: "窗口 4 的 GRU。" },
      figures: {
        curve: {
          title: "在没读过的文字上的损失",
          x: "更新次数",
          read: "文本的十分之一留出来，只用来考。越低越好。",
          says: "RNN {rnn.validation 2}，LSTM {lstm.validation 2}，GRU {gru.validation 2}，窗口 4 的 GRU {gru4.validation 2}。",
        },
        table: {
          title: "各要多少代价",
          columns: { validation: "最后的损失", seconds: "秒", reach: "梯度传回多远" },
          read: "在这台机器上和别的网络同时训练所用的秒数。“多远”是梯度降到百分之一处的字符数。",
          says: "GRU 的梯度传回 {gru.reach} 个字符，RNN 的传回 {rnn.reach} 个。",
        },
      },
      say: {
        begin: "开头差不多：字母和空格谁都学得会。",
        half: "到一半：RNN {rnn.validation 2}，LSTM {lstm.validation 2}，GRU {gru.validation 2}。",
        cells:
          "在散文里，猜下一个字母所需的东西多半就在最近一个词里。所以长记忆在一分钟里占不到便宜，而 LSTM 要调的权重最多，起步最慢。",
        lengths:
          "窗口 4 的损失是 {gru4.validation 2}，窗口 32 的是 {gru.validation 2}。两者都把状态传下去，而拼写用不着追究多远。",
        answer:
          "最后的名次：GRU {gru.validation 2}，窗口 4 的 GRU {gru4.validation 2}，RNN {rnn.validation 2}，LSTM {lstm.validation 2}。而在回忆文本上，同样的 RNN 始终只是瞎猜。",
        otherwise:
          "GRU {gru.validation 2}，窗口 4 的 GRU {gru4.validation 2}，RNN {rnn.validation 2}，LSTM {lstm.validation 2}。",
        changedGru: "这样一改，GRU 的损失是 {gru.validation 2}。",
        changedLstm: "这样一改，LSTM 的损失是 {lstm.validation 2}。",
      },
      change: { label: "再改一处", l64: "GRU，窗口 64", wide: "GRU，128 个单元", slow: "LSTM，三倍的学习率" },
      check: {
        question: "哪种单元最好？",
        lstm: "LSTM，永远是它。",
        text: "看文本要记住什么，也看有多少时间。",
        length: "窗口最长的那个。",
        why: "隔四十个字符的回忆让它们判若云泥，一分钟的散文却几乎分不出高下。选之前，像这样在自己的文本上都试一试。",
      },
      published:
        "Jozefowicz、Zaremba 与 Sutskever（2015）比较了一万种单元：除语言模型外，GRU 在多数任务上最好；把遗忘门的偏置设为 1，LSTM 就一样好。",
    },
  },
};
