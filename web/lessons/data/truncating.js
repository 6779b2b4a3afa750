/** Truncation: the state is carried over the border of a window, the gradient is cut there, and what lies beyond is not learnt. */

const text = { make: "recall", lag: 24, least: 14, lines: 6000 };
const settings = { cell: "gru", hidden: 32, learningRate: 0.005, clipMode: "norm", clipThreshold: 1, validation: 0 };

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "truncating",
  networks: {
    short: { text, settings: { ...settings, seqLen: 8, batch: 48 }, steps: 2000 },
    long: { text, settings: { ...settings, seqLen: 48, batch: 8 }, steps: 2000 },
  },
  look: 50,
  pace: 200,
  measures: [
    { kind: "accuracy", text: { lines: 80, lag: 20, least: 0 } },
    { kind: "line", text: { lag: 20, least: 0 } },
  ],
  bet: {
    kind: "choose",
    options: ["both", "long", "none"],
    outcome: [
      { when: "short.accuracy > 0.9 and long.accuracy > 0.9", is: "both" },
      { when: "long.accuracy > 0.9", is: "long" },
      { is: "none" },
    ],
  },
  figures: [
    { kind: "curve", name: "accuracy", number: "accuracy", rule: "chance", percent: true },
    { kind: "line", name: "line" },
  ],
  events: [
    { when: "long.step >= 100", say: "begin" },
    { when: "long.accuracy > 0.6", say: "longStarts" },
    { when: "long.accuracy > 0.95", say: "longKnows" },
    { when: "over", say: "cut" },
  ],
  answer: [
    { when: "long.accuracy > 0.95 and short.accuracy < short.chance + 0.15", say: "answer" },
    { say: "otherwise" },
  ],
  change: {
    options: [
      { name: "w16", change: { networks: { short: { settings: { seqLen: 16, batch: 24 } } } } },
      { name: "w24", change: { networks: { short: { settings: { seqLen: 24, batch: 16 } } } } },
      { name: "w32", change: { networks: { short: { settings: { seqLen: 32, batch: 12 } } } } },
      {
        name: "near",
        change: {
          networks: { short: { text: { lag: 4, least: 1 } } },
          measures: { accuracy: { text: { lines: 80, lag: 4, least: 0 } }, line: { text: { lag: 4, least: 0 } } },
        },
      },
    ],
    say: [{ when: "short.accuracy > 0.9", say: "changeLearnt" }, { say: "changeNot" }],
  },
  check: { options: ["state", "blame", "text"], right: "blame" },
  lab: "short",
  claims: ["long.accuracy > 0.95", "short.accuracy < short.chance + 0.1"],
  short: {
    networks: { short: { steps: 500 }, long: { steps: 1200, settings: { learningRate: 0.01 } } },
    claims: ["long.accuracy > 0.6", "short.accuracy < short.chance + 0.2"],
  },
  words: {
    en: {
      title: "Truncation",
      question:
        "Two GRUs read the same lines and never reset their state. One is trained in windows of 8 characters, the other in windows of 48. Which will learn to carry a letter across 14 to 24 dots?",
      intro: [
        "A text is too long to trace every error back to its beginning. So it is read in windows. At the end of each, all weights are updated and the state is handed on to the next. The gradient is not: it stops where the window begins. That is truncated backpropagation through time.",
        "Both networks read as many characters in each update. Only the windows differ.",
      ],
      networks: { short: "windows of 8", long: "windows of 48" },
      bet: {
        both: "Both: the state is never reset, after all.",
        long: "Only the one with windows of 48.",
        none: "Neither.",
      },
      figures: {
        accuracy: {
          title: "How often the last letter is right",
          x: "updates",
          rule: "guessing",
          read: "A test on 80 fresh lines of 20 dots, after every 50 updates.",
          says: "Right with {short.name}: {short.accuracy percent}; with {long.name}: {long.accuracy percent}; guessing gives {long.chance percent}.",
        },
        line: {
          title: "What they answer",
          read: "A line they have never read, and how sure each network is of each letter at its end.",
          says: "The right letter gets {short.sure percent} with {short.name}, {long.sure percent} with {long.name}.",
        },
      },
      say: {
        begin: "Both have learnt the dots. The letter is still a guess.",
        longStarts: "With windows of 48, letter and answer mostly share a window. This one begins to remember.",
        longKnows: "Got it, after {long.step} updates.",
        cut: "With windows of 8, letter and answer never share a window. The letter may still be in the state, but no gradient ever reaches the place where it was read. So nothing teaches the network to keep it.",
        answer:
          "Only the one with windows of 48: right {long.accuracy percent} of the time. The one with windows of 8 is right {short.accuracy percent}, and guessing gives {short.chance percent}.",
        otherwise: "Windows of 8: {short.accuracy percent}. Windows of 48: {long.accuracy percent}.",
        changeLearnt: "This it learns: right {short.accuracy percent} of the time after {short.step} updates.",
        changeNot:
          "This it does not learn in {short.step} updates: right {short.accuracy percent} of the time, and guessing gives {short.chance percent}.",
      },
      change: {
        label: "Change the short windows, or the distance",
        w16: "windows of 16",
        w24: "windows of 24",
        w32: "windows of 32",
        near: "windows of 8, 1 to 4 dots",
      },
      check: {
        question: "What is cut at the border of a window?",
        state: "The state: it begins at zero again.",
        blame: "The gradient: it goes no farther back.",
        text: "The text: what lies before is forgotten.",
        why: "The state crosses the border, the gradient does not. What the state happens to carry can still be used. But nothing teaches it what to carry.",
      },
      published:
        "Williams and Peng (1990) described it. Tallec and Ollivier (2017) point out what it costs: learning is biased towards what is near. Here: {short.accuracy percent} with windows of 8, {long.accuracy percent} with 48.",
    },
    zh: {
      title: "截断反向传播",
      question:
        "两个 GRU 读同样的行，状态从不清零。一个用长 8 个字符的窗口训练，另一个用长 48 个字符的窗口。哪个能学会隔着 14 到 24 个点记住字母？",
      intro: [
        "文本太长，误差不可能一直传回开头。于是分成窗口来读：读完一个窗口就更新全部权重，状态交给下一个窗口。梯度却不交：传到窗口的开头就停。这叫“截断的随时间反向传播”（truncated BPTT）。",
        "两个网络每次更新读的字符一样多，只是窗口长短不同。",
      ],
      networks: { short: "窗口长 8", long: "窗口长 48" },
      bet: { both: "都能，毕竟状态从不清零。", long: "只有窗口长 48 的能。", none: "都不能。" },
      figures: {
        accuracy: {
          title: "最后一个字母的正确率",
          x: "更新次数",
          rule: "随机猜测",
          read: "每更新 50 次，就用 80 行 20 个点的新文字测验一次。",
          says: "{short.name}：{short.accuracy percent}；{long.name}：{long.accuracy percent}；随机猜测：{long.chance percent}。",
        },
        line: {
          title: "它们的回答",
          read: "一行没有读过的文字，以及网络在行尾给每个字母的概率。",
          says: "给正确字母的概率：{short.name}，{short.sure percent}；{long.name}，{long.sure percent}。",
        },
      },
      say: {
        begin: "两个都学会了点，字母还在猜。",
        longStarts: "窗口长 48 时，字母和答案多半在同一个窗口里：它开始记住了。",
        longKnows: "它学会了，用了 {long.step} 次更新。",
        cut: "窗口长 8 时，字母和答案总不在同一个窗口里。字母也许还留在状态里，但梯度从来传不到读它的地方，所以没有什么教网络去保留它。",
        answer:
          "只有窗口 48 的学会了：正确率 {long.accuracy percent}。窗口 8 的是 {short.accuracy percent}，随机猜测就有 {short.chance percent}。",
        otherwise: "窗口 8：{short.accuracy percent}。窗口 48：{long.accuracy percent}。",
        changeLearnt: "这样能学会：更新 {short.step} 次之后正确率 {short.accuracy percent}。",
        changeNot:
          "这样更新 {short.step} 次也学不会：正确率 {short.accuracy percent}，随机猜测就有 {short.chance percent}。",
      },
      change: {
        label: "换短窗口的长度，或者换距离",
        w16: "窗口长 16",
        w24: "窗口长 24",
        w32: "窗口长 32",
        near: "窗口长 8，隔 1 到 4 个点",
      },
      check: {
        question: "在窗口的边界上，截断的是什么？",
        state: "状态：又从零开始。",
        blame: "梯度：不再往回传。",
        text: "文本：前面的都忘了。",
        why: "状态跨过边界，梯度不跨。状态碰巧带着的东西仍可以用，但没有什么教它该带什么。",
      },
      published:
        "Williams 与 Peng（1990）描述了这种方法。Tallec 与 Ollivier（2017）指出它的代价：学习会偏向近处的东西。这里：窗口 8 的正确率 {short.accuracy percent}，窗口 48 的 {long.accuracy percent}。",
    },
  },
};
