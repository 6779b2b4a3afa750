/** What a unit means: one of ten knows whether a quotation is open; found by a threshold, proven by switching it off. */

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "meaning",
  networks: {
    net: {
      text: { make: "quotes", lines: 12000 },
      settings: {
        cell: "lstm",
        hidden: 10,
        batch: 32,
        seqLen: 64,
        learningRate: 0.01,
        clipMode: "norm",
        clipThreshold: 1,
        validation: 0.02,
      },
      steps: 2500,
    },
  },
  look: 50,
  pace: 160,
  measures: [
    { kind: "accuracy", text: { lines: 200 } },
    { kind: "unit", property: "quotes", at: "end", text: { lines: 200 } },
  ],
  bet: {
    kind: "choose",
    options: ["one", "few", "none"],
    outcome: [
      { when: "net.readable > 0.9 and net.off < net.chance + 0.1", is: "one" },
      { when: "net.readable > net.common + 0.1", is: "few" },
      { is: "none" },
    ],
  },
  figures: [
    { kind: "curve", name: "accuracy", number: "accuracy", rule: "chance", percent: true },
    { kind: "passage", name: "passage" },
    {
      kind: "table",
      name: "off",
      columns: [
        { number: "accuracy", format: "percent" },
        { number: "off", format: "percent" },
        { number: "otherOff", format: "percent" },
      ],
    },
  ],
  events: [
    { when: "net.step >= 100", say: "begin" },
    { when: "net.accuracy > 0.75", say: "starts" },
    { when: "net.accuracy > 0.97", say: "knows" },
    { when: "over and net.readable > net.common + 0.1", say: "found" },
    { when: "over and net.readable > net.common + 0.1", say: "proof" },
  ],
  answer: [{ when: "net.readable > 0.9 and net.off < net.chance + 0.1", say: "answer" }, { say: "spread" }],
  change: {
    options: [
      { name: "second", change: { measures: { unit: { rank: 1 } } } },
      { name: "last", change: { measures: { unit: { rank: 9 } } } },
      { name: "again", change: { seed: 4 } },
    ],
    say: [
      { when: "net.readable > 0.9 and net.off < net.chance + 0.1", say: "again" },
      { when: "net.off < net.accuracy - 0.15", say: "used" },
      { say: "spare" },
    ],
  },
  check: { options: ["told", "readable", "off"], right: "off" },
  lab: "net",
  claims: ["net.accuracy > 0.97", "net.readable > 0.9", "net.off < net.chance + 0.1", "net.otherOff > net.off + 0.15"],
  short: { networks: { net: { steps: 1500 } }, claims: ["net.accuracy > 0.95", "net.off < net.accuracy - 0.3"] },
  words: {
    en: {
      title: "What a unit means",
      question:
        "An LSTM of ten units learns where quotations end. Will one single unit know whether a quotation is open?",
      intro: [
        "In this text, what is said ends with an exclamation mark, and what is told with a full stop: {example} To get the mark right, the network must know at every moment whether a quotation is open. Nobody tells it where to keep that.",
      ],
      example: '"red sun! old man!" all day sea.',
      networks: { net: "the network" },
      bet: {
        one: "Yes, one unit will do it.",
        few: "No, several will share it.",
        none: "No, nothing inside can be read.",
      },
      figures: {
        passage: {
          title: "A fresh passage in the colours of one unit’s memory",
          read: "Blue is a negative value of the unit’s cell, orange a positive one. The page has tried how well a single threshold on each of the ten units tells whether a quotation is open, and shows the best first.",
          says: "Unit {net.unit} is right about it for {net.readable percent} of the characters it was tested on; always giving the same answer would be right for {net.common percent}.",
        },
        accuracy: {
          title: "How often the mark at the end is right",
          x: "updates",
          rule: "guessing",
          read: "The ends of 200 fresh sentences: an exclamation mark, or a full stop?",
          says: "{net.accuracy percent} right after {net.step} updates.",
        },
        off: {
          title: "Switched off",
          columns: { accuracy: "all ten on", off: "this unit off", otherOff: "another off" },
          read: "A unit is switched off by holding its output at zero. “Another” is the mean over three others, those that know least.",
          says: "Without unit {net.unit}, the marks are right {net.off percent} of the time; without another unit, {net.otherOff percent}.",
        },
      },
      say: {
        begin: "It has learnt the words. Its marks are still guesses.",
        starts: "After {net.step} updates it starts to get the marks right: {net.accuracy percent}.",
        knows: "{net.accuracy percent}. Somewhere inside it must know whether a quotation is open. But where?",
        found:
          "We asked every unit. Unit {net.unit} knows best: one threshold on its memory is right for {net.readable percent} of the characters. Look how its colour flips at each quotation mark.",
        proof:
          "But readable does not mean used. So we switch the unit off: the marks fall from {net.accuracy percent} right to {net.off percent}. With another unit off: {net.otherOff percent}.",
        answer:
          "Yes. Unit {net.unit} is right about it for {net.readable percent} of the characters, and without it the marks are right only {net.off percent} of the time. Guessing gives {net.chance percent}.",
        spread:
          "Here the memory is spread out: the best unit is right for {net.readable percent} of the characters, and without it {net.off percent} of the marks are still right.",
        again:
          "Again a single unit does it: unit {net.unit}, right for {net.readable percent} of the characters. Without it, {net.off percent} of the marks are right.",
        used: "Unit {net.unit} is right for {net.readable percent} of the characters; without it, {net.off percent} of the marks are right, without another {net.otherOff percent}.",
        spare:
          "Unit {net.unit} is right for {net.readable percent} of the characters; without it, {net.off percent} of the marks are still right. The network can do without it.",
      },
      change: {
        label: "Another unit, or another start",
        second: "Second best unit",
        last: "The unit that knows least",
        again: "Train again from seed 4",
      },
      check: {
        question: "What shows that the network uses a unit for something?",
        told: "Its colour changes at the right places.",
        readable: "A threshold on it is nearly always right.",
        off: "The thing fails when the unit is switched off.",
        why: "Much can be read from units that the network never looks at. Only an intervention shows what it uses. And not every run is this tidy: from seed 4, several units share the memory.",
      },
      published:
        "Karpathy, Johnson and Fei-Fei (2015) found units for quotations, brackets and line lengths in large LSTMs, by eye. Radford et al. (2017) found one for the mood of a review. Here: one unit of ten, right for {net.readable percent}.",
    },
    zh: {
      title: "一个单元的含义",
      question: "一个只有十个单元的 LSTM 学习引语到哪里结束。会不会有一个单元专管“引号是否开着”？",
      intro: [
        "在这段文本里，说出的话以感叹号结尾，叙述的话以句号结尾：{example} 要写对标点，网络必须时刻知道引号是否开着。没有人规定它把这件事记在哪里。",
      ],
      example: '"red sun! old man!" all day sea.',
      networks: { net: "这个网络" },
      bet: { one: "会，一个单元就管得了。", few: "不会，由几个单元分担。", none: "不会，里面什么也读不出来。" },
      figures: {
        passage: {
          title: "一段新文字，按一个单元的记忆上色",
          read: "蓝色表示该单元的细胞状态为负，橙色为正。页面在十个单元上各取一个阈值，看哪个最能判断引号是否开着；先显示最好的那个。",
          says: "单元 {net.unit} 在检验用的字符上判断正确 {net.readable percent}；对所有字符都给同一个答案，也能对 {net.common percent}。",
        },
        accuracy: {
          title: "句末标点的正确率",
          x: "更新次数",
          rule: "随机猜测",
          read: "两百个新句子的末尾：该用感叹号还是句号？",
          says: "更新 {net.step} 次之后正确率 {net.accuracy percent}。",
        },
        off: {
          title: "关掉单元",
          columns: { accuracy: "全部开着", off: "关掉这个", otherOff: "关掉别的" },
          read: "关掉一个单元，就是把它的输出固定为零。“别的”是其余单元中最不能判断的三个的平均。",
          says: "没有单元 {net.unit}，标点正确率是 {net.off percent}；没有别的单元，是 {net.otherOff percent}。",
        },
      },
      say: {
        begin: "单词会写了，标点还在猜。",
        starts: "更新 {net.step} 次之后，标点开始对了：{net.accuracy percent}。",
        knows: "{net.accuracy percent}。它一定在什么地方记着引号是否开着。可是在哪里呢？",
        found:
          "我们问遍了每个单元。单元 {net.unit} 最清楚：对它的记忆取一个阈值，{net.readable percent} 的字符都判断正确。看，一到引号它就变色。",
        proof:
          "读得出来，还不等于用得上。所以把这个单元关掉：标点正确率从 {net.accuracy percent} 降到 {net.off percent}。关掉别的单元是 {net.otherOff percent}。",
        answer:
          "会：单元 {net.unit} 在 {net.readable percent} 的字符上判断正确，没有它，标点正确率只有 {net.off percent}，而随机猜测是 {net.chance percent}。",
        spread:
          "这里的记忆是分散的：最好的单元判断正确 {net.readable percent}，没有它，标点正确率是 {net.off percent}。",
        again: "又是一个单元管着：单元 {net.unit}，判断正确 {net.readable percent}，没有它正确率是 {net.off percent}。",
        used: "单元 {net.unit} 判断正确 {net.readable percent}；没有它，标点正确率是 {net.off percent}；没有别的单元，是 {net.otherOff percent}。",
        spare: "单元 {net.unit} 判断正确 {net.readable percent}；没有它，标点仍有 {net.off percent} 正确。少了它也行。",
      },
      change: {
        label: "换一个单元，或换一个起点",
        second: "第二好的单元",
        last: "最不能判断的单元",
        again: "从种子 4 重新训练",
      },
      check: {
        question: "什么能证明网络用一个单元做某件事？",
        told: "它在恰当的地方变色。",
        readable: "对它取一个阈值，就能判断得很准。",
        off: "关掉这个单元，那件事就做不成了。",
        why: "能从一个单元读出的东西很多，网络却未必看它一眼。只有干预才说明它用了什么。而且并非每次都这么整齐：从种子 4 出发，记忆由几个单元分担。",
      },
      published:
        "Karpathy、Johnson 与李飞飞（2015）用眼睛在大的 LSTM 里找到了管引号、括号和行长的单元。Radford 等人（2017）找到了管评论情感的单元。这里：十个单元中的一个，判断正确 {net.readable percent}。",
    },
  },
};
