/** “过拟合”面板的文字。 */
export default {
  name: "过拟合",
  start: "先过拟合，再补救",
  cancel: "取消",
  cancelled: "已取消，测得的结果保留。",
  done: "完成。损失以 nat 计；两部分都在不丢弃的情况下测量。",
  working: "{name}：第 {epoch} 轮，共 {epochs} 轮。",
  body: [
    "权重多到文本约束不住时，网络会把文本背下来：训练损失不断下降，验证损失却掉头上升。两条曲线之间的阴影，就是它记住了却用不上的东西。",
    "按下按钮来看：一个 96 个单元的网络学习上面文本的前 {length} 个字符，然后是同一个网络配上各种常用的补救办法。",
  ],
  caption: "网络、文本和种子都相同，只有补救办法不同",
  heads: ["补救办法", "轮数", "训练损失", "验证损失", "差距", "准确率", "最佳验证损失", "在第几轮"],
  mends: { nothing: "无", dropout: "随机丢弃", l2: "L2", l1: "L1", decay: "AdamW 衰减", early: "提前停止" },
  settings: {
    nothing: "只用 Adam",
    dropout: "循环层输出随机丢弃 0.5",
    l2: "L2 惩罚 0.0002",
    l1: "L1 惩罚 0.00003",
    decay: "AdamW，权重衰减 0.3",
    early: "耐心 3：连续 3 轮没有更好就结束，并保留最佳权重",
  },
  best: "最佳",
  gap: "第 {epoch} 轮的权重，差距 {gap}",
  summary: "{name}：第 {epoch} 轮后训练损失 {training}，验证损失 {validation}；最佳是第 {bestEpoch} 轮的 {best}。",
  aboveTitle: "用于上面的训练",
  above:
    "停止：训练若干轮之后，或者连续若干次评估都没有更好的验证损失时；然后放回最佳权重，上面的曲线会标出它们在哪里。0 表示从不。约束：惩罚和随机丢弃在训练中也能更改。",
  fields: {
    epochs: "最多轮数",
    patience: "耐心（评估次数）",
    l1: "L1",
    l2: "L2",
    weightDecay: "权重衰减",
    dropout: "随机丢弃",
  },
  wholeNumber: "{label} 是0 到 999,999 的整数；{value} 不是。",
};
