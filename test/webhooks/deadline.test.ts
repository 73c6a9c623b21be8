// When a review has been answered because its time was over, nothing of it goes on: neither calls to the API server nor our
// own work.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pino } from "pino";
import t from "tap";
import { makeServingCertificate } from "../../certs/serving.ts";
import { createKube, endingWith } from "../../src/kube/client.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { admit } from "../../webhooks/admit.ts";
import { untilAborted } from "../../webhooks/deadline.ts";
import { liveReferences } from "../../webhooks/references.ts";
import type { AdmissionObservation } from "../../webhooks/server.ts";
import { buildServer } from "../../webhooks/server.ts";
import { eventually } from "../cluster/wait.ts";
import { json, startServer } from "../kube/fixtures/server.ts";
import { reviewWith } from "./calls.ts";
import { admissionOf, emptyWorld, scheduledBackupOf } from "./world.ts";

t.test("calls that are under way are cut, and no more are made", async (t) => {
	const server = await startServer();
	t.teardown(() => server.close());
	let cut = 0;
	const allCut = new Promise<void>((resolve) => {
		// Secrets and rights are never answered; everything else does not exist.
		server.answer(({ path }, response) => {
			if (!/secrets|subjectaccessreviews/.test(path))
				return json(response, 404, { kind: "Status", reason: "NotFound" });
			response.once("close", () => {
				cut += 1;
				// The Secret, and the right to read it.
				if (cut === 2) resolve();
			});
		});
	});
	const transport = await createTransport({
		kubeconfig: join(t.testdir({ kubeconfig: server.kubeconfig({ token: "t" }) }), "kubeconfig"),
	});
	t.teardown(() => transport.close());
	const tls = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
	const failures: unknown[] = [];
	const observed: string[] = [];
	const failed = new Promise<void>((resolve) => {
		const app = buildServer({
			tls,
			clientAuthority: undefined,
			logger: pino({ level: "silent" }),
			handlerDeadlineMilliseconds: 1000,
			observe: ({ verdict }: AdmissionObservation) => {
				observed.push(verdict);
				resolve();
			},
			decide: async (phase, request, signal) => {
				const kube = createKube(endingWith(transport, signal));
				const admission = { ...admissionOf(emptyWorld()), references: liveReferences(kube) };
				const access = (question: Parameters<typeof kube.accessReview>[0]) => kube.accessReview(question);
				try {
					return await admit(untilAborted({ ...admission, access }, signal), phase, request);
				} catch (error) {
					failures.push(error);
					throw error;
				}
			},
		});
		t.teardown(() => app.close());
		const object = scheduledBackupOf("app1", {
			varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a"] },
		});
		const headers = { "content-type": "application/json" };
		const payload = JSON.stringify(reviewWith({ object }));
		void app.inject({ method: "POST", url: "/validate", headers, payload }).then((answer) => {
			t.equal(answer.statusCode, 500);
			t.match(answer.json(), { message: "backup-maker-controller could not check the object in time; try again" });
		});
	});
	await failed;
	// The answer does not wait for what it ends.
	await eventually(() => failures.length > 0, { what: "the decision has ended" });
	t.match(failures, [{ message: /stopped/ }]);
	t.same(observed, ["error"], "counted once");
	await allCut;
	t.equal(server.seen.filter(({ path }) => /secrets|subjectaccessreviews/.test(path)).length, 2, "each was asked once");
});

t.test("turns and looks at keys end with the signal", async (t) => {
	const controller = new AbortController();
	const world = emptyWorld();
	const admission = untilAborted(admissionOf(world), controller.signal);
	await admission.turn();
	t.equal((await admission.inspector.inspectPublicKey("x")).material, "notArmored");
	t.equal(await admission.inspector.inspectPrivateKey("x"), "notArmored");
	const nothing = { publicKey: "", privateKey: "", passphrase: undefined };
	t.same(await admission.inspector.inspectPair(nothing), { pair: false, opens: false });
	controller.abort(new Error("over"));
	await t.rejects(admission.turn(), { message: "over" });
	await t.rejects(admission.inspector.inspectPublicKey("x"), { message: "over" });
	await t.rejects(admission.inspector.inspectPrivateKey("x"), { message: "over" });
	await t.rejects(admission.inspector.inspectPair(nothing), { message: "over" });
});
