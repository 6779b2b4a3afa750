/** Vanishing and exploding: the same network three times before any training, its matrix made smaller, left, made larger. */

/** @param {number} gain */
const network = (gain) => ({
  text: { sample: "moby-dick", length: 3000 },
  settings: { cell: "rnn", hidden: 64, batch: 4, seqLen: 32, init: "orthogonal", initGain: gain },
  steps: 0,
});

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "exploding",
  networks: { half: network(0.5), one: network(1), more: network(1.5) },
  look: 1,
  measures: [
    { kind: "triangle", at: "start", length: 60 },
    { kind: "profile", at: "start", length: 160, felt: [10, 40] },
  ],
  bet: {
    kind: "choose",
    options: ["vanish", "part", "same"],
    outcome: [
      { when: "more.felt40 < 1", is: "vanish" },
      { when: "half.felt40 < 0.001 and more.felt40 > 1", is: "part" },
      { is: "same" },
    ],
  },
  figures: [
    { kind: "triangle", name: "triangle" },
    { kind: "curve", name: "profile", data: "profile", until: 60, least: 1e-15 },
  ],
  events: [
    { when: "over", say: "half" },
    { when: "over", say: "one" },
    { when: "over", say: "more" },
  ],
  answer: [{ when: "more.felt40 > 1 and half.felt40 < 0.001", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "g09", change: { networks: { one: { settings: { initGain: 0.9 } } } } },
      { name: "g12", change: { networks: { one: { settings: { initGain: 1.2 } } } } },
      { name: "g2", change: { networks: { one: { settings: { initGain: 2 } } } } },
    ],
    say: [{ when: "one.felt40 > 1", say: "grows" }, { say: "shrinks" }],
  },
  check: { options: ["tanh", "rate", "text"], right: "tanh" },
  lab: "more",
  claims: ["half.felt40 < 0.000001", "one.felt40 < 0.5", "one.felt40 > 0.01", "more.felt40 > 2"],
  words: {
    en: {
      title: "Vanishing and exploding",
      question:
        "One network, three times, before any training: its matrix times ½, 1 and 1½. What is left of the blame 40 characters back?",
      intro: [
        "On its way back through time, the gradient passes the same matrix at every character. Here that matrix only turns what it is given, and lengthens it by a factor we choose.",
        "Nothing is trained. This is where every training begins.",
      ],
      networks: { half: "× ½", one: "× 1", more: "× 1½" },
      bet: {
        vanish: "It shrinks in all three.",
        part: "With ½ it is gone, with 1½ it has grown.",
        same: "About the same in all three.",
      },
      figures: {
        triangle: {
          title: "Who is blamed for what",
          read: "Each row is the loss at one character, each column an earlier state; the diagonal is now. The faintest colour is a hundred-millionth of the blame at the first character, the strongest a hundred times it: one scale for all three.",
          says: "Forty characters back there is {half.felt40 power} left with ½, {one.felt40 2} with 1 and {more.felt40 1} with 1½.",
        },
        profile: {
          title: "The same as a curve",
          x: "characters back",
          read: "The median over the text, as a share of the blame at the same place. Each step up is ten times more, or more.",
          says: "Ten characters back: {half.felt10 power}, {one.felt10 2}, {more.felt10 1}.",
        },
      },
      say: {
        half: "Times ½: the triangle is a thin line. Forty back, {half.felt40 power} of the blame is left.",
        one: "Times 1: it fades slowly, to {one.felt40 2}. The matrix loses nothing, but the slope of tanh is at most 1 and mostly less.",
        more: "Times 1½: it grows, to {more.felt40 1} times what it was. A training that begins like this takes wild steps.",
        answer:
          "With ½ it vanishes ({half.felt40 power}), with 1½ it explodes ({more.felt40 1}), and 1 is the edge between ({one.felt40 2}).",
        otherwise: "Forty back: {half.felt40 power}, {one.felt40 2} and {more.felt40 1}.",
        grows: "With this factor the blame grows to {one.felt40 1} times what it was.",
        shrinks: "With this factor {one.felt40 power} of the blame is left.",
      },
      change: { label: "Another factor for the matrix", g09: "0.9", g12: "1.2", g2: "2" },
      check: {
        question: "With a factor of exactly 1, why does it still fade?",
        tanh: "Each step also multiplies by the slope of tanh, which is below 1.",
        rate: "The learning rate is too small.",
        text: "The text has too few characters.",
        why: "The matrix keeps every length here. What shrinks the blame is tanh: its slope is 1 only at zero, and less wherever a unit is on.",
      },
      published:
        "Bengio, Simard and Frasconi (1994) and Pascanu, Mikolov and Bengio (2013): below 1 it must vanish; above, it may explode.",
    },
    zh: {
      title: "梯度消失与梯度爆炸",
      question: "同一个网络，还没训练，把它的矩阵分别乘以 ½、1、1½。往回 40 个字符，责任还剩多少？",
      intro: [
        "梯度沿时间往回传，每过一个字符都要经过同一个矩阵。这里的矩阵只把向量转个方向，再按我们选定的倍数拉长。",
        "什么都不训练。每次训练都是从这样的状态开始的。",
      ],
      networks: { half: "× ½", one: "× 1", more: "× 1½" },
      bet: { vanish: "三个都会缩小。", part: "乘 ½ 的没了，乘 1½ 的变大了。", same: "三个差不多。" },
      figures: {
        triangle: {
          title: "谁为什么负责",
          read: "每一行是某个字符处的损失，每一列是更早的一个状态，对角线是当下。最淡的颜色是首字符处责任的一亿分之一，最浓的是它的一百倍，三幅图用同一标度。",
          says: "往回四十个字符：乘 ½ 剩 {half.felt40 power}，乘 1 剩 {one.felt40 2}，乘 1½ 是 {more.felt40 1}。",
        },
        profile: {
          title: "画成曲线",
          x: "往回多少个字符",
          read: "对整段文字取中位数，以同一处的责任为 1。纵轴是对数刻度。",
          says: "往回十个字符：{half.felt10 power}、{one.felt10 2}、{more.felt10 1}。",
        },
      },
      say: {
        half: "乘 ½：三角形只剩一条细线。往回四十个字符，责任只剩 {half.felt40 power}。",
        one: "乘 1：慢慢变淡，剩 {one.felt40 2}。矩阵不丢什么，但 tanh 的斜率最大是 1，多半更小。",
        more: "乘 1½：越传越大，是原来的 {more.felt40 1} 倍。从这里开始的训练会乱跳。",
        answer: "乘 ½ 会消失（{half.felt40 power}），乘 1½ 会爆炸（{more.felt40 1}），1 是分界（{one.felt40 2}）。",
        otherwise: "往回四十个字符：{half.felt40 power}、{one.felt40 2}、{more.felt40 1}。",
        grows: "用这个倍数，责任变成原来的 {one.felt40 1} 倍。",
        shrinks: "用这个倍数，责任还剩 {one.felt40 power}。",
      },
      change: { label: "给矩阵换一个倍数", g09: "0.9", g12: "1.2", g2: "2" },
      check: {
        question: "倍数正好是 1，为什么还会变淡？",
        tanh: "每一步还要乘 tanh 的斜率，而它小于 1。",
        rate: "学习率太小。",
        text: "文本的字符太少。",
        why: "这里的矩阵不改变长度。让责任缩小的是 tanh：它的斜率只在零处等于 1，单元一有反应就更小。",
      },
      published:
        "Bengio、Simard 与 Frasconi（1994），Pascanu、Mikolov 与 Bengio（2013）：小于 1 必然消失，大于 1 可能爆炸。",
    },
  },
};
