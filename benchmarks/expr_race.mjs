// The rule engines of npm in benchmarks/expr_race.py: one process for each, a run for each line on standard input.
//
//   node expr_race.mjs ENGINE rows.json     the packages stand in node_modules beside this file's copy
import {readFileSync} from "node:fs";
import {createInterface} from "node:readline";

const [engine, file] = process.argv.slice(2);
const {rows, tiers} = JSON.parse(readFileSync(file, "utf8"));

// "(a) ? 1 : (b) ? 2 : ... 8"
const chain = (conditions) => conditions.map((c, i) => `(${c}) ? ${i + 1} : `).join("") + "8";

async function zen() {
  const {evaluateExpressionSync} = await import("@gorules/zen-engine");
  const text = chain(tiers.map((t) => t.replaceAll("&&", "and").replaceAll("||", "or").replaceAll("1e6", "1000000")));
  return async () => rows.map((row) => evaluateExpressionSync(text, row));
}

async function cel() {
  const {Environment} = await import("@marcbachmann/cel-js");
  const environment = new Environment();
  for (const name of Object.keys(rows[0])) environment.registerVariable(name, "dyn");
  const run = environment.parse(chain(tiers.map((t) => t.replaceAll("1e6", "1000000.0"))));
  return async () => rows.map((row) => Number(run(row)));
}

async function rules() {
  const {Engine} = await import("json-rules-engine");
  const is = (fact, operator, value) => ({fact, operator, value});
  const least = "greaterThanInclusive", most = "lessThanInclusive";
  const conditions = [
    {all: [is("monetary", least, 1e6), is("tenure", least, 3), is("endorses", "equal", true)]},
    {all: [is("recency", most, 30), is("frequency", least, 12), is("monetary", least, 50000),
           {any: [is("nps", "equal", null), is("nps", least, 9)]}]},
    {all: [is("recency", most, 60), is("frequency", least, 6), is("monetary", least, 10000)]},
    {all: [is("frequency", "lessThan", 3), is("monetary", least, 10000), is("recency", most, 180)]},
    {all: [is("recency", "greaterThan", 180), is("monetary", least, 5000)]},
    {all: [is("complaint", "equal", true), is("monetary", least, 1000)]},
    {all: [is("recency", most, 30), is("region", "in", ["r0", "r8", "r13", "r17", "r20"])]},
  ];
  const made = new Engine();
  conditions.forEach((c, i) => made.addRule({conditions: c, priority: 100 - i, event: {type: "tier", params: {tier: i + 1}}}));
  made.on("success", () => made.stop());
  return async () => {
    const out = [];
    for (const row of rows) {
      const {events} = await made.run(row);
      out.push(events.length > 0 ? events[0].params.tier : 8);
    }
    return out;
  };
}

const run = await {zen, cel, rules}[engine]();
const answer = (found) => {
  const counts = new Array(9).fill(0);
  let places = 0;
  found.forEach((tier, i) => {
    counts[tier]++;
    places += tier * (i % 1009);
  });
  console.log(JSON.stringify([counts, places]));
};
for await (const _ of createInterface({input: process.stdin})) answer(await run());
