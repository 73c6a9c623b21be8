// Which questions of kubectl are answered without it; that the answers are the same is tried on a real API server
// (test/integration/test-cluster.test.ts).
import t from "tap";
import { questionOf } from "./reader.ts";

const cases = {
	"get cronjob app": { kinds: ["cronjob"], name: "app", namespace: "default" },
	"get cronjob -n team app": { kinds: ["cronjob"], name: "app", namespace: "team" },
	"get cronjob/app -n team": { kinds: ["cronjob"], name: "app", namespace: "team" },
	"get secrets -A": { kinds: ["secrets"] },
	"get cronjobs,configmaps -l a=b": { kinds: ["cronjobs", "configmaps"], namespace: "default", selector: "a=b" },
	"get events --field-selector reason=Updated": {
		kinds: ["events"],
		namespace: "default",
		fieldSelector: "reason=Updated",
	},
};

for (const [args, question] of Object.entries(cases))
	t.test(args, (t) => {
		t.same(questionOf(args.split(" ")), question);
		t.end();
	});

for (const args of ["delete pod a", "get", "get pods a b", "get pods/a b", "get pods --as=writer", "get pods --watch"])
	t.test(`not a question: ${args}`, (t) => {
		t.throws(() => questionOf(args.split(" ")));
		t.end();
	});
