// Warnings that only a combination of fields gives rise to: each half alone is fine.
import t from "tap";
import { retryWarnings } from "../../src/domain/warnings.ts";
import { plainBackup } from "../fixtures/seed.ts";

const cronJob = { scheduleEvery: "@daily" };
const rows: [name: string, spec: object, backoffLimit: number | undefined, warned: boolean][] = [
	["a scheduled restore that is tried again", { operation: "restore", cronJob }, 1, true],
	["a scheduled restore that is not", { operation: "restore", cronJob }, 0, false],
	["a scheduled restore where nothing is said", { operation: "restore", cronJob }, undefined, false],
	["a scheduled backup that is tried again", { operation: "backup", cronJob }, 1, false],
	["a restore without a schedule", { operation: "restore", cronJob: undefined }, 1, false],
];
for (const [name, spec, backoffLimit, warned] of rows)
	t.test(name, async (t) => {
		const object = plainBackup();
		const options = backoffLimit === undefined ? {} : { backoffLimit };
		const report = retryWarnings({ ...object, spec: { ...object.spec, ...spec } as typeof object.spec }, options);
		t.same(report, {
			errors: [],
			warnings: warned
				? ["HelmValues.backoffLimit: a scheduled restore that fails half way is tried again; 0 leaves it to you"]
				: [],
		});
	});
