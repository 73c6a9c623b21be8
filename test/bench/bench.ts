// `make bench`: the figures that README and ROADMAP quote, as a table and as JSON. Not a test: machines differ.
//   make bench                          everything
//   make bench ARGS="--only admission --clients 1,10 --objects 1000 --many 10000 --json figures.json"
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { benchAdmission } from "./admission.ts";
import { benchAvailability } from "./availability.ts";
import { benchConvergence } from "./convergence.ts";
import { benchMemory } from "./memory.ts";
import { type Figure, tableOf } from "./report.ts";

const { values } = parseArgs({
	options: {
		only: { type: "string" },
		clients: { type: "string", default: "1,10,50,200" },
		objects: { type: "string", default: "1000" },
		many: { type: "string", default: "10000" },
		json: { type: "string", default: "bench.json" },
	},
});
const benchmarks: Record<string, () => Promise<Figure[]>> = {
	admission: () => benchAdmission(values.clients.split(",").map(Number)),
	convergence: () => benchConvergence(Number(values.objects)),
	memory: () => benchMemory(Number(values.many)),
	availability: () => benchAvailability(),
};
const figures: Figure[] = [];
for (const name of values.only === undefined ? Object.keys(benchmarks) : values.only.split(",")) {
	const benchmark = benchmarks[name];
	if (benchmark === undefined) throw new Error(`no benchmark "${name}": ${Object.keys(benchmarks).join(", ")}`);
	process.stderr.write(`… ${name}\n`);
	figures.push(...(await benchmark()));
}
process.stdout.write(`${tableOf(figures)}\n`);
await writeFile(values.json, `${JSON.stringify(figures, null, "\t")}\n`);
process.stderr.write(`JSON in ${values.json}\n`);
