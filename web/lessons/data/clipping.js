/** Clipping: a training that throws itself off its feet, and the same one with its steps cut short. */

const text = { sample: "moby-dick", length: 30000 };
const settings = {
  cell: "rnn",
  hidden: 64,
  batch: 16,
  seqLen: 64,
  optimizer: "sgd",
  learningRate: 1.5,
  init: "orthogonal",
  initGain: 1.5,
  validation: 0.02,
};

/** @type {import("../lesson.js").Lesson} */
export default {
  name: "clipping",
  networks: {
    off: { text, settings: { ...settings, clipMode: "none" }, steps: 300 },
    on: { text, settings: { ...settings, clipMode: "norm", clipThreshold: 0.5 }, steps: 300 },
  },
  look: 5,
  pace: 200,
  measures: [],
  bet: {
    kind: "draw",
    axis: { at: [50, 100, 150, 200, 250, 300], low: 0, high: 40, start: 4, network: "off", number: "loss" },
  },
  figures: [
    { kind: "curve", name: "loss", number: "loss", rule: "blind", low: 0, most: 40, bet: true },
    { kind: "curve", name: "norm", number: "norm", log: true, setting: "clipThreshold", least: 0.01 },
  ],
  events: [
    { when: "on.step >= 5", say: "begin" },
    { when: "off.loss > 1.3 * off.blind or off.broken = 1", say: "thrown" },
    { when: "on.step >= 100", say: "norm" },
    { when: "on.loss < 2.9", say: "learns" },
    { when: "over", say: "over" },
  ],
  answer: [
    { when: "off.broken = 1", say: "broken" },
    { when: "off.loss > on.loss + 1", say: "answer" },
    { say: "otherwise" },
  ],
  change: {
    options: [
      { name: "c5", change: { networks: { on: { settings: { clipThreshold: 5 } } } } },
      { name: "c01", change: { networks: { on: { settings: { clipThreshold: 0.05 } } } } },
      { name: "slow", change: { networks: { off: { settings: { learningRate: 0.05 } } } } },
    ],
    say: [{ when: "off.loss > 0", say: "slow" }, { when: "on.loss > on.blind", say: "loose" }, { say: "tight" }],
  },
  check: { options: ["direction", "vanish", "smaller"], right: "direction" },
  lab: "on",
  claims: ["off.loss > off.blind or off.broken = 1", "on.loss < 2.7"],
  short: {
    networks: { off: { steps: 120 }, on: { steps: 120 } },
    claims: ["off.loss > off.blind or off.broken = 1", "on.loss < 3.2"],
  },
  words: {
    en: {
      title: "Clipping",
      question: "A network whose gradient explodes is trained with long steps. Draw its loss.",
      intro: [
        "You saw a gradient explode. What does that do to a training? Two networks start out identical, with a matrix that stretches by 1½, and learn Moby-Dick. One takes every step as long as its gradient says. The other clips: a gradient longer than ½ is cut to that length, and its direction kept.",
        "Blind guessing has a loss of about 4. Draw the loss of the one without clipping.",
      ],
      networks: { off: "without clipping", on: "clipped at ½" },
      bet: { x: "updates", y: "loss" },
      figures: {
        loss: {
          title: "Loss",
          x: "updates",
          rule: "blind guessing",
          read: "The loss on the stretch of text just read; the lower, the better. The picture ends at 40.",
          says: "After {on.step} updates: {off.loss 1} without clipping, {on.loss 1} with it; blind guessing has {on.blind 1}.",
        },
        norm: {
          title: "How long the gradient was, before any clipping",
          x: "updates",
          rule: "clipped here",
          read: "Each line across stands for ten times as much. Whatever rises above the dashed line is cut down to it.",
          says: "The clipped network’s last gradient was {on.norm 2} long, before clipping.",
        },
      },
      say: {
        begin: "Same weights, same text, same rate. Only one of them clips.",
        thrown:
          "Thrown off! One step was so long that the network landed where it guesses worse than blindly. Its loss is {off.loss 1}.",
        norm: "The clipped one meets long gradients too. It heeds their direction, but not their length.",
        learns: "It learns: {on.loss 1} after {on.step} updates.",
        over: "The other one never found its way back.",
        broken:
          "Without clipping, the numbers grew beyond what can be computed. With it, the loss came down to {on.loss 1}.",
        answer:
          "Without clipping: {off.loss 1}, worse than blind guessing at {off.blind 1}. With it: {on.loss 1}. Same network, same text, same rate.",
        otherwise: "{off.loss 1} without clipping, {on.loss 1} with it.",
        slow: "At a thirtieth of the rate it needs no clipping. But it learns slowly: {off.loss 1} after {off.step} updates.",
        loose: "At this threshold its loss ends at {on.loss 1}: too loose to protect it.",
        tight: "At this threshold its loss ends at {on.loss 1}.",
      },
      change: {
        label: "Clip elsewhere, or step less far",
        c5: "Clip at 5",
        c01: "Clip at 0.05",
        slow: "Not at all, rate 0.05",
      },
      check: {
        question: "What does clipping by norm change in a gradient?",
        direction: "Its length alone; the direction stays.",
        vanish: "It brings back what has vanished.",
        smaller: "It makes every gradient smaller.",
        why: "A gradient shorter than the threshold passes as it is. A longer one is scaled down as a whole, so the step against it still leads downhill. And what has vanished on the way stays vanished.",
      },
      published:
        "Pascanu, Mikolov and Bengio (2013) proposed it for just this, and found that thresholds from half to ten times the usual norm can work. Here the threshold is 0.5, and the last gradient was {on.norm 2} long.",
    },
    zh: {
      title: "梯度裁剪",
      question: "一个梯度会爆炸的网络，用很大的步子训练。画出它的损失。",
      intro: [
        "你见过梯度爆炸了。它对训练有什么影响？两个网络起点相同，矩阵都乘了 1½，都学《白鲸》。一个每步都走梯度所说的那么远；另一个做裁剪：超过 ½ 的梯度截短到 ½，方向不变。",
        "随机猜测的损失大约是 4。请画出不裁剪的那个网络的损失。",
      ],
      networks: { off: "不裁剪", on: "裁剪到 ½" },
      bet: { x: "更新次数", y: "损失" },
      figures: {
        loss: {
          title: "损失",
          x: "更新次数",
          rule: "随机猜测",
          read: "刚读过的那个窗口的损失，越低越好。图到 40 为止。",
          says: "更新 {on.step} 次之后：不裁剪 {off.loss 1}，裁剪 {on.loss 1}；随机猜测是 {on.blind 1}。",
        },
        norm: {
          title: "裁剪之前梯度有多长",
          x: "更新次数",
          rule: "在此裁剪",
          read: "每条横线相差十倍。超过虚线的，都截短到虚线。",
          says: "裁剪的网络最近一次的梯度，在裁剪之前长 {on.norm 2}。",
        },
      },
      say: {
        begin: "权重、文本、学习率都一样，只有一个做裁剪。",
        thrown: "飞出去了！有一步太大，网络落到比随机猜测还糟的地方，损失是 {off.loss 1}。",
        norm: "裁剪的网络也会遇到很长的梯度。它听从梯度的方向，但不走过头。",
        learns: "它在学：更新 {on.step} 次之后损失是 {on.loss 1}。",
        over: "另一个再也没有回来。",
        broken: "不裁剪时，数字大得无法计算；裁剪时损失降到 {on.loss 1}。",
        answer: "不裁剪：{off.loss 1}，比随机猜测的 {off.blind 1} 还差；裁剪：{on.loss 1}。网络、文本、学习率都一样。",
        otherwise: "不裁剪 {off.loss 1}，裁剪 {on.loss 1}。",
        slow: "学习率小到三十分之一，不裁剪也行，只是学得慢：更新 {off.step} 次之后是 {off.loss 1}。",
        loose: "用这个阈值，损失是 {on.loss 1}：太松，保护不了它。",
        tight: "用这个阈值，损失是 {on.loss 1}。",
      },
      change: { label: "换个阈值，或者步子小一点", c5: "裁剪到 5", c01: "裁剪到 0.05", slow: "不裁剪，学习率 0.05" },
      check: {
        question: "按范数裁剪改变了梯度的什么？",
        direction: "只改变长度，方向不变。",
        vanish: "把消失的找回来。",
        smaller: "让每个梯度都变小。",
        why: "比阈值短的梯度原样通过；更长的整体缩小，逆着它走仍是下坡。至于半路消失的，裁剪也找不回来。",
      },
      published:
        "Pascanu、Mikolov 与 Bengio（2013）正是为此提出的，并发现阈值取平均范数的一半到十倍都可行。这里的阈值是 0.5，最近一次的梯度长 {on.norm 2}。",
    },
  },
};
