/** “学习率”面板的文字。 */
export default {
  body: [
    "大步学得快，小步才能落定。学习率计划两者兼得：开头预热，此时 Adam 还不知道梯度有多大；之后步子越来越小。这里画出的就是训练将要使用的；训练中可以更改，保存的训练会从计划的当前位置继续。",
  ],
  kind: "计划",
  kinds: { constant: "恒定", step: "阶梯衰减", cosine: "余弦" },
  fields: {
    learningRate: "学习率",
    warmup: "预热步数",
    decayEvery: "每隔多少步衰减",
    decayFactor: "衰减系数",
    totalSteps: "结束于第几步",
    lastShare: "结束时剩余比例",
  },
  take: "在上面用这个计划学习",
  now: "第 {step} 步",
  read: "第 {step} 步的学习率是 {rate}。",
  used: "最近一次更新（第 {step} 步）用的是 {rate}。",
  summary: "{kind}：学习率从 {start} 变到第 {step} 步的 {end}。",
  warmupTooLong: "预热必须短于整个计划，计划在第 {totalSteps} 步结束。",
};
