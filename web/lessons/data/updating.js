/** One update, slowly: each part of it with its real numbers, and one weight that is watched all the way. */

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "updating",
  networks: {
    net: {
      text: { sample: "moby-dick", length: 4000 },
      settings: {
        cell: "rnn",
        hidden: 16,
        batch: 8,
        seqLen: 32,
        optimizer: "sgd",
        learningRate: 0.3,
        clipMode: "norm",
        clipThreshold: 5,
        validation: 0.1,
      },
      warm: 150,
      still: true,
      steps: 5, // the parts of an update, after the first
    },
  },
  look: 1,
  byHand: true,
  measures: [{ kind: "update", rate: 0.3, length: 8, from: 300 }],
  bet: {
    kind: "choose",
    options: ["up", "down", "stay"],
    outcome: [{ when: "net.moved > 0", is: "up" }, { when: "net.moved < 0", is: "down" }, { is: "stay" }],
  },
  figures: [
    { kind: "slow", name: "slow" },
    {
      kind: "table",
      name: "weight",
      columns: [
        { number: "before", format: "4" },
        { number: "gradient", format: "4" },
        { number: "after", format: "4" },
      ],
    },
    { kind: "update", name: "update" },
  ],
  events: [
    { when: "net.step >= 0", say: "read" },
    { when: "net.step >= 1", say: "forward" },
    { when: "net.step >= 2", say: "loss" },
    { when: "net.step >= 3", say: "backward" },
    { when: "net.step >= 4", say: "clip" },
    { when: "over", say: "update" },
  ],
  answer: [{ when: "net.moved < 0", say: "down" }, { say: "up" }],
  change: {
    options: [
      { name: "tiny", change: { measures: { update: { rate: 0.03 } } } },
      { name: "usual", change: { measures: { update: { rate: 0.3 } } } },
      { name: "large", change: { measures: { update: { rate: 3 } } } },
      { name: "huge", change: { measures: { update: { rate: 30 } } } },
    ],
    say: [{ when: "net.saved > 0", say: "better" }, { say: "worse" }],
  },
  check: { options: ["one", "all", "worst"], right: "all" },
  lab: "net",
  claims: [
    "net.gradient > 0",
    "net.moved < 0",
    "net.lossBefore < net.blind",
    "net.lossAfter < net.lossBefore",
    "net.norm < 5",
  ],
  words: {
    en: {
      title: "One update, slowly",
      question:
        "We watch one weight. Its gradient is positive: if the weight grew, the loss would grow with it. Which way will the update move it?",
      intro: [
        "Learning is one small step, taken thousands of times. Here is a single step, part by part, with its real numbers. You say when to go on.",
        "Two words you need. The loss says how badly the network guessed; zero would be perfect. The gradient of a weight says what the loss would do if that weight grew a little: rise, if the gradient is positive; fall, if it is negative.",
      ],
      networks: { net: "this weight" },
      bet: { up: "Up.", down: "Down.", stay: "It stays where it is." },
      figures: {
        slow: {
          title: "The update, part by part",
          says: "A small RNN, after 150 updates, about to make one more.",
          read: "Each box is the network at one character, its state in colour. Forward, the state goes from left to right; backward, the gradient comes from right to left.",
        },
        weight: {
          title: "The weight we watch",
          columns: { before: "before", gradient: "gradient", after: "after" },
          read: "Of all the weights that lead from one state to the next, the one with the largest positive gradient.",
          says: "It leads from unit {net.fromUnit} to unit {net.to}. The update takes away {net.rate} times its gradient.",
        },
        update: {
          title: "Did it help?",
          reads: "it reads",
          comes: "then comes",
          before: "chance before",
          after: "chance after",
          read: "The chance the network gave to the character that did come: before the update, and after it, on the very same text.",
          says: "One update takes the loss on these eight characters from {net.lossBefore 3} to {net.lossAfter 3}.",
        },
      },
      say: {
        read: "Keep an eye on one weight: it leads from unit {net.fromUnit} to unit {net.to}, and it is {net.before 4}.",
        forward: "Watch the state travel to the right. Every step of it goes through all the weights, ours among them.",
        loss: "Now we compare. Its mean surprise is {net.lossBefore 3}; someone who guesses blindly would have {net.blind 3}.",
        backward:
          "Now look from right to left: the surprise is traced back. Once it has arrived, every weight has its gradient. Ours is {net.gradient 4}, so the loss would rise with it.",
        clip: "One safety check: all gradients together are {net.norm 2} long. If that were more than 5, they would be shortened.",
        update:
          "And the step. Ours goes from {net.before 4} to {net.after 4}; the others move too, each by its own gradient. The loss falls from {net.lossBefore 3} to {net.lossAfter 3}. The rest of learning is repetition.",
        up: "Up: from {net.before 4} to {net.after 4}. Its gradient was {net.gradient 4}, and an update goes against the gradient.",
        down: "Down: from {net.before 4} to {net.after 4}. Its gradient was {net.gradient 4}, and an update goes against the gradient, because that is where the loss falls.",
        better: "At a rate of {net.rate} the loss goes from {net.lossBefore 3} to {net.lossAfter 3}.",
        worse:
          "At a rate of {net.rate} the step is too long. It leaps right over the valley, and the loss rises from {net.lossBefore 3} to {net.lossAfter 3}.",
      },
      change: { label: "The learning rate: how long the step is", tiny: "0.03", usual: "0.3", large: "3", huge: "30" },
      check: {
        question: "Which weights move in an update?",
        one: "Only the one with the largest gradient.",
        all: "All that have a gradient, each by its own.",
        worst: "Only those that were wrong.",
        why: "No weight is right or wrong by itself. Each one moves by the learning rate times its own gradient, so those with a large gradient move most. Weights of characters that were not read have none, and stay.",
      },
    },
    zh: {
      title: "慢动作：一次更新",
      question: "我们盯住一个权重，它的梯度是正的：它变大，损失也会变大。更新会让它往哪边走？",
      intro: [
        "学习就是把同样的一小步重复几千次。这里只走一步，拆成几个部分，给出真实的数字。由你决定什么时候往下走。",
        "先认识两个词。损失表示网络猜得有多差，零就是全对。一个权重的梯度表示：这个权重稍稍变大时，损失会怎样变。梯度为正，损失上升；梯度为负，损失下降。",
      ],
      networks: { net: "这个权重" },
      bet: { up: "变大。", down: "变小。", stay: "不动。" },
      figures: {
        slow: {
          title: "一次更新的各个部分",
          says: "一个小 RNN，已经更新过 150 次，现在再更新一次。",
          read: "每个方框是网络读到一个字符时的样子，颜色表示它的状态。前向时，状态从左往右传；反向时，梯度从右往左传。",
        },
        weight: {
          title: "我们盯住的权重",
          columns: { before: "更新前", gradient: "梯度", after: "更新后" },
          read: "在从一个状态到下一个状态的所有权重中，正梯度最大的那个。",
          says: "它从单元 {net.fromUnit} 通往单元 {net.to}。更新时减去梯度的 {net.rate} 倍。",
        },
        update: {
          title: "有用吗？",
          reads: "读到",
          comes: "随后是",
          before: "更新前的概率",
          after: "更新后的概率",
          read: "网络给真正出现的那个字符的概率：更新前，以及更新后，都在同一段文字上。",
          says: "更新一次，这八个字符上的损失从 {net.lossBefore 3} 变为 {net.lossAfter 3}。",
        },
      },
      say: {
        read: "盯住一个权重：它从单元 {net.fromUnit} 通往单元 {net.to}，现在是 {net.before 4}。",
        forward: "看状态一步步往右传。每一步都要经过所有的权重，包括我们盯住的这个。",
        loss: "现在对照答案。平均的意外程度是 {net.lossBefore 3}，随机猜测的话是 {net.blind 3}。",
        backward:
          "现在从右往左看：误差沿原路往回传。传到之后，每个权重都有了自己的梯度。我们这个是 {net.gradient 4}：它变大，损失也上升。",
        clip: "最后检查一下：所有梯度合起来长 {net.norm 2}。如果超过 5，就要截短。",
        update:
          "迈出这一步。我们的权重从 {net.before 4} 变到 {net.after 4}，其他权重也各按自己的梯度移动。损失从 {net.lossBefore 3} 降到 {net.lossAfter 3}。往后的学习，就是重复这一步。",
        up: "变大了：从 {net.before 4} 到 {net.after 4}。它的梯度是 {net.gradient 4}，而更新总是逆着梯度走。",
        down: "变小了：从 {net.before 4} 到 {net.after 4}。它的梯度是 {net.gradient 4}，而更新总是逆着梯度走，因为那边损失更小。",
        better: "学习率为 {net.rate} 时，损失从 {net.lossBefore 3} 变到 {net.lossAfter 3}。",
        worse: "学习率为 {net.rate} 时步子太大，一下跨过了谷底，损失从 {net.lossBefore 3} 升到 {net.lossAfter 3}。",
      },
      change: { label: "学习率：一步走多远", tiny: "0.03", usual: "0.3", large: "3", huge: "30" },
      check: {
        question: "一次更新中，哪些权重会动？",
        one: "只有梯度最大的那个。",
        all: "凡有梯度的都动，各按各的梯度。",
        worst: "只有出错的那些。",
        why: "单看一个权重，谈不上对错。每个权重都移动“学习率乘以自己的梯度”那么多，所以梯度大的动得多。没有读到的字符，它们的权重没有梯度，就不动。",
      },
    },
  },
};
