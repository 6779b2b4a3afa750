/** 标签页的文字；每个面板自带其余文字。 */
export default {
  practice: {
    title: "实践",
    lead: "网络之外的各种选择有什么效果：在上面的文本上实测。",
    failed: "这一部分没有加载成功。再点一次标签即可重试。",
    tabs: {
      tokens: "词元",
      document: "第一个模型",
      overfitting: "过拟合",
      schedule: "学习率",
      sweep: "多长合适？",
      cells: "RNN、LSTM 还是 GRU",
      fill: "缺字",
    },
  },
};
