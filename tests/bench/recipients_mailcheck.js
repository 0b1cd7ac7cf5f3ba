// Asks mailcheck.js about each line of questions.txt, for five seconds at most, and prints a row of the benchmark's table.
const fs = require("fs");
const mailcheck = require("mailcheck");
const lines = (name) => fs.readFileSync(`${process.argv[2]}/${name}`, "utf8").trim().split("\n");
const domains = lines("domains.txt");
const questions = lines("questions.txt");
const start = process.hrtime.bigint();
const seconds = () => Number(process.hrtime.bigint() - start) / 1e9;
let asked = 0, flagged = 0;
for (const question of questions) {
  const found = mailcheck.run({ email: `jan@${question}`, domains, secondLevelDomains: [], topLevelDomains: [],
    suggested: (s) => s, empty: () => undefined });
  if (found) flagged += 1;
  asked += 1;
  if (seconds() > 5) break;
}
const rate = asked / seconds();
console.log(`  ${"mailcheck.js, misspelt".padEnd(24)} ${rate.toFixed(rate < 10 ? 2 : 0).padStart(12)} ${"".padStart(29)} ${(100 * flagged / asked).toFixed(1).padStart(6)}%`);
