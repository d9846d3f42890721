// The rule engines of npm in benchmarks/engine_race.py: orders come one by one, the host keeps what they add up to for
// each customer, and the engine says her tier after each. One process for each, a run for each line on standard input.
//
//   node engine_race.mjs ENGINE orders.json     the packages stand in node_modules beside this file's copy
import {readFileSync} from "node:fs";
import {createInterface} from "node:readline";

const [engine, file] = process.argv.slice(2);
const {customers, amounts, money} = JSON.parse(readFileSync(file, "utf8"));
const TIERS = [8, 7, 6, 5, 4, 3, 2];

// {spend, orders} => tier, by a decision table whose first row that fits counts
async function zen_table() {
  const {ZenEngine} = await import("@gorules/zen-engine");
  const rules = [...TIERS.map((n) => ({_id: `r${n}`, s: `>= ${(n - 1) * money}`, o: `>= ${n - 1}`, t: `${n}`})),
                 {_id: "r1", s: "", o: "", t: "1"}];
  const table = {
    nodes: [
      {id: "in", name: "in", type: "inputNode", position: {x: 0, y: 0}},
      {id: "tiers", name: "tiers", type: "decisionTableNode", position: {x: 1, y: 0}, content: {
        hitPolicy: "first", rules,
        inputs: [{id: "s", name: "spend", field: "spend"}, {id: "o", name: "orders", field: "orders"}],
        outputs: [{id: "t", name: "tier", field: "tier"}]}},
      {id: "out", name: "out", type: "outputNode", position: {x: 2, y: 0}}],
    edges: [{id: "a", sourceId: "in", targetId: "tiers", type: "edge"},
            {id: "b", sourceId: "tiers", targetId: "out", type: "edge"}],
  };
  const decision = new ZenEngine().createDecision(table);
  return async (facts) => (await decision.evaluate(facts)).result.tier;
}

// the same by one expression
async function zen() {
  const {evaluateExpressionSync} = await import("@gorules/zen-engine");
  const tiers = TIERS.map((n) => `(spend >= ${(n - 1) * money} and orders >= ${n - 1}) ? ${n} : `).join("") + "1";
  return (facts) => evaluateExpressionSync(tiers, facts);
}

async function rules() {
  const {Engine} = await import("json-rules-engine");
  const is = (fact, value) => ({fact, operator: "greaterThanInclusive", value});
  const made = new Engine();
  for (const n of TIERS) {
    made.addRule({conditions: {all: [is("spend", (n - 1) * money), is("orders", n - 1)]}, priority: 100 + n,
                  event: {type: "tier", params: {tier: n}}});
  }
  made.on("success", () => made.stop());
  return async (facts) => {
    const {events} = await made.run(facts);
    return events.length > 0 ? events[0].params.tier : 1;
  };
}

const tier_of = await {zen, zen_table, rules}[engine]();
async function run() {
  const known = new Map();
  for (let i = 0; i < customers.length; i++) {
    let one = known.get(customers[i]);
    if (one === undefined) known.set(customers[i], (one = {spend: 0, orders: 0, tier: 0, moves: 0}));
    one.spend += amounts[i];
    one.orders++;
    const answer = tier_of(one);
    const tier = answer instanceof Promise ? await answer : answer;
    if (tier !== one.tier) one.moves++;
    one.tier = tier;
  }
  return known;
}

// How many are in each tier, a sum over who is, and how often somebody moved.
const answer = (known) => {
  const counts = new Array(9).fill(0);
  let places = 0, moves = 0;
  for (const [customer, one] of known) {
    counts[one.tier]++;
    places += one.tier * (customer % 1009);
    moves += one.moves;
  }
  console.log(JSON.stringify([counts, places, moves]));
};
for await (const _ of createInterface({input: process.stdin})) answer(await run());
