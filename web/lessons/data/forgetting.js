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
    { kind: "profile", at: "start", text: { lines: 4 }, felt: [11, 41] },
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
    { kind: "curve", name: "profile", data: "profile", until: 70, marks: true },
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
      { name: "lag25", change: { networks: { far: { text: { lag: 25 } } } } },
    ],
    say: [
      { when: "far.accuracy > 0.9", say: "changeLearnt" },
      { when: "far.accuracy > far.chance + 0.15", say: "changeEdge" },
      { say: "changeNot" },
    ],
  },
  check: { options: ["steps", "units", "path"], right: "path" },
  lab: "far",
  claims: ["near.accuracy > 0.95", "far.accuracy < far.chance + 0.1", "near.felt11 > 10000 * far.felt41"],
  short: {
    networks: { near: { steps: 1200 }, far: { steps: 1200 } },
    claims: ["near.accuracy > 0.95", "far.accuracy < far.chance + 0.15"],
  },
  words: {
    en: {
      title: "A plain RNN forgets",
      question: "One network must remember a letter across 10 dots, its twin across 40. Which of them will manage?",
      intro: [
        "Each line begins with a letter and ends with the same letter: {example}. The dots are easy. The last letter is not: to write it, one must have kept the first in mind across all the dots.",
        "Two plain recurrent networks (RNNs) learn such lines. They start out identical, down to the last weight; only the number of dots differs.",
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
          read: "A line they have never read, and how sure each network is of each letter at its end.",
          says: "{near.name}: {near.sure percent} for the right letter; {far.name}: {far.sure percent}.",
        },
        accuracy: {
          title: "How often the last letter is right",
          x: "updates",
          rule: "guessing",
          read: "A test on 80 fresh lines after every 50 updates. Pure guessing is right one time in four.",
          says: "The last letter is right with {near.name}: {near.accuracy percent}; with {far.name}: {far.accuracy percent}; guessing gives {far.chance percent}.",
        },
        profile: {
          title: "How far back the gradient is felt, before any training",
          x: "characters back",
          read: "For every guess that was not sure of the right character, training hands blame back in time, from one character to the one before. That blame is the gradient. Each line across stands for a thousand times as much or more. The dots mark where the letter stands.",
          says: "By the time it reaches the letter, the blame is down to {near.feltThere power} with {near.name}, and to {far.feltThere power} with {far.name}.",
        },
      },
      say: {
        begin: "Both have learnt the dots and the arrow. The last letter is still a guess.",
        nearStarts:
          "After {near.step} updates, the network with 10 dots begins to remember: right {near.accuracy percent} of the time.",
        nearKnows:
          "Got it: right {near.accuracy percent} of the time. A later update can still throw it back for a while.",
        farStays: "{far.step} updates, and the one with 40 dots is still guessing. More of the same won’t help.",
        reach:
          "Look at the last picture: it shows how blame fades on its way back, before any training. Across 10 dots, {near.felt11 power} of it arrives at the letter; across 40, {far.felt41 power}. What is hardly felt is hardly learnt.",
        answer:
          "Only the one with 10 dots: right {near.accuracy percent} of the time after {near.step} updates. The one with 40 is right {far.accuracy percent}, and guessing gives {far.chance percent}.",
        otherwise:
          "This time: {near.accuracy percent} across 10 dots, {far.accuracy percent} across 40; guessing gives {far.chance percent}.",
        changeLearnt:
          "Across this many dots it learns: right {far.accuracy percent} of the time after {far.step} updates.",
        changeEdge:
          "This is the edge: right {far.accuracy percent} of the time after {far.step} updates, and wavering. How far it gets depends on the weights it started with.",
        changeNot:
          "Across this many dots it does not learn in {far.step} updates: right {far.accuracy percent} of the time, and guessing gives {far.chance percent}.",
      },
      change: { label: "Find the edge: how many dots?", lag5: "5", lag15: "15", lag20: "20", lag25: "25" },
      changed: { lag5: "5 dots", lag15: "15 dots", lag20: "20 dots", lag25: "25 dots" },
      check: {
        question: "Why does the network with 40 dots not learn?",
        steps: "It needs more updates.",
        units: "Its 32 units are too few to hold one letter.",
        path: "The blame shrinks at every step back, so the letter is hardly felt.",
        why: "One letter out of four is two bits; 32 units are plenty for that. But every step back multiplies the blame by the same matrix, and by the slope of tanh, which is below 1. Forty times in a row leaves next to nothing.",
      },
      published:
        "Gers, Schmidhuber and Cummins (2000) put the limit of plain RNNs at 5 to 10 steps between a cue and its answer. Here: right {near.accuracy percent} of the time across 10 dots, {far.accuracy percent} across 40.",
    },
    zh: {
      title: "普通 RNN 会遗忘",
      question: "一个网络要隔着 10 个点记住一个字母，它的孪生兄弟要隔着 40 个点。谁能学会？",
      intro: [
        "每一行以一个字母开头，又以同一个字母结尾：{example}。点很容易猜，最后那个字母却不容易：要写对它，就得隔着所有的点记住第一个字母。",
        "两个普通的循环神经网络（RNN）学习这样的行。它们一开始连每个权重都相同，只是点的个数不同。",
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
          read: "一行没有读过的文字，以及网络在行尾给每个字母的概率。",
          says: "{near.name}：给正确字母的概率是 {near.sure percent}；{far.name}：{far.sure percent}。",
        },
        accuracy: {
          title: "最后一个字母的正确率",
          x: "更新次数",
          rule: "随机猜测",
          read: "每更新 50 次，就用 80 行新文字测验一次。随机猜测四次能对一次。",
          says: "隔 {near.name}，正确率 {near.accuracy percent}；隔 {far.name}，{far.accuracy percent}；随机猜测是 {far.chance percent}。",
        },
        profile: {
          title: "训练之前，梯度能传多远",
          x: "往回多少个字符",
          read: "每猜一次，只要对正确的字符还没有十足把握，误差就沿时间逐个字符往回传，这就是梯度。纵轴是对数刻度。圆点标出那个字母所在的位置。",
          says: "传到那个字母时，隔 {near.name}，梯度还剩 {near.feltThere power}；隔 {far.name}，剩 {far.feltThere power}。",
        },
      },
      say: {
        begin: "点和箭头都学会了，最后那个字母还只是在猜。",
        nearStarts: "更新 {near.step} 次之后，10 个点的网络开始记住了：正确率 {near.accuracy percent}。",
        nearKnows: "它学会了：正确率 {near.accuracy percent}。以后偶尔还会被某次更新打乱一阵。",
        farStays: "已经更新 {far.step} 次，40 个点的网络仍在随机猜测。照这样练下去也没有用。",
        reach:
          "看最后一幅图：它画的是训练之前误差往回传时怎样变小。隔 10 个点，传到字母还剩 {near.felt11 power}；隔 40 个点，只剩 {far.felt41 power}。几乎传不到的地方，就几乎学不会。",
        answer:
          "只有 10 个点的学会了：更新 {near.step} 次之后正确率 {near.accuracy percent}。隔 40 个点是 {far.accuracy percent}，而随机猜测就有 {far.chance percent}。",
        otherwise:
          "这一次：隔 10 个点 {near.accuracy percent}，隔 40 个点 {far.accuracy percent}；随机猜测是 {far.chance percent}。",
        changeLearnt: "隔这么多点它能学会：更新 {far.step} 次之后正确率 {far.accuracy percent}。",
        changeEdge:
          "这里就是界限：更新 {far.step} 次之后正确率 {far.accuracy percent}，还在摇摆。能走多远，要看它从怎样的权重出发。",
        changeNot:
          "隔这么多点，更新 {far.step} 次也学不会：正确率 {far.accuracy percent}，随机猜测就有 {far.chance percent}。",
      },
      change: { label: "找出界限：隔多少个点？", lag5: "5", lag15: "15", lag20: "20", lag25: "25" },
      changed: { lag5: "5 个点", lag15: "15 个点", lag20: "20 个点", lag25: "25 个点" },
      check: {
        question: "40 个点的网络为什么学不会？",
        steps: "更新的次数还不够。",
        units: "32 个单元太少，装不下一个字母。",
        path: "梯度每往回一步就缩小一次，传到那个字母时几乎为零。",
        why: "四个字母选一个只是两比特，32 个单元绰绰有余。但每往回一步，梯度都要乘上同一个矩阵，再乘上 tanh 的斜率，而斜率小于 1。连乘四十次，就几乎不剩什么了。",
      },
      published:
        "Gers、Schmidhuber 与 Cummins（2000）认为，线索与答案相隔超过 5 到 10 步，普通 RNN 就学不会。这里：隔 10 个点正确率 {near.accuracy percent}，隔 40 个点 {far.accuracy percent}。",
    },
  },
};
