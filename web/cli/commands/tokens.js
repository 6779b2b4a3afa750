/** `unrolled tokens`: how often each token of a text comes. */
import { tokenTable } from "../../core/index.js";
import { checkInputs, readTexts } from "../files/read.js";
import { settingsOf } from "../options/settings.js";
import { say } from "../terminal/say.js";

/** @param {string[]} files @param {Record<string, any>} options @param {import("commander").Command} command */
export async function tokens(files, { stopWords, most, json }, command) {
  checkInputs(files);
  const table = await tokenTable(await readTexts(files), {
    ...(stopWords && { tokens: "word", lowerCase: true }),
    ...settingsOf(command),
    stopWords,
    most,
  });
  const rare = table.distinct - table.kept;
  say(
    `${table.total} tokens, ${table.distinct} different${rare ? `; ${rare} of them, ${table.rare} tokens, come too seldom and become <unk>` : ""}.`,
  );
  if (table.stopWords) {
    const { words, removed } = table.stopWords;
    say(
      `${removed} of ${words} words are stop words and left out: for counting and classifying only, a network that writes needs them.`,
    );
  }
  if (json) process.stdout.write(`${JSON.stringify(table)}\n`);
  else
    process.stdout.write(
      `token\tcount\n${table.rows.map(({ token, count }) => `${JSON.stringify(token)}\t${count}\n`).join("")}`,
    );
}
