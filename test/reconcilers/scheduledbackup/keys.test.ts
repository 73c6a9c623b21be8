import t from "tap";
import { createKeys, userIdsFor } from "../../../reconcilers/scheduledbackup/keys.ts";
import type { Context, GenerateIdentity } from "../../../reconcilers/shared/context.ts";
import { SECRET } from "../../../src/api/kinds.ts";
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

const setUp = (data?: Record<string, string>) => {
	const world = createWorld();
	const requests: Parameters<GenerateIdentity>[0][] = [];
	const generateIdentity: GenerateIdentity = async (request) => {
		requests.push(request);
		return { publicKey: "PUBLIC", privateKey: "PRIVATE", fingerprint: "AB12" };
	};
	if (data !== undefined) world.put(SECRET, { metadata: { namespace: "default", name: "keys" }, data });
	const context = {
		kube: world.kube,
		generateIdentity,
		now: () => NOW,
		randomBytes: (size: number) => new Uint8Array(size),
	};
	const create = (passphrase: BackupPlan["passphrase"], more: Partial<BackupPlan> = {}) =>
		createKeys(
			context as unknown as Context,
			{
				scheduledBackup: scheduledBackup(undefined, { gpgKeySecretRef }),
				passphrase,
				...more,
			} as BackupPlan,
		);
	return { world, requests, create, stored: () => world.get(SECRET, "keys") };
};

t.test("a new Secret, owned by nobody, with a random passphrase where none is given", async (t) => {
	const { create, stored, requests } = setUp();
	t.strictSame(await create(undefined), { type: "made", fingerprint: "AB12" });
	const secret = stored();
	t.equal(secret?.metadata?.ownerReferences, undefined);
	t.match(secret?.metadata?.annotations, {
		"riotkit.org/gpg-fingerprint": "AB12",
		"riotkit.org/e-mail": "a@example.org",
	});
	t.match(secret?.metadata?.labels, { "riotkit.org/type": "GPGSecret" });
	t.equal(decode(secret?.data?.["passphrase"]), requests[0]?.passphrase);
	t.equal(requests[0]?.passphrase.length, 43);
	t.equal(decode(secret?.data?.["key"]), "PRIVATE");
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
	t.match(await create("two\nlines"), { type: "refused", reason: "PassphraseUnusable" });
	const nobody = scheduledBackup(undefined, { gpgKeySecretRef: { ...gpgKeySecretRef, email: undefined } });
	t.match(await create("p", { scheduledBackup: nobody }), { type: "refused", reason: "NoUserId" });
	t.strictSame(requests, []);
});

t.test("each address once", async (t) => {
	t.strictSame(userIdsFor("a@b.c", "A@b.c"), ["a@b.c"]);
	t.strictSame(userIdsFor(undefined, "r@b.c"), ["r@b.c"]);
	t.strictSame(userIdsFor("", ""), []);
});
