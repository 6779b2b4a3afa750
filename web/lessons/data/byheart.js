/** Learning by heart: the loss on text that was not read turns round and rises, and what helps against it. */

const text = { sample: "moby-dick", length: 4000 };
const settings = { cell: "lstm", hidden: 96, batch: 8, seqLen: 32, learningRate: 0.01, validation: 0.25 };
const steps = 500;

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "byheart",
  networks: {
    plain: { text, settings, steps },
    dropout: { text, settings: { ...settings, dropout: 0.5 }, steps },
    small: { text, settings: { ...settings, hidden: 16 }, steps },
    more: { text: { ...text, length: 60000 }, settings, steps },
  },
  look: 25,
  pace: 400,
  measures: [{ kind: "validation" }],
  bet: {
    kind: "draw",
    axis: { at: [100, 200, 300, 400, 500], low: 0, high: 5, start: 2.5, network: "plain", number: "validation" },
  },
  figures: [
    {
      kind: "curve",
      name: "curve",
      networks: ["plain"],
      number: "validation",
      also: "loss",
      low: 0,
      most: 5,
      bet: true,
    },
    {
      kind: "table",
      name: "table",
      columns: [
        { number: "best", format: "2", best: "low" },
        { number: "bestAt" },
        { number: "validation", format: "2", best: "low" },
        { number: "loss", format: "2" },
      ],
    },
  ],
  events: [
    { when: "plain.step >= 25", say: "begin" },
    { when: "plain.risen > 0.05", say: "turns" },
    { when: "plain.risen > 0.3", say: "heart" },
    { when: "over", say: "table" },
  ],
  answer: [{ when: "plain.risen > 0.3", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "l2", change: { networks: { plain: { settings: { l2: 3e-4 } } } } },
      { name: "tiny", change: { networks: { plain: { settings: { hidden: 24 } } } } },
      { name: "twice", change: { networks: { plain: { text: { length: 12000 } } } } },
    ],
    say: [{ when: "plain.risen > 0.1", say: "still" }, { say: "helped" }],
  },
  check: { options: ["last", "best", "lowest"], right: "best" },
  lab: "plain",
  claims: [
    "plain.risen > 0.3",
    "plain.loss < 1.5",
    "dropout.validation < plain.validation - 0.2",
    "small.risen < 0.1",
    "more.best < plain.best - 0.15",
    "plain.best < plain.validation - 0.3",
  ],
  short: {
    networks: { plain: { steps: 350 }, small: { steps: 350 } },
    claims: ["plain.risen > 0.1", "small.risen < 0.1"],
  },
  words: {
    en: {
      title: "Learning by heart",
      question:
        "A large network reads three pages over and over again. Draw its loss on a fourth page, which it never gets to read.",
      intro: [
        "The text has 4,000 characters, the network some 60,000 weights. A quarter of the text is held back: never trained on, only used to check. The loss on that part is the validation loss.",
        "On what it reads, the loss will fall. And on the part held back?",
      ],
      networks: { plain: "as it is", dropout: "dropout ½", small: "16 units", more: "15 times the text" },
      bet: { x: "updates", y: "validation loss" },
      figures: {
        curve: {
          title: "Loss on the part held back (thick), and on what it reads (thin)",
          x: "updates",
          read: "As long as both fall, what it learns holds elsewhere too. Where they part, it is learning this text by heart.",
          says: "After {plain.step} updates: {plain.validation 2} on the part held back, {plain.loss 2} on what it reads. The best was {plain.best 2}, at {plain.bestAt}.",
        },
        table: {
          title: "Remedies",
          columns: {
            best: "best validation loss",
            bestAt: "at update",
            validation: "at the end",
            loss: "on what it reads",
          },
          read: "Dropout leaves out half of the units while it trains, at random, anew at every character. Stopping early is the first column: keep the weights of the best moment.",
          says: "At the end, {plain.name}: {plain.validation 2}; {dropout.validation 2} with dropout, {small.validation 2} with 16 units, {more.validation 2} with 15 times the text.",
        },
      },
      say: {
        begin: "At first everything falls. What it finds out about letters and spaces is true of every page.",
        turns:
          "Here it turns: after {plain.bestAt} updates the validation loss was {plain.best 2}, now it is {plain.validation 2}. On what it reads, it keeps getting better.",
        heart:
          "It knows its own pages so well, with a loss of {plain.loss 2}, that any other page surprises it: {plain.validation 2}.",
        table: "The table shows what helps: fewer units, dropout, stopping in time. And most of all, more text.",
        answer:
          "It fell to {plain.best 2} after {plain.bestAt} updates, then rose to {plain.validation 2}. A network with 15 times the text, tested on what was held back of that, fell to {more.best 2}.",
        otherwise: "It ended at {plain.validation 2}; the best was {plain.best 2}.",
        still: "It still turns: {plain.best 2} at {plain.bestAt}, then {plain.validation 2}.",
        helped: "It hardly turns any more: best {plain.best 2} at {plain.bestAt}, {plain.validation 2} at the end.",
      },
      change: {
        label: "Another remedy for the first network",
        l2: "L2 penalty 0.0003",
        tiny: "24 units",
        twice: "Three times the text",
      },
      check: {
        question: "Which weights would you keep?",
        last: "Those of the end: they know most.",
        best: "Those of the moment when the validation loss was lowest.",
        lowest: "Those with the lowest loss on the text it reads.",
        why: "What counts is how it does on text it has not read. The validation loss is the only number here that says so.",
      },
      published:
        "Zaremba, Sutskever and Vinyals (2014), with words of the Penn Treebank: an LSTM without dropout had a perplexity of 114.5, a larger one with it 78.4. In the logarithm, which is the loss, that is 0.38 less. Here, dropout takes the loss at the end from {plain.validation 2} to {dropout.validation 2}.",
    },
    zh: {
      title: "死记硬背",
      question: "一个大网络把三页书翻来覆去地读。画出它在第四页上的损失，那一页它从不读。",
      intro: [
        "文本有 4,000 个字符，网络有约 60,000 个权重。文本的四分之一留作验证：不用来训练，只用来检验。这部分的损失叫验证损失。",
        "在读过的文字上，损失会下降。留出来的那部分呢？",
      ],
      networks: { plain: "原样", dropout: "dropout ½", small: "16 个单元", more: "15 倍的文本" },
      bet: { x: "更新次数", y: "验证损失" },
      figures: {
        curve: {
          title: "留出部分的损失（粗线）与所读部分的损失（细线）",
          x: "更新次数",
          read: "两条线一起下降时，学到的东西在别处也成立。分开之后，就是在背这段文本了。",
          says: "更新 {plain.step} 次之后：留出部分 {plain.validation 2}，所读部分 {plain.loss 2}。最好的是 {plain.best 2}，在第 {plain.bestAt} 次。",
        },
        table: {
          title: "对策",
          columns: { best: "最低验证损失", bestAt: "在第几次", validation: "结束时", loss: "所读部分" },
          read: "dropout 在训练时随机去掉一半单元，每读一个字符都重新选。“早停”就是第一列：取最好那一刻的权重。",
          says: "结束时：{plain.name} {plain.validation 2}，dropout {dropout.validation 2}，16 个单元 {small.validation 2}，15 倍文本 {more.validation 2}。",
        },
      },
      say: {
        begin: "起初全都下降。关于字母和空格的规律，在哪一页都成立。",
        turns:
          "这里拐弯了：第 {plain.bestAt} 次更新时验证损失是 {plain.best 2}，现在是 {plain.validation 2}。而在所读的文字上它还在进步。",
        heart: "它把自己的几页背得太熟，换一页就大感意外：{plain.validation 2}，而自己的几页只有 {plain.loss 2}。",
        table: "表中是管用的办法：少用单元、dropout、及时停下。最管用的是更多的文本。",
        answer:
          "先降到 {plain.best 2}（第 {plain.bestAt} 次更新），再升到 {plain.validation 2}。另一个网络读 15 倍的文本，在它自己留出的部分上降到 {more.best 2}。",
        otherwise: "结束时是 {plain.validation 2}，最好是 {plain.best 2}。",
        still: "还是拐弯：第 {plain.bestAt} 次是 {plain.best 2}，后来是 {plain.validation 2}。",
        helped: "几乎不拐弯了：最好 {plain.best 2}（第 {plain.bestAt} 次），结束时 {plain.validation 2}。",
      },
      change: { label: "给第一个网络换个对策", l2: "L2 惩罚 0.0003", tiny: "24 个单元", twice: "三倍的文本" },
      check: {
        question: "你会留下哪一刻的权重？",
        last: "结束时的，它知道得最多。",
        best: "验证损失最低那一刻的。",
        lowest: "在所读文字上损失最低的。",
        why: "要紧的是它在没读过的文字上怎么样。这里只有验证损失能说明这一点。",
      },
      published:
        "Zaremba、Sutskever 与 Vinyals（2014）在 Penn Treebank 上按词训练：不用 dropout 的 LSTM 困惑度是 114.5，用了 dropout 的更大的 LSTM 是 78.4；取对数，损失低了 0.38。这里用了 dropout，最后的损失从 {plain.validation 2} 降到 {dropout.validation 2}。",
    },
  },
};
