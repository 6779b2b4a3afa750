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
    needText: "地址提到一段 {value} 字节的文本，但没有带上它，所以改学一段样本。",
  },
  list: "、",
  or: " 或 ",
  policy:
    "这个页面的 Content-Security-Policy 不允许演示训练：它禁止了 {blocked}。网站的管理者可以在该响应头中加上：{needed}",
  blocked: { worker: "worker", wasm: "WebAssembly", trusted: "它的脚本" },
  and: "和 ",
};
