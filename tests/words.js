/** All words of the page in both languages, those too that come with a figure. */
import english from "../web/app/strings/en/index.js";
import englishFigures from "../web/app/strings/en/figures.js";
import chinese from "../web/app/strings/zh/index.js";
import chineseFigures from "../web/app/strings/zh/figures.js";

export const en = { ...english, ...englishFigures };
export const zh = { ...chinese, ...chineseFigures };
