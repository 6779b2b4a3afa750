/** A plain RNN forgets: what ten characters apart is learnt in seconds is never learnt forty apart, and the gradient shows why. */

const settings = {
  cell: "rnn",
  hidden: 32,
  batch: 8,
  seqLen: 64,
  learningRate: 0.005,
  clipMode: "norm",
  clipThreshold: 1,
  validation: 0.02,
};

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "forgetting",
  networks: {
    near: { text: { make: "recall", lag: 10 }, settings, steps: 2500 },
    far: { text: { make: "recall", lag: 40 }, settings, steps: 2500 },
  },
  look: 50,
  pace: 250,
  measures: [
    { kind: "accuracy", text: { lines: 80 } },
    { kind: "line" },
    { kind: "profile", at: "start", text: { lines: 4 }, felt: [12, 42] },
  ],
  bet: {
    kind: "choose",
    options: ["both", "near", "none"],
    outcome: [
      { when: "near.accuracy > 0.9 and far.accuracy > 0.9", is: "both" },
      { when: "near.accuracy > 0.9", is: "near" },
      { is: "none" },
    ],
  },
  figures: [
    { kind: "line", name: "line" },
    { kind: "curve", name: "accuracy", number: "accuracy", rule: "chance", percent: true },
    { kind: "curve", name: "profile", data: "profile", until: 60, marks: { near: 12, far: 42 } },
  ],
  events: [
    { when: "near.step >= 50", say: "reach" },
    { when: "near.step >= 100", say: "begin" },
    { when: "near.accuracy > near.chance + 0.25", say: "nearStarts" },
    { when: "near.accuracy > 0.95", say: "nearKnows" },
    { when: "far.step >= 1500 and far.accuracy < far.chance + 0.15", say: "farStays" },
  ],
  answer: [{ when: "near.accuracy > 0.95 and far.accuracy < far.chance + 0.1", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "lag5", change: { networks: { far: { text: { lag: 5 } } } } },
      { name: "lag15", change: { networks: { far: { text: { lag: 15 } } } } },
      { name: "lag20", change: { networks: { far: { text: { lag: 20 } } } } },
      { name: "lag60", change: { networks: { far: { text: { lag: 60 } } } } },
    ],
    say: [
      { when: "far.accuracy > 0.9", say: "changeLearnt" },
      { when: "far.accuracy > far.chance + 0.15", say: "changeEdge" },
      { say: "changeNot" },
    ],
  },
  check: { options: ["steps", "units", "path"], right: "path" },
  lab: "far",
  claims: ["near.accuracy > 0.95", "far.accuracy < far.chance + 0.1", "near.felt12 > 10000 * far.felt42"],
  short: {
    networks: { near: { steps: 1200 }, far: { steps: 1200 } },
    claims: ["near.accuracy > 0.95", "far.accuracy < far.chance + 0.15"],
  },
  words: {
    en: {
      title: "A plain RNN forgets",
      question: "One network must remember a letter over 10 dots, its twin over 40. Which of them will learn it?",
      intro: [
        "Each line begins with a letter and ends with the same letter: {example}. Everything else can be guessed without thinking. The last letter cannot: whoever writes it must have kept the first one in mind over all the dots.",
        "Two plain recurrent networks (RNNs) learn such lines. They are alike to the last weight. Only the number of dots differs.",
      ],
      example: "B..........>B",
      networks: { near: "10 dots", far: "40 dots" },
      bet: {
        both: "Both. Forty just takes longer.",
        near: "Only the one with 10 dots.",
        none: "Neither. They have no memory for letters.",
      },
      figures: {
        line: {
          title: "What they answer",
          read: "One line that they have not read before, and how sure each is of every letter at its end.",
          says: "{near.name}: {near.sure percent} for the right letter; {far.name}: {far.sure percent}.",
        },
        accuracy: {
          title: "How often the last letter is right",
          x: "updates",
          rule: "guessing",
          read: "Eighty fresh lines, asked after every fifty updates. Guessing blindly is right one time in four.",
          says: "After {near.step} updates the one with 10 dots is right {near.accuracy percent} of the time, the one with 40 dots {far.accuracy percent}; guessing gives {far.chance percent}.",
        },
        profile: {
          title: "How far back the gradient is felt",
          x: "characters back",
          read: "The gradient is the blame that training hands back in time. Each step up is ten times more. The dots mark where the letter stands.",
          says: "Where the letter stands, the blame is {near.felt12 power} of what it was for 10 dots, and {far.felt42 power} for 40.",
        },
      },
      say: {
        begin: "Both already write dots and arrows rightly. The last letter is still a guess.",
        nearStarts:
          "After {near.step} updates the network with 10 dots begins to remember: right {near.accuracy percent} of the time.",
        nearKnows: "It has it. From here on it hardly misses.",
        farStays: "{far.step} updates, and the one with 40 dots still guesses. More of the same does not help it.",
        reach:
          "Look at the last picture. Ten characters back, the network with few dots still feels {near.felt12 power} of the blame; forty back, the other feels {far.felt42 power}. What is not felt cannot be learnt.",
        answer:
          "Only ten dots: right {near.accuracy percent} of the time after {near.step} updates. Over forty dots it is {far.accuracy percent}, and guessing gives {far.chance percent}.",
        otherwise:
          "This time: {near.accuracy percent} over ten dots, {far.accuracy percent} over forty; guessing gives {far.chance percent}.",
        changeLearnt: "With this many dots it learns: {far.accuracy percent} right after {far.step} updates.",
        changeEdge:
          "Here is the edge: {far.accuracy percent} right after {far.step} updates, and wavering. How far it gets depends on the weights it began with.",
        changeNot:
          "With this many dots it does not learn in {far.step} updates: {far.accuracy percent} right, where guessing gives {far.chance percent}.",
      },
      change: { label: "Find the edge: how many dots?", lag5: "5", lag15: "15", lag20: "20", lag60: "60" },
      check: {
        question: "Why does the network with 40 dots not learn?",
        steps: "It needs more updates.",
        units: "Its 32 units are too few to hold one letter.",
        path: "The blame shrinks at every step back, so the letter is hardly felt.",
        why: "One letter of four is two bits, and 32 units are plenty. But each step back multiplies the blame by the same matrix and by the slope of tanh, which is below 1. Forty times in a row leaves almost nothing.",
      },
      published:
        "Hochreiter and Schmidhuber (1997) showed it on such lines. With a hundred characters between, no plain RNN of theirs learnt it in a million sequences.",
    },
    zh: {
      title: "普通 RNN 会遗忘",
      question: "一个网络要隔着 10 个点记住一个字母，它的孪生兄弟要隔着 40 个点。谁能学会？",
      intro: [
        "每一行以一个字母开头，又以同一个字母结尾：{example}。其余的字符不用动脑也能猜中，唯独最后那个字母不行：要写对它，就得隔着所有的点记住第一个字母。",
        "两个普通的循环神经网络（RNN）学习这样的行。它们连每一个权重都一样，只是点的个数不同。",
      ],
      example: "B..........>B",
      networks: { near: "10 个点", far: "40 个点" },
      bet: {
        both: "都能学会，40 个点只是慢一些。",
        near: "只有 10 个点的那个能。",
        none: "都不能，它们记不住字母。",
      },
      figures: {
        line: {
          title: "它们的回答",
          read: "一行没有读过的文字，以及在行尾对每个字母有多大把握。",
          says: "{near.name}：给正确字母的概率是 {near.sure percent}；{far.name}：{far.sure percent}。",
        },
        accuracy: {
          title: "最后一个字母的正确率",
          x: "更新次数",
          rule: "瞎猜",
          read: "每更新五十次，就用八十行新文字来考。瞎猜四次能中一次。",
          says: "更新 {near.step} 次之后，10 个点的网络正确率 {near.accuracy percent}，40 个点的 {far.accuracy percent}；瞎猜是 {far.chance percent}。",
        },
        profile: {
          title: "梯度能传多远",
          x: "往回多少个字符",
          read: "梯度就是训练沿时间往回追究的“责任”。纵轴每升一格大十倍。圆点标出那个字母所在的位置。",
          says: "传到字母所在处时，隔 10 个点的责任还剩 {near.felt12 power}，隔 40 个点的只剩 {far.felt42 power}。",
        },
      },
      say: {
        begin: "点和箭头它们都已经会写了，最后一个字母还只是在猜。",
        nearStarts: "更新 {near.step} 次之后，10 个点的网络开始记住了：正确率 {near.accuracy percent}。",
        nearKnows: "它学会了，从这里起几乎不再出错。",
        farStays: "已经更新 {far.step} 次，40 个点的网络仍在瞎猜。继续照样练下去也没有用。",
        reach:
          "看最后一幅图：往回 10 个字符，责任还剩 {near.felt12 power}；往回 40 个字符，只剩 {far.felt42 power}。感觉不到的东西是学不会的。",
        answer:
          "只有 10 个点的学会了：更新 {near.step} 次之后正确率 {near.accuracy percent}。隔 40 个点是 {far.accuracy percent}，而瞎猜就有 {far.chance percent}。",
        otherwise:
          "这一次：隔 10 个点 {near.accuracy percent}，隔 40 个点 {far.accuracy percent}；瞎猜是 {far.chance percent}。",
        changeLearnt: "隔这么多点它能学会：更新 {far.step} 次之后正确率 {far.accuracy percent}。",
        changeEdge:
          "这里就是界限：更新 {far.step} 次之后正确率 {far.accuracy percent}，还在摇摆。能走多远，要看它从怎样的权重出发。",
        changeNot:
          "隔这么多点，更新 {far.step} 次也学不会：正确率 {far.accuracy percent}，瞎猜就有 {far.chance percent}。",
      },
      change: { label: "找出界限：隔多少个点？", lag5: "5", lag15: "15", lag20: "20", lag60: "60" },
      check: {
        question: "40 个点的网络为什么学不会？",
        steps: "更新的次数还不够。",
        units: "32 个单元太少，装不下一个字母。",
        path: "责任每往回一步就缩小一次，那个字母几乎感觉不到。",
        why: "四个字母选一个只是两比特，32 个单元绰绰有余。但每往回一步，责任都要乘上同一个矩阵，再乘上 tanh 的斜率，而斜率小于 1。连乘四十次，就几乎不剩什么了。",
      },
      published:
        "Hochreiter 与 Schmidhuber（1997）用这样的行做过实验：隔一百个字符时，他们的普通 RNN 读了一百万个序列也没有学会。",
    },
  },
};
