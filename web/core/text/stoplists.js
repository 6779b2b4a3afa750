/** Stop words, from npm's stopword (MIT): written by .ci/build-lists.js, so do not edit. */

/** @param {string} words */
const split = (words) => words.trim().split(/\s+/);

export const eng = split(`
about after all also am an and another any are as at be because been before being between both but by came can
come could did do each for from get got has had he have her here him himself his how if in into is it like
make many me might more most much must my never now of on only or other our out over said same should since
some still such take than that the their them then there these they this those through to too under up very
was way we well were what where which while who with would you your a i
`);

export const zho = split(`
的 地 得 和 跟 与 及 向 并 等 更 已 含 做 我 你 他 她 们 某 该 各 每 这 那 哪 什 么 谁 年 月 日 时 分 秒 几 多 来 在 就 又 很 呢 吧 吗 了 嘛 哇 儿 哼 啊 嗯 是 着 都
不 说 也 看 把 还 个 有 小 到 一 为 中 于 对 会 之 第 此 或 共 按 请
`);
