/** 展开的网络和打开的单元的中文文字。 */
export default {
  unrolled: {
    title: "同一个单元，依次读八个字符",
    read: "从左到右，每读一个字符就用一次同一个单元。方框里是它的状态，一条横线是一个隐藏单元；上方是它预计的下一个字符，猜对的加框。把指针移到某一列：向左的箭头表示这里的误差在之前各个状态上还剩多大的梯度，也就是它能从多远的地方学到东西。",
    look: "点一下打开一个单元：各个门和公式，连同此刻的数值。",
    cursor: "展开的网络：左右键沿文本移动，上下键切换层，回车打开单元",
    at: "{t}：读完 {token} 后，预计 {guess} 的概率是 {p}；实际出现 {next}，损失 {loss} nat。",
    felt: "这里的梯度大小为 {near}，往前七个字符处为 {far}。",
    atEnd: "{t}：{token}，文本到此结束；预计 {guess}，概率 {p}。",
    summary:
      "训练 {step} 步之后，{all} 处中有 {right} 处最可能的字符就是正确的字符。显示了 {H} 个隐藏单元中的 {shown} 个。",
    state: "状态",
    probability: "概率",
    gradient: "梯度",
    cellAt: "“{token}”处的单元",
    cellOf: "“{token}”处第 {layer} 层的单元",
    where: "色带是全部隐藏单元；数字属于其中一个。",
    unit: "隐藏单元",
    close: "关闭",
    value: "单元 {unit} 的 {name}：{value}",
    expected: "“{next}”：{p}",
    loss: "{loss} nat",
    atLast: "最后一个字符之后没有字符。",
  },
};
