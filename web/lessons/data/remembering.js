/** Gates remember: what no plain RNN learns, GRU and LSTM learn in seconds, by a gate that stays open over all the dots. */

const settings = {
  hidden: 32,
  batch: 8,
  seqLen: 64,
  learningRate: 0.005,
  clipMode: "norm",
  clipThreshold: 1,
  validation: 0,
};
const text = { make: "recall", lag: 40, least: 1 };

/** @param {string} cell */
const network = (cell) => ({ text, settings: { ...settings, cell }, steps: 3500, until: `${cell}.accuracy > 0.985` });

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "remembering",
  networks: { rnn: network("rnn"), lstm: network("lstm"), gru: network("gru") },
  look: 50,
  pace: 200,
  measures: [
    { kind: "accuracy", text: { least: 0, lines: 160 } },
    { kind: "gates", text: { least: 0 } },
    {
      kind: "held",
      at: "end",
      text: { least: 0, lines: 160 },
      hold: { lstm: [{ gate: "f", value: 0 }], gru: [{ gate: "z", value: 1 }] },
    },
  ],
  bet: {
    kind: "choose",
    options: ["rnn", "lstm", "gru", "none"],
    outcome: [
      { when: "not (gru.accuracy > 0.95) and not (lstm.accuracy > 0.95) and not (rnn.accuracy > 0.95)", is: "none" },
      { when: "rnn.accuracy > 0.95 and rnn.step < gru.step", is: "rnn" },
      { when: "gru.accuracy > 0.95 and gru.step < lstm.step", is: "gru" },
      { is: "lstm" },
    ],
  },
  figures: [
    { kind: "curve", name: "accuracy", number: "accuracy", rule: "chance", percent: true },
    { kind: "gates", name: "gates", networks: ["lstm", "gru"] },
    {
      kind: "table",
      name: "held",
      networks: ["lstm", "gru"],
      columns: [
        { number: "accuracy", format: "percent" },
        { number: "heldAccuracy", format: "percent" },
        { number: "chance", format: "percent" },
      ],
    },
  ],
  events: [
    { when: "gru.step >= 100", say: "begin" },
    { when: "gru.accuracy > 0.95", say: "gru" },
    { when: "gru.keeps > 0.99", say: "open" },
    { when: "lstm.accuracy > 0.95", say: "lstm" },
    { when: "over", say: "rnn" },
  ],
  answer: [{ when: "gru.accuracy > 0.95 and lstm.accuracy > 0.95", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      {
        name: "shut",
        change: { measures: { held: { hold: { lstm: [{ gate: "f", value: 0 }], gru: [{ gate: "z", value: 1 }] } } } },
      },
      {
        name: "half",
        change: {
          measures: { held: { hold: { lstm: [{ gate: "f", value: 0.5 }], gru: [{ gate: "z", value: 0.5 }] } } },
        },
      },
      {
        name: "output",
        change: { measures: { held: { hold: { lstm: [{ gate: "o", value: 0.5 }], gru: [{ gate: "r", value: 1 }] } } } },
      },
    ],
    say: [{ when: "gru.heldAccuracy < 0.5 and lstm.heldAccuracy < 0.5", say: "gone" }, { say: "held" }],
  },
  check: { options: ["more", "path", "size"], right: "path" },
  lab: "gru",
  claims: [
    "gru.accuracy > 0.95",
    "lstm.accuracy > 0.95",
    "rnn.accuracy < rnn.chance + 0.1",
    "gru.keeps > 0.99",
    "lstm.keeps > 0.99",
    "gru.heldAccuracy < gru.chance + 0.1",
    "lstm.heldAccuracy < lstm.chance + 0.1",
  ],
  short: {
    networks: { gru: {}, rnn: { steps: 1000 } },
    claims: [
      "gru.accuracy > 0.95",
      "rnn.accuracy < rnn.chance + 0.15",
      "gru.keeps > 0.99",
      "gru.heldAccuracy < gru.chance + 0.1",
    ],
  },
  words: {
    en: {
      title: "Gates remember",
      question: "A letter, up to 40 dots, the same letter again. Which network learns it first?",
      intro: [
        "Lines like those the plain RNN could not learn, with 1 to 40 dots: {example}. Now two newcomers have a go.",
        "LSTM and GRU have gates. A gate is a number between 0 and 1, computed anew at every character, that something else is multiplied by: 0 blocks it, 1 lets it through. The LSTM’s forget gate says how much of its memory stays; the GRU’s update gate, how much is replaced.",
      ],
      example: "B..................>B",
      networks: { rnn: "RNN", lstm: "LSTM", gru: "GRU" },
      bet: {
        rnn: "The plain RNN. It is the simplest.",
        lstm: "The LSTM, with three gates and a memory cell.",
        gru: "The GRU, with two gates.",
        none: "None of them.",
      },
      figures: {
        accuracy: {
          title: "How often the last letter is right, over 40 dots",
          x: "updates",
          rule: "guessing",
          read: "A test on 160 fresh lines of 40 dots, after every 50 updates.",
          says: "RNN {rnn.accuracy percent}, LSTM {lstm.accuracy percent}, GRU {gru.accuracy percent}; guessing gives {gru.chance percent}.",
        },
        gates: {
          title: "What is kept from one character to the next",
          scale: "half of it lasts for so many characters",
          read: "A row for each of the twelve units that keep most; below, the line that is read. The stronger the colour, the longer half of the old value would last: from one character to a thousand.",
          says: "In the unit that keeps most, half of the value would last for {lstm.halfLife 0} characters in the LSTM, and for {gru.halfLife 0} in the GRU.",
        },
        held: {
          title: "Right at the end, with a gate held",
          columns: { accuracy: "gates free", heldAccuracy: "a gate held", chance: "guessing" },
          read: "After the run, the same trained networks read fresh lines with one gate held at a fixed value. At first that gate may keep nothing: the LSTM’s forget gate is held at 0, the GRU’s update gate at 1.",
          says: "With the gate held, the LSTM is right {lstm.heldAccuracy percent} of the time, the GRU {gru.heldAccuracy percent}.",
        },
      },
      say: {
        begin: "All three have learnt the dots. The letter is still a guess.",
        gru: "The GRU has got it, after {gru.step} updates.",
        open: "Look at its gates: one unit holds on to its value across all the dots. It would take {gru.halfLife 0} characters to lose half of it.",
        lstm: "The LSTM has got it too, after {lstm.step} updates.",
        rnn: "The plain RNN is where it started: right {rnn.accuracy percent} of the time.",
        answer:
          "The GRU got it after {gru.step} updates, the LSTM after {lstm.step}, the RNN not in {rnn.step}. And the memory sits in a gate: let it keep nothing, and the GRU is right {gru.heldAccuracy percent} of the time, the LSTM {lstm.heldAccuracy percent}.",
        otherwise: "GRU {gru.accuracy percent}, LSTM {lstm.accuracy percent}, RNN {rnn.accuracy percent}.",
        gone: "Gone: the GRU is right {gru.heldAccuracy percent} of the time, the LSTM {lstm.heldAccuracy percent}, and guessing gives {gru.chance percent}. The memory went through that gate.",
        held: "With the gate held like this, the GRU is right {gru.heldAccuracy percent} of the time, the LSTM {lstm.heldAccuracy percent}; guessing gives {gru.chance percent}.",
      },
      change: {
        label: "Hold a gate of the trained networks",
        shut: "Keep nothing",
        half: "Keep half",
        output: "Another gate held",
      },
      check: {
        question: "What does a gate that keeps nearly all do for learning?",
        more: "It makes the network larger.",
        path: "The old value passes through unchanged, and so does the gradient on its way back.",
        size: "It makes the gradient larger than it was.",
        why: "Where the old value is multiplied by nearly 1 at every step, so is the gradient. Multiply by 1 forty times and it is still 1: the letter is felt as if it stood next door.",
      },
      published:
        "Hochreiter and Schmidhuber (1997) made the LSTM for this, and with it carried signals over more than 1,000 steps; Gers, Schmidhuber and Cummins (2000) added the forget gate. The GRU came with Cho et al. (2014). Here, across 40 dots: LSTM {lstm.accuracy percent}, GRU {gru.accuracy percent}.",
    },
    zh: {
      title: "门让网络记住",
      question: "一个字母，最多 40 个点，再是同一个字母。哪个网络先学会？",
      intro: [
        "和普通 RNN 学不会的那种行相似，只是点有 1 到 40 个：{example}。现在又来了两位。",
        "LSTM 和 GRU 有“门”：一个 0 到 1 之间的数，每读一个字符就重新计算，用来乘别的量：0 是挡住，1 是放行。LSTM 的遗忘门决定记忆留下多少，GRU 的更新门决定替换多少。",
      ],
      example: "B..................>B",
      networks: { rnn: "RNN", lstm: "LSTM", gru: "GRU" },
      bet: {
        rnn: "普通 RNN，它最简单。",
        lstm: "LSTM，有三个门和一份细胞状态。",
        gru: "GRU，有两个门。",
        none: "都学不会。",
      },
      figures: {
        accuracy: {
          title: "隔 40 个点时，最后一个字母的正确率",
          x: "更新次数",
          rule: "随机猜测",
          read: "每更新 50 次，就用 160 行 40 个点的新文字测验一次。",
          says: "RNN {rnn.accuracy percent}，LSTM {lstm.accuracy percent}，GRU {gru.accuracy percent}；随机猜测是 {gru.chance percent}。",
        },
        gates: {
          title: "从一个字符到下一个，留住了多少",
          scale: "减到一半要过多少个字符",
          read: "每一行是一个单元（取留得最多的十二个），下面是所读的文字。颜色越浓，旧值减到一半所需的字符越多：从一个到一千个。",
          says: "留得最久的单元，要过多少个字符才忘掉一半：LSTM 是 {lstm.halfLife 0} 个，GRU 是 {gru.halfLife 0} 个。",
        },
        held: {
          title: "按住一个门之后的正确率",
          columns: { accuracy: "门自由", heldAccuracy: "按住一个门", chance: "随机猜测" },
          read: "运行结束后，让训练好的网络读新的文字，同时把一个门固定在某个值上。起初什么也不让留下：LSTM 的遗忘门固定为 0，GRU 的更新门固定为 1。",
          says: "按住门之后，LSTM 的正确率是 {lstm.heldAccuracy percent}，GRU 的是 {gru.heldAccuracy percent}。",
        },
      },
      say: {
        begin: "三个网络都学会了点，字母还在猜。",
        gru: "GRU 学会了，用了 {gru.step} 次更新。",
        open: "看它的门。有一个单元在所有的点上都留住自己的值：要过 {gru.halfLife 0} 个字符才会忘掉一半。",
        lstm: "LSTM 也学会了，用了 {lstm.step} 次更新。",
        rnn: "普通 RNN 还在原地：{rnn.accuracy percent}。",
        answer:
          "GRU 用了 {gru.step} 次更新，LSTM 用了 {lstm.step} 次，RNN 在 {rnn.step} 次里没有学会。而记忆就在门里：让它什么也不留，GRU 的正确率是 {gru.heldAccuracy percent}，LSTM 是 {lstm.heldAccuracy percent}。",
        otherwise: "GRU {gru.accuracy percent}，LSTM {lstm.accuracy percent}，RNN {rnn.accuracy percent}。",
        gone: "没了：GRU 的正确率是 {gru.heldAccuracy percent}，LSTM 是 {lstm.heldAccuracy percent}，而随机猜测就有 {gru.chance percent}。记忆靠的就是那个门。",
        held: "按住那个门，GRU 的正确率是 {gru.heldAccuracy percent}，LSTM 是 {lstm.heldAccuracy percent}，随机猜测是 {gru.chance percent}。",
      },
      change: { label: "把训练好的网络的门按住", shut: "什么也不留", half: "留一半", output: "按住另一个门" },
      check: {
        question: "几乎全部保留的门对学习有什么好处？",
        more: "它让网络变大。",
        path: "旧值原样通过，往回传的梯度也原样通过。",
        size: "它把梯度放大。",
        why: "旧值每一步都乘以接近 1 的数，梯度也是如此。1 连乘四十次还是 1，那个字母就像近在眼前。",
      },
      published:
        "Hochreiter 与 Schmidhuber（1997）为此提出了 LSTM，让信号跨过了 1,000 多步；遗忘门由 Gers、Schmidhuber 与 Cummins（2000）加入。GRU 由 Cho 等人（2014）提出。这里隔 40 个点：LSTM {lstm.accuracy percent}，GRU {gru.accuracy percent}。",
    },
  },
};
