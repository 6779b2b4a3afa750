/** The words of a demo in somebody else's page, in Chinese. */
export default {
  label: "演示：一个正在学习的神经网络",
  step: "走一步",
  at: "第 {step} 步",
  atLoss: "第 {step} 步 · 损失 {loss}",
  refused: {
    choice: "{name} 可以是 {allowed}；“{value}”不在其中。",
    boolean: "{name} 只能是 true 或 false；“{value}”都不是。",
    fitted: "{name} 是“auto”，或 {min} 到 {max} 的整数；“{value}”不是。",
    integer: "{name} 是 {min} 到 {max} 的整数；“{value}”不是。",
    number: "{name} 是 {min} 到 {max} 的数；“{value}”不是。",
    above: "{name} 是大于 {min}、不超过 {max} 的数；“{value}”不是。",
    below: "{name} 是从 {min} 起、小于 {max} 的数；“{value}”不是。",
    height: "{name} 可以是“auto”，或 10 到 9999 的 CSS 像素；“{value}”都不是。",
    hold: "{name} 要写成“gate=f value=0”或“unit=3 value=mean”这样；“{value}”不是。",
    tooLong: "{name} 有 {value} 个字符；最多 {max} 个。",
    unknown: "地址里写了“{name}”，演示里没有这个名字。",
    needText: "地址提到一段 {value} 字节的文本，但没有带上它，所以改学一段示例文本。",
  },
  list: "、",
  or: " 或 ",
  policy:
    "这个页面的 Content-Security-Policy 不允许演示训练：它禁止了 {blocked}。网站的管理者可以在该响应头中加上：{needed}",
  blocked: { worker: "worker", wasm: "WebAssembly", trusted: "它的脚本" },
  and: "和 ",
  /** 简短的说明，由嵌入者指定才显示。 */
  learn: {
    title: "这里在发生什么",
    happening: {
      title: "训练是怎么进行的",
      body: [
        "文本被切成 {batch} 条，每一步网络从每条里读 {seqLen} 个字符。每读一个字符，它就给每个可能的下一个字符一个概率；它给真正出现的那个字符的概率越小，损失越大。",
        "然后误差沿着这 {seqLen} 步往回传，算出每个权重往哪个方向改会更好，权重都往那边挪一点。除此之外什么也没有；单词和拼写都是这样一遍遍重复出来的。",
      ],
    },
    forgets: {
      title: "普通 RNN 为什么健忘",
      body: [
        "要从 40 个字符之前学到东西，误差必须往回传 40 步，每一步都乘上同一个矩阵和 tanh 的斜率。多数时候它会越乘越小，远处的内容就几乎不起作用；矩阵大的时候也可能爆炸。",
        "“学习”里的实验 3 和 4 演示了这一点：隔 10 个点，普通 RNN 更新几百次就能记住一个字母，隔 40 个点就学不会，而 LSTM 和 GRU 能学会。不过，能记住的单元也还得先学会什么值得记。",
      ],
    },
    gate: {
      title: "门有什么用",
      body: [
        "门是每个单元一个、每一步重新计算的 0 到 1 之间的数，用来乘在别的量上：0 挡住，1 放行。",
        "LSTM 的遗忘门接近 1 时，细胞状态几乎原样通过这一步，往回传的梯度也是如此。这让长期记忆成为可能，但并不保证：什么时候该记住什么，仍要靠网络自己学会。",
      ],
    },
    clipping: {
      title: "裁剪有什么用",
      body: [
        "偶尔会出现一个比平时大得多的梯度，顺着它走一步就会毁掉已经学到的东西。按范数裁剪会把它缩短到阈值，方向不变。",
        "它只对付梯度爆炸；在往回传的途中消失了的梯度，它救不回来。",
      ],
    },
  },
};
