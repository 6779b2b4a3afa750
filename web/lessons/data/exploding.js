/** Vanishing and exploding: the same network three times before any training, its matrix made smaller, left, made larger. */

/** @param {number} gain @param {number} steps of the telling, before it is looked at */
const network = (gain, steps) => ({
  text: { sample: "moby-dick", length: 3000 },
  settings: { cell: "rnn", hidden: 64, batch: 4, seqLen: 32, init: "orthogonal", initGain: gain },
  still: true,
  steps,
});

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "exploding",
  networks: { half: network(0.5, 0), one: network(1, 1), more: network(1.5, 2) },
  look: 1,
  byHand: true,
  measures: [
    { kind: "triangle", at: "end", length: 60 },
    { kind: "profile", at: "end", length: 160, felt: [10, 40] },
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
    { when: "half.felt40 >= 0", say: "half" },
    { when: "one.felt40 >= 0", say: "one" },
    { when: "more.felt40 >= 0", say: "more" },
  ],
  answer: [{ when: "more.felt40 > 1 and half.felt40 < 0.001", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "g09", change: { networks: { half: {}, one: { settings: { initGain: 0.9 } }, more: {} } } },
      { name: "g12", change: { networks: { half: {}, one: { settings: { initGain: 1.2 } }, more: {} } } },
      { name: "g2", change: { networks: { half: {}, one: { settings: { initGain: 2 } }, more: {} } } },
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
        "One network, three times, before any training: its matrix times ½, 1 and 1½. How much of the gradient is left 40 characters back?",
      intro: [
        "On its way back through time, the gradient passes through the same matrix at every character. The matrix here only turns what it is given, and stretches it by a factor that we choose.",
        "Nothing is trained yet: this is where every training starts.",
      ],
      networks: { half: "× ½", one: "× 1", more: "× 1½" },
      bet: {
        vanish: "It shrinks in all three.",
        part: "With ½ it is gone, with 1½ it has grown.",
        same: "About the same in all three.",
      },
      figures: {
        triangle: {
          title: "Which state is felt where",
          scale: "gradient (1 at the first character)",
          read: "Each row is the loss at one character, each column an earlier state; the diagonal is the present. The colour says how strongly the loss depends on that state: the faintest stands for a hundred-millionth of the gradient at the first character, the strongest for a hundred times that gradient. One scale for all three.",
          says: "Forty characters back, {half.felt40 power} is left with ½, {one.felt40 power} in the middle and {more.felt40 1} with 1½.",
        },
        profile: {
          title: "The same as a curve",
          x: "characters back",
          read: "The median over the text, as a share of what it is at the character itself. The axis goes in powers of ten.",
          says: "Ten characters back: {half.felt10 power}, {one.felt10 power}, {more.felt10 1}.",
        },
      },
      say: {
        half: "Times ½: a narrow band, and then nothing. Forty characters back, {half.felt40 power} of the gradient is left.",
        one: "Times 1: it fades slowly, to {one.felt40 2}. The matrix loses nothing, but the slope of tanh is at most 1, and mostly less.",
        more: "Times 1½: it grows, to {more.felt40 1} times what it was. A training that starts like this takes wild steps.",
        answer:
          "With ½ it vanishes ({half.felt40 power}), with 1 it fades ({one.felt40 2}), with 1½ it explodes ({more.felt40 1}). Below 1 it must vanish; above, it may explode, or still fade, because of tanh.",
        otherwise: "Forty back: {half.felt40 power}, {one.felt40 2} and {more.felt40 1}.",
        grows: "With this factor the gradient grows to {one.felt40 1} times what it was.",
        shrinks: "With this factor, {one.felt40 power} of the gradient is left.",
      },
      change: { label: "Another factor in the middle", g09: "0.9", g12: "1.2", g2: "2" },
      changed: { g09: "× 0.9", g12: "× 1.2", g2: "× 2" },
      check: {
        question: "With a factor of exactly 1, why does it still fade?",
        tanh: "Each step also multiplies by the slope of tanh, which is below 1.",
        rate: "The learning rate is too small.",
        text: "The text has too few characters.",
        why: "The matrix keeps every length here. It is tanh that shrinks the gradient: its slope is 1 only at zero, and less the further a unit is from it.",
      },
      published:
        "Bengio, Simard and Frasconi (1994) and Pascanu, Mikolov and Bengio (2013) draw the line at 1: below, the gradient must vanish; above, it may explode. Here, 40 characters back: {half.felt40 power} at ½, {more.felt40 1} at 1½.",
    },
    zh: {
      title: "梯度消失与梯度爆炸",
      question: "同一个网络，还没训练，把它的矩阵分别乘以 ½、1、1½。往回 40 个字符，梯度还剩多少？",
      intro: [
        "梯度沿时间往回传，每过一个字符都要经过同一个矩阵。这里的矩阵只把向量转个方向，再按我们选定的倍数伸缩。",
        "还没有训练：每次训练都从这里开始。",
      ],
      networks: { half: "× ½", one: "× 1", more: "× 1½" },
      bet: { vanish: "三个都会缩小。", part: "乘 ½ 的没了，乘 1½ 的变大了。", same: "三个差不多。" },
      figures: {
        triangle: {
          title: "哪个状态影响哪个损失",
          scale: "梯度（首字符处为 1）",
          read: "每一行是某个字符处的损失，每一列是更早的一个状态，对角线是当前。颜色表示损失对那个状态的梯度有多大：以首字符处的梯度为 1：最淡是一亿分之一，最浓是一百。三幅图用同一标度。",
          says: "往回四十个字符：乘 ½ 剩 {half.felt40 power}，中间的是 {one.felt40 power}，乘 1½ 是 {more.felt40 1}。",
        },
        profile: {
          title: "画成曲线",
          x: "往回多少个字符",
          read: "对整段文字取中位数，以当前字符处的梯度为 1。纵轴是对数刻度。",
          says: "往回十个字符：{half.felt10 power}、{one.felt10 power}、{more.felt10 1}。",
        },
      },
      say: {
        half: "乘 ½：只有一条窄带，再往回就没有了。往回四十个字符，梯度只剩 {half.felt40 power}。",
        one: "乘 1：慢慢变淡，剩 {one.felt40 2}。矩阵没有丢掉什么，但 tanh 的斜率最大是 1，多半更小。",
        more: "乘 1½：越传越大，是原来的 {more.felt40 1} 倍。从这里开始训练，步子会乱跳。",
        answer:
          "乘 ½ 会消失（{half.felt40 power}），乘 1 慢慢变淡（{one.felt40 2}），乘 1½ 会爆炸（{more.felt40 1}）。小于 1 必然消失；大于 1 可能爆炸，也可能因为 tanh 而仍在变淡。",
        otherwise: "往回四十个字符：{half.felt40 power}、{one.felt40 2}、{more.felt40 1}。",
        grows: "用这个倍数，梯度变成原来的 {one.felt40 1} 倍。",
        shrinks: "用这个倍数，梯度还剩 {one.felt40 power}。",
      },
      change: { label: "把中间那个换成别的倍数", g09: "0.9", g12: "1.2", g2: "2" },
      changed: { g09: "× 0.9", g12: "× 1.2", g2: "× 2" },
      check: {
        question: "倍数正好是 1，为什么还会变淡？",
        tanh: "每一步还要乘 tanh 的斜率，而它小于 1。",
        rate: "学习率太小。",
        text: "文本的字符太少。",
        why: "这里的矩阵不改变长度。让梯度缩小的是 tanh：它的斜率只在零处等于 1，离零越远越小。",
      },
      published:
        "Bengio、Simard 与 Frasconi（1994）以及 Pascanu、Mikolov 与 Bengio（2013）以 1 为界：小于 1，梯度必然消失；大于 1，可能爆炸。这里往回 40 个字符：乘 ½ 剩 {half.felt40 power}，乘 1½ 是 {more.felt40 1} 倍。",
    },
  },
};
