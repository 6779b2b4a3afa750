/** One update, slowly: every weight moves a little against its gradient, and the same text is guessed better. */

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "updating",
  networks: {
    net: {
      text: { sample: "moby-dick", length: 4000 },
      settings: { cell: "rnn", hidden: 16, batch: 8, seqLen: 32, learningRate: 0.01, validation: 0.1 },
      steps: 60,
    },
  },
  look: 10,
  pace: 2500,
  measures: [{ kind: "update", rate: 0.1, length: 14, from: 300 }],
  bet: {
    kind: "choose",
    options: ["up", "down", "stay"],
    outcome: [{ when: "net.moved > 0", is: "up" }, { when: "net.moved < 0", is: "down" }, { is: "stay" }],
  },
  figures: [
    { kind: "update", name: "update" },
    {
      kind: "table",
      name: "weight",
      columns: [
        { number: "gradient", format: "4" },
        { number: "before", format: "4" },
        { number: "after", format: "4" },
      ],
    },
    {
      kind: "table",
      name: "loss",
      columns: [
        { number: "lossBefore", format: "3" },
        { number: "lossAfter", format: "3" },
      ],
    },
  ],
  events: [
    { when: "net.step >= 10", say: "reads" },
    { when: "net.step >= 20", say: "loss" },
    { when: "net.step >= 30", say: "gradient" },
    { when: "net.step >= 40", say: "moves" },
    { when: "over", say: "again" },
  ],
  answer: [{ when: "net.moved > 0", say: "up" }, { say: "down" }],
  change: {
    options: [
      { name: "tiny", change: { measures: { update: { rate: 0.01 } } } },
      { name: "usual", change: { measures: { update: { rate: 0.1 } } } },
      { name: "large", change: { measures: { update: { rate: 1 } } } },
      { name: "huge", change: { measures: { update: { rate: 10 } } } },
    ],
    say: [{ when: "net.saved > 0", say: "better" }, { say: "worse" }],
  },
  check: { options: ["one", "all", "worst"], right: "all" },
  lab: "net",
  claims: ["net.moved * net.gradient < 0", "net.lossAfter < net.lossBefore"],
  words: {
    en: {
      title: "One update, slowly",
      question:
        "A weight has a positive gradient: the loss would rise if the weight grew. Which way does the update move it?",
      intro: [
        "Learning is one small step, made thousands of times. Here is one of them with all its numbers.",
        "The loss says how badly the network guessed. The gradient of a weight says how the loss would change if the weight grew: positive, and the loss would rise with it; negative, and it would fall.",
      ],
      networks: { net: "the network" },
      bet: { up: "Up.", down: "Down.", stay: "It stays where it is." },
      figures: {
        update: {
          title: "Fourteen characters, before and after",
          reads: "it reads",
          comes: "then comes",
          before: "chance before",
          after: "chance after",
          read: "For each character, the chance that the network gave to the one that did come: before the update, and after it on the very same text.",
          says: "On average these chances were worth a loss of {net.lossBefore 3}, and {net.lossAfter 3} after the update.",
        },
        weight: {
          title: "The weight we watch",
          columns: { gradient: "gradient", before: "before", after: "after" },
          read: "Of all weights from state to state, the one with the largest gradient: from unit {net.fromUnit} to unit {net.to}.",
          says: "Its gradient is {net.gradient 4}, so it moves by {net.rate} times that, the other way: {net.moved 4}.",
        },
        loss: {
          title: "The loss of this text",
          columns: { lossBefore: "before", lossAfter: "after" },
          says: "It falls by {net.saved 3} in one update.",
        },
      },
      say: {
        reads:
          "The network, which goes on learning meanwhile, reads a stretch of text. Under each character stands the chance it gave to what came next.",
        loss: "Where that chance is small, it was surprised. The loss is the mean surprise: {net.lossBefore 3} here, where blind guessing has {net.blind 3}.",
        gradient:
          "Now the surprise is traced back, from the last character to the first. Every weight learns how much it had to do with it: that is its gradient.",
        moves:
          "Each weight takes a small step against its gradient. This one had {net.gradient 4} and moves by {net.moved 4}.",
        again:
          "The same text once more: the loss was {net.lossBefore 3} and is {net.lossAfter 3}. That was one update. The rest is repetition.",
        up: "Up: it moves by {net.moved 4}, for its gradient was {net.gradient 4}, and a weight goes against its gradient.",
        down: "Down: it moves by {net.moved 4}, for its gradient was {net.gradient 4}, and a weight goes against its gradient.",
        better: "With a rate of {net.rate} the loss goes from {net.lossBefore 3} to {net.lossAfter 3}.",
        worse:
          "With a rate of {net.rate} the step is too long: it leaps over the valley, and the loss rises from {net.lossBefore 3} to {net.lossAfter 3}.",
      },
      change: { label: "The learning rate: how long the step is", tiny: "0.01", usual: "0.1", large: "1", huge: "10" },
      check: {
        question: "Which weights move in an update?",
        one: "Only the one with the largest gradient.",
        all: "All of them, each by its own gradient.",
        worst: "Only those that were wrong.",
        why: "No weight is right or wrong by itself. Each moves by the rate times its own gradient, and those with a large one move most.",
      },
    },
    zh: {
      title: "慢动作看一次更新",
      question: "一个权重的梯度是正的：它变大，损失就上升。更新会让它往哪边走？",
      intro: [
        "所谓学习，就是把一小步重复几千次。这里把其中一步的数字全部摊开。",
        "损失表示网络猜得有多差。一个权重的梯度表示：这个权重变大时，损失会怎样变。梯度为正，损失随之上升；为负，损失随之下降。",
      ],
      networks: { net: "这个网络" },
      bet: { up: "变大。", down: "变小。", stay: "不动。" },
      figures: {
        update: {
          title: "十四个字符，更新前后",
          reads: "读到",
          comes: "随后是",
          before: "更新前的概率",
          after: "更新后的概率",
          read: "对每个字符，网络给真正出现的下一个字符多大概率：更新前，以及更新后在同一段文字上。",
          says: "这些概率合起来，损失原来是 {net.lossBefore 3}，更新后是 {net.lossAfter 3}。",
        },
        weight: {
          title: "我们盯住的权重",
          columns: { gradient: "梯度", before: "更新前", after: "更新后" },
          read: "在从状态到状态的所有权重中，梯度最大的那个：从单元 {net.fromUnit} 到单元 {net.to}。",
          says: "它的梯度是 {net.gradient 4}，于是朝相反方向走梯度的 {net.rate} 倍：{net.moved 4}。",
        },
        loss: {
          title: "这段文字的损失",
          columns: { lossBefore: "更新前", lossAfter: "更新后" },
          says: "一次更新就下降了 {net.saved 3}。",
        },
      },
      say: {
        reads: "网络一边继续学习，一边读一段文字。每个字符下面是它给下一个字符的概率。",
        loss: "概率小的地方，它感到意外。损失就是平均的意外程度：这里是 {net.lossBefore 3}，瞎猜是 {net.blind 3}。",
        gradient: "现在把意外从最后一个字符往回追究到第一个。每个权重都得知自己有多大责任：这就是它的梯度。",
        moves: "每个权重都逆着自己的梯度走一小步。这个权重的梯度是 {net.gradient 4}，移动了 {net.moved 4}。",
        again:
          "同一段文字再读一遍：损失原来是 {net.lossBefore 3}，现在是 {net.lossAfter 3}。这就是一次更新，其余都是重复。",
        up: "变大了，移动 {net.moved 4}：它的梯度是 {net.gradient 4}，而权重逆着梯度走。",
        down: "变小了，移动 {net.moved 4}：它的梯度是 {net.gradient 4}，而权重逆着梯度走。",
        better: "学习率为 {net.rate} 时，损失从 {net.lossBefore 3} 变到 {net.lossAfter 3}。",
        worse: "学习率为 {net.rate} 时步子太大，一下跨过了谷底，损失从 {net.lossBefore 3} 升到 {net.lossAfter 3}。",
      },
      change: { label: "学习率：一步走多远", tiny: "0.01", usual: "0.1", large: "1", huge: "10" },
      check: {
        question: "一次更新中，哪些权重会动？",
        one: "只有梯度最大的那个。",
        all: "全部都动，各按各的梯度。",
        worst: "只有出错的那些。",
        why: "单个权重谈不上对错。每个权重都移动学习率乘以自己的梯度，梯度大的动得多。",
      },
    },
  },
};
