import t from "tap";
import { createKeys, type KeyDoings, userIdsFor } from "../../../reconcilers/scheduledbackup/keys.ts";
import type { Context, GenerateIdentity } from "../../../reconcilers/shared/context.ts";
import { SCHEDULED_BACKUP, SECRET } from "../../../src/api/kinds.ts";
import type { KubernetesObject } from "../../../src/api/kubernetes.ts";
import type { BackupPlan } from "../../../src/domain/plan.ts";
import { SecretValue } from "../../../src/template/value.ts";
import { NOW, scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

const gpgKeySecretRef = {
	secretName: "keys",
	email: "a@example.org",
	createIfNotExists: true,
	privateKey: "key",
	publicKey: "key.pub",
	passphraseKey: "passphrase",
};
const encode = (text: string): string => Buffer.from(text).toString("base64");
const decode = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString();

/** @param filling every byte of the random source. */
const setUp = (data?: Record<string, string>, filling = 0) => {
	const world = createWorld();
	const requests: Parameters<GenerateIdentity>[0][] = [];
	const told: KubernetesObject[] = [];
	const generateIdentity: GenerateIdentity = async (request) => {
		requests.push(request);
		return { publicKey: "PUBLIC", privateKey: "PRIVATE", fingerprint: "AB12" };
	};
	if (data !== undefined) world.put(SECRET, { metadata: { namespace: "default", name: "keys" }, data });
	const context = {
		kube: world.kube,
		generateIdentity,
		now: () => NOW,
		watches: {
			scheduledBackups: { wrote: () => undefined },
			secrets: { created: (secret: KubernetesObject) => void told.push(secret) },
		},
		randomBytes: (size: number) => new Uint8Array(size).fill(filling),
	};
	const object = world.put(SCHEDULED_BACKUP, scheduledBackup(undefined, { gpgKeySecretRef }));
	const { name = "" } = object.metadata;
	const doings: KeyDoings = { stored: undefined, madeKey: undefined };
	const create = (passphrase: BackupPlan["passphrase"], more: Partial<BackupPlan> = {}) =>
		createKeys(context as unknown as Context, { scheduledBackup: object, passphrase, ...more } as BackupPlan, doings);
	const change = (changes: object) =>
		world.kube.patch(SCHEDULED_BACKUP, { name }, changes, { uid: object.metadata.uid ?? "" });
	const gpgKey = () => world.get(SCHEDULED_BACKUP, name)?.status?.gpgKey;
	return { world, requests, told, create, doings, change, gpgKey, object, stored: () => world.get(SECRET, "keys") };
};

t.test("a new Secret, owned by nobody, with a random passphrase where none is given", async (t) => {
	const { create, stored, requests, told } = setUp();
	t.strictSame(await create(undefined), { type: "made", fingerprint: "AB12", recorded: true });
	const secret = stored();
	t.match(told, [{ metadata: { namespace: "default", name: "keys", uid: secret?.metadata?.uid } }]);
	t.strictSame(Object.keys(told[0] ?? {}), ["apiVersion", "kind", "metadata"], "nothing of its content is kept");
	t.equal(secret?.metadata?.ownerReferences, undefined);
	t.match(secret?.metadata?.annotations, {
		"riotkit.org/gpg-fingerprint": '{"key":"AB12"}',
		"riotkit.org/e-mail": "a@example.org",
	});
	t.match(secret?.metadata?.labels, { "riotkit.org/type": "GPGSecret" });
	t.equal(decode(secret?.data?.["passphrase"]), requests[0]?.passphrase);
	t.equal(requests[0]?.passphrase.length, 43);
	t.equal(decode(secret?.data?.["key"]), "PRIVATE");
});

t.test("a random passphrase is never taken for an option of gpg, whatever the random bytes are", async (t) => {
	for (let filling = 0; filling < 256; filling += 1) {
		const { create, stored } = setUp(undefined, filling);
		await create(undefined);
		t.match(decode(stored()?.data?.["passphrase"]), /^[A-Za-z0-9][\w-]{42}$/, `bytes of ${filling}`);
	}
});

t.test("keys are added to a Secret without touching what is there", async (t) => {
	const { create, stored, requests } = setUp({ token: encode("t"), "Repository.passphrase": encode("from vars") });
	await create(new SecretValue("Repository.passphrase", "keys", "Repository.passphrase"), {
		recipient: "b@example.org",
	});
	t.strictSame(Object.keys(stored()?.data ?? {}).sort(), [
		"Repository.passphrase",
		"key",
		"key.pub",
		"passphrase",
		"token",
	]);
	t.match(requests[0], { passphrase: "from vars", userIds: ["a@example.org", "b@example.org"] });
	t.equal(decode(stored()?.data?.["passphrase"]), "from vars", "always stored under its key");
	t.equal(stored()?.metadata?.uid, "uid-1", "the same Secret");
});

t.test("a recipient of a Secret becomes a user ID too", async (t) => {
	const { create, requests } = setUp({ "Repository.recipient": encode("b@example.org") });
	await create(undefined, { recipient: new SecretValue("Repository.recipient", "keys", "Repository.recipient") });
	t.same(requests[0]?.userIds, ["a@example.org", "b@example.org"]);
});

t.test("a Secret that remembers another key gets none", async (t) => {
	const { world, create, requests } = setUp();
	const annotations = { "riotkit.org/gpg-fingerprint": "CD34" };
	world.put(SECRET, { metadata: { namespace: "default", name: "keys", annotations }, data: {} });
	t.strictSame(await create(undefined), { type: "lostRace" });
	t.equal(requests.length, 0);
});

t.test("a stored passphrase is used and not written again", async (t) => {
	const { create, stored, requests } = setUp({ passphrase: encode("stored") });
	await create(new SecretValue("Repository.passphrase", "keys", "passphrase"));
	t.equal(requests[0]?.passphrase, "stored");
	t.equal(decode(stored()?.data?.["passphrase"]), "stored");
});

t.test("a passphrase of another Secret is read there; a literal one is used", async (t) => {
	const { create, world, requests } = setUp();
	world.put(SECRET, { metadata: { namespace: "default", name: "other" }, data: { p: encode("elsewhere") } });
	await create(new SecretValue("Repository.passphrase", "other", "p"));
	t.equal(requests[0]?.passphrase, "elsewhere");
	const literal = setUp();
	await literal.create("plain");
	t.equal(literal.requests[0]?.passphrase, "plain");
});

t.test("no key is made over one that is there, even half of one", async (t) => {
	for (const data of [{ key: encode("x") }, { "key.pub": encode("x") }]) {
		const { create, world, requests } = setUp(data);
		t.strictSame(await create(undefined), { type: "lostRace" });
		t.strictSame([world.writes, requests], [[], []]);
	}
	const empty = setUp({ key: "", "key.pub": "" });
	t.match(await empty.create(undefined), { type: "made" }, "an empty data key is none");
});

t.test("whoever wrote meanwhile wins", async (t) => {
	const { create, world, stored } = setUp();
	const read = world.kube.get;
	world.kube.get = async (kind, key) => {
		try {
			return await read(kind, key);
		} finally {
			world.put(SECRET, { metadata: { namespace: "default", name: "keys" }, data: { key: encode("theirs") } });
		}
	};
	t.strictSame(await create(undefined), { type: "lostRace" });
	t.equal(decode(stored()?.data?.["key"]), "theirs");
});

t.test("what cannot lock a key is refused before one is made", async (t) => {
	const { create, requests } = setUp();
	for (const passphrase of ["", "two\nlines", "two\rlines", "two\0parts"])
		t.strictSame(await create(passphrase), {
			type: "refused",
			reason: "PassphraseUnusable",
			message:
				"A key cannot be made: the passphrase that the pod gets (Repository.passphrase) must be one line that is not empty",
		});
	t.match(await setUp().create("one line, with spaces"), { type: "made" });
	const nobody = scheduledBackup(undefined, { gpgKeySecretRef: { ...gpgKeySecretRef, email: undefined } });
	const none = setUp();
	none.world.put(SCHEDULED_BACKUP, { ...nobody, metadata: none.object.metadata });
	t.strictSame(await none.create("p"), {
		type: "refused",
		reason: "NoUserId",
		message: "A key cannot be made without an address; set spec.gpgKeySecretRef.email",
	});
	t.strictSame(requests, []);
});

t.test("a value that vanished meanwhile is no reason to make up another", async (t) => {
	const cases: [passphrase: BackupPlan["passphrase"], more: Partial<BackupPlan>][] = [
		[new SecretValue("Repository.passphrase", "vars", "p"), {}],
		[new SecretValue("Repository.passphrase", "keys", "Repository.passphrase"), {}],
		["p", { recipient: new SecretValue("Repository.recipient", "keys", "r") }],
	];
	for (const [passphrase, more] of cases) {
		const { create, world, requests } = setUp({ passphrase: encode("stored") });
		t.strictSame(await create(passphrase, more), { type: "lostRace" });
		t.strictSame([world.writes, requests], [[], []]);
	}
	const own = setUp({});
	t.match(await own.create(new SecretValue("Repository.passphrase", "keys", "passphrase")), { type: "made" });
});

t.test("status says what is about to be stored, and then that it is", async (t) => {
	const { create, world, gpgKey, doings } = setUp();
	const seen: unknown[] = [];
	const kubeCreate = world.kube.create;
	world.kube.create = (...request) => {
		seen.push(gpgKey());
		return kubeCreate(...request);
	};
	await create("p");
	t.strictSame(seen, [{ pendingFingerprint: "AB12" }]);
	const found = { fingerprint: "AB12", secretName: "keys", privateKey: "key", publicKey: "key.pub" };
	t.strictSame(gpgKey(), found);
	t.match(doings, { madeKey: "AB12", stored: { status: { gpgKey: found } } });
	t.strictSame(
		world.writes.map((write) => write.split(" ").slice(0, 2).join(" ")),
		["status scheduledbackups", "create secrets", "status scheduledbackups"],
	);
});

t.test("what only the API server knows of the object keeps a key from being made", async (t) => {
	const lost = { status: { gpgKey: { fingerprint: "CD34" } } };
	for (const changes of [
		lost,
		{ metadata: { deletionTimestamp: "2026-03-01T12:00:00Z" } },
		{ spec: { collectionId: "x" } },
	]) {
		const { create, change, stored, requests } = setUp();
		await change(changes);
		t.strictSame(await create("p"), { type: "lostRace" }, JSON.stringify(changes));
		t.strictSame([stored(), requests], [undefined, []]);
	}
	const again = setUp();
	again.world.put(SCHEDULED_BACKUP, scheduledBackup(undefined, { gpgKeySecretRef }));
	again.object.metadata.uid = "another";
	t.strictSame(await again.create("p"), { type: "lostRace" }, "another object of the name");
	const consented = setUp();
	await consented.change({ ...lost, metadata: { annotations: { "riotkit.org/replace-lost-key": "cd34" } } });
	t.match(await consented.create("p"), { type: "made" });
	t.equal(consented.gpgKey()?.fingerprint, "AB12");
	const pending = setUp();
	await pending.change({ status: { gpgKey: { pendingFingerprint: "CD34" } } });
	t.match(await pending.create("p"), { type: "made" }, "one that was about to be stored and never was is not missed");
});

t.test("of two that make a key at once, only one gets past the record", async (t) => {
	const { create, world, change, stored, doings, gpgKey } = setUp();
	const read = world.kube.get;
	world.kube.get = async (kind, key) => {
		if ((kind as { plural: string }).plural === "secrets")
			await change({ status: { gpgKey: { pendingFingerprint: "CD34" } } });
		return read(kind, key);
	};
	t.strictSame(await create("p"), { type: "lostRace" });
	t.strictSame([stored(), doings.madeKey], [undefined, undefined]);
	t.strictSame(gpgKey(), { pendingFingerprint: "CD34" });
});

t.test("a key that is stored is recorded though others write the object, unless they made a key", async (t) => {
	const cases = [
		{ changes: { metadata: { annotations: { mine: "yes" } } }, recorded: true, fingerprint: "AB12" },
		{ changes: { status: { gpgKey: { pendingFingerprint: "CD34" } } }, recorded: false, fingerprint: undefined },
		{ changes: { spec: { collectionId: "x" } }, recorded: false, fingerprint: undefined },
	];
	for (const { changes, recorded, fingerprint } of cases) {
		const { create, world, change, gpgKey, doings } = setUp();
		const kubeCreate = world.kube.create;
		world.kube.create = async (...request) => {
			const made = await kubeCreate(...request);
			await change(changes);
			return made;
		};
		t.strictSame(await create("p"), { type: "made", fingerprint: "AB12", recorded });
		t.equal(gpgKey()?.fingerprint, fingerprint);
		t.equal(doings.madeKey, "AB12", "the Event tells of it in any case");
	}
});

t.test("each identity of a Secret is remembered by its own", async (t) => {
	const annotations = { "riotkit.org/gpg-fingerprint": '{"team":"CD34"}' };
	const { create, world, stored } = setUp();
	world.put(SECRET, { metadata: { namespace: "default", name: "keys", annotations }, data: { team: encode("x") } });
	t.match(await create("p"), { type: "made" });
	t.equal(stored()?.metadata?.annotations?.["riotkit.org/gpg-fingerprint"], '{"team":"CD34","key":"AB12"}');
});

t.test("each address once", async (t) => {
	t.strictSame(userIdsFor("a@b.c", "A@b.c"), ["a@b.c"]);
	t.strictSame(userIdsFor(undefined, "r@b.c"), ["r@b.c"]);
	t.strictSame(userIdsFor("", ""), []);
});

t.test("a record of a key leaves the rest of status as it is", async (t) => {
	const before = { observedGeneration: 1, healthy: true, nextScheduleTime: "2026-03-02T02:00:00Z" };
	const { create, world, change, object } = setUp();
	await change({ status: before });
	const seen: unknown[] = [];
	const kubeCreate = world.kube.create;
	const status = () => world.get(SCHEDULED_BACKUP, object.metadata.name ?? "")?.status;
	world.kube.create = (...request) => {
		seen.push(status());
		return kubeCreate(...request);
	};
	t.match(await create("p"), { type: "made" });
	t.strictSame(seen, [{ ...before, gpgKey: { pendingFingerprint: "AB12" } }]);
	t.strictSame(status(), {
		...before,
		gpgKey: { fingerprint: "AB12", secretName: "keys", privateKey: "key", publicKey: "key.pub" },
	});
});
