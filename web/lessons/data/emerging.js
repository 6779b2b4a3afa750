/** Text emerges in stages: first the length of words, then words, and sense perhaps never; temperature decides how it is drawn. */

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "emerging",
  networks: {
    net: {
      text: { sample: "moby-dick" },
      settings: { cell: "gru", hidden: 64, batch: 16, seqLen: 48, learningRate: 0.004, validation: 0.05 },
      steps: 1000,
    },
  },
  look: 10,
  pace: 120,
  measures: [{ kind: "sample", prompt: "The ", length: 400, temperature: 0.7 }],
  moments: {
    spacesAt: "net.spaces > 0.7 * net.textSpaces and net.longest < 25",
    wordsAt: "net.words > 0.5",
  },
  bet: {
    kind: "choose",
    options: ["words", "spaces", "together"],
    outcome: [
      { when: "wordsAt < spacesAt", is: "words" },
      { when: "wordsAt > 2 * spacesAt or not (wordsAt > 0)", is: "spaces" },
      { is: "together" },
    ],
  },
  figures: [
    { kind: "samples", name: "samples" },
    { kind: "curve", name: "words", number: "words", percent: true },
  ],
  events: [
    { when: "net.step >= 10", say: "noise" },
    { when: "spacesAt > 0", say: "spaces" },
    { when: "net.words > 0.3", say: "short" },
    { when: "wordsAt > 0", say: "words" },
    { when: "over", say: "sense" },
  ],
  answer: [{ when: "wordsAt > spacesAt", say: "answer" }, { say: "otherwise" }],
  change: {
    options: [
      { name: "cold", change: { measures: { sample: { temperature: 0.2 } } } },
      { name: "usual", change: { measures: { sample: { temperature: 0.7 } } } },
      { name: "hot", change: { measures: { sample: { temperature: 1.4 } } } },
    ],
    say: [
      { when: "net.temperature < 0.5", say: "cold" },
      { when: "net.temperature > 1", say: "hot" },
      { say: "usual" },
    ],
  },
  check: { options: ["rule", "dictionary", "guess"], right: "guess" },
  lab: "net",
  claims: ["wordsAt > 2 * spacesAt", "spacesAt < 150", "net.words > 0.5", "net.loss < 1.9"],
  short: { networks: { net: { steps: 150 } }, claims: ["spacesAt < 150", "net.words < 0.6"] },
  words: {
    en: {
      title: "Text emerges",
      question: "A network that knows nothing reads Moby-Dick letter by letter. What will it get right first?",
      intro: [
        "It begins with random weights, and its only task is to guess the next character. Nobody tells it what a word is. While it learns, we let it write.",
      ],
      networks: { net: "the network" },
      bet: {
        words: "Whole words, one after another.",
        spaces: "The spaces: pieces as long as words, though no real ones.",
        together: "Words and spaces at the same time.",
      },
      figures: {
        samples: {
          title: "What it writes",
          read: "The number in front counts the updates so far. The same dice are thrown each time; only the network has changed.",
          says: "After {net.step} updates, its longest stretch without a space has {net.longest} characters.",
        },
        words: {
          title: "How many of its words are in the book",
          x: "updates",
          read: "Of the words it writes, with two letters or more: the share that also stands in the book.",
          says: "After {net.step} updates {net.words percent} of its words are real ones.",
        },
      },
      say: {
        noise: "Noise. It only begins to see which letters are common.",
        spaces:
          "After {spacesAt} updates it has found the space, and uses it freely. From far away, this looks like words.",
        short: "Now {net.words percent} of its words are in the book, mostly short ones like “the” and “and”.",
        words: "After {wordsAt} updates half of its words are real.",
        sense: "Words, but no sense: it knows what tends to follow what, and little more.",
        answer:
          "The spaces. They were there after {spacesAt} updates; it took {wordsAt} until half of its words were real.",
        otherwise: "This time {net.words percent} of its words are real after {net.step} updates.",
        cold: "At temperature 0.2 it nearly always takes its likeliest guess: {net.words percent} real words, but it repeats itself.",
        usual: "At temperature 0.7 it has some freedom: {net.words percent} real words.",
        hot: "At temperature 1.4 unlikely characters get a good chance: {net.words percent} real words.",
      },
      change: { label: "Temperature: how boldly it draws from its guesses", cold: "0.2", usual: "0.7", hot: "1.4" },
      check: {
        question: "How did it find out what a word is?",
        rule: "Spelling rules are built into the network.",
        dictionary: "It keeps a list of the words it has read.",
        guess: "By guessing the next character, again and again, and being corrected.",
        why: "Nothing else happens in training. Spaces come first because no character is more frequent. Words follow, because knowing them makes for better guesses.",
      },
      published:
        "Karpathy (2015) saw the same order in an LSTM that read War and Peace: spaces after 100 updates, the shortest words after 500, longer ones and names by about 2,000. Here: spaces after {spacesAt}, half of the words after {wordsAt}.",
    },
    zh: {
      title: "文字是怎样出现的",
      question: "一个什么都不懂的网络逐个字母地读《白鲸》。它最先学会的是什么？",
      intro: ["它从随机的权重出发，唯一的任务是猜下一个字符。没有人告诉它什么是单词。它一边学，我们一边让它写。"],
      networks: { net: "这个网络" },
      bet: {
        words: "一个接一个的完整单词。",
        spaces: "空格：长短像单词，但不是真的单词。",
        together: "单词和空格同时学会。",
      },
      figures: {
        samples: {
          title: "它写出的文字",
          read: "前面的数字是更新次数。每次用的随机数都相同，变的只是网络。",
          says: "更新 {net.step} 次之后，它写出的最长一串不带空格的字符有 {net.longest} 个。",
        },
        words: {
          title: "它写的词有多少是书里有的",
          x: "更新次数",
          read: "在它写出的、两个字母以上的词里，书中也有的占多少。",
          says: "更新 {net.step} 次之后，它写的词有 {net.words percent} 是真的。",
        },
      },
      say: {
        noise: "还是乱码，只是刚开始知道哪些字母常见。",
        spaces: "更新 {spacesAt} 次之后，它发现了空格，而且用得很勤，远看就像一个个单词。",
        short: "现在它写的词有 {net.words percent} 是书里有的，多半是 the、and 这样的短词。",
        words: "更新 {wordsAt} 次之后，它写的词有一半是真的。",
        sense: "有了词，还没有意思：它只知道什么后面常跟着什么。",
        answer: "是空格。更新 {spacesAt} 次就有了空格，到 {wordsAt} 次才有一半的词是真的。",
        otherwise: "这一次，更新 {net.step} 次之后有 {net.words percent} 的词是真的。",
        cold: "温度 0.2 时，它几乎总选最可能的字符：{net.words percent} 是真词，但老在重复。",
        usual: "温度 0.7 时，它有些自由：{net.words percent} 是真词。",
        hot: "温度 1.4 时，不太可能的字符也常被选中：{net.words percent} 是真词。",
      },
      change: { label: "温度：按预测的概率抽取字符时有多大胆", cold: "0.2", usual: "0.7", hot: "1.4" },
      check: {
        question: "它是怎么知道什么是单词的？",
        rule: "拼写规则本来就在网络里。",
        dictionary: "它把读过的单词记成一张表。",
        guess: "一次次地猜下一个字符，再被纠正。",
        why: "训练中没有别的。空格最先出现，因为它是最常见的字符；单词随后出现，因为认得单词就猜得更准。",
      },
      published:
        "Karpathy（2015）让一个 LSTM 读《战争与和平》，看到同样的顺序：更新 100 次时有了空格，500 次时有了最短的词，约 2,000 次时有了长词和人名。这里：{spacesAt} 次时有了空格，{wordsAt} 次时一半的词是真的。",
    },
  },
};
