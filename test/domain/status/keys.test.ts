import t from "tap";
import type { IdentityFacts } from "../../../src/domain/facts.ts";
import { type KeysVerdict, keysObservation, keysVerdict } from "../../../src/domain/status/keys.ts";
import { ago, NOW } from "./samples.ts";

type Found = Parameters<typeof keysVerdict>[0];

const found = (presence: Found["presence"], ...messages: string[]): Found => ({
	presence,
	report: {
		errors: messages.map((message) => ({ path: "spec.gpgKeySecretRef", reason: "FieldValueInvalid", message })),
		warnings: [],
	},
});
const identity = (more: Partial<IdentityFacts> = {}): IdentityFacts => ({
	publicKey: "present",
	privateKey: "present",
	passphrase: "present",
	fingerprint: "AB",
	userIds: [],
	...more,
});

const cases: [string, Found, IdentityFacts | undefined, Partial<KeysVerdict> & { reason?: string }][] = [
	["no keys wanted", found("none"), undefined, { type: "none" }],
	["not to be told", found("unknown"), undefined, { type: "unknown" }],
	["to be made", found("toBeMade"), undefined, { type: "create" }],
	[
		"to be made where nothing can be added",
		found("toBeMade", "immutable"),
		undefined,
		{ type: "unusable", reason: "KeysCannotBeMade" },
	],
	["lost", found("lost", "gone"), identity(), { type: "unusable", reason: "KeysLost" }],
	["half", found("partial", "half"), identity(), { type: "unusable", reason: "KeysIncomplete" }],
	["missing", found("missing", "none"), undefined, { type: "unusable", reason: "KeysMissing" }],
	["no pair", found("present", "bad"), identity({ pair: false }), { type: "unusable", reason: "KeysMismatch" }],
	[
		"does not open",
		found("present", "bad"),
		identity({ opens: false }),
		{ type: "unusable", reason: "WrongPassphrase" },
	],
	[
		"other passphrase stored",
		found("present", "bad"),
		identity({ passphraseMatches: false }),
		{ type: "unusable", reason: "WrongPassphrase" },
	],
	[
		"expired",
		found("present", "bad"),
		identity({ canEncrypt: false, expirationTime: ago(1) }),
		{ type: "unusable", reason: "KeyExpired" },
	],
	[
		"cannot encrypt",
		found("present", "bad"),
		identity({ canEncrypt: false, expirationTime: ago(-1) }),
		{ type: "unusable", reason: "CannotEncrypt" },
	],
	[
		"expired, where only restores are asked for",
		found("present"),
		identity({ canEncrypt: false, expirationTime: ago(1) }),
		{
			type: "unusable",
			reason: "KeyExpired",
			message: `Key AB expired at ${ago(1)}, so it encrypts no new backup. Backups that were made before can still be restored`,
			key: { fingerprint: "AB" },
		},
	],
	[
		"expired this moment, after it was looked at",
		found("present"),
		identity({ expirationTime: ago(0) }),
		{ type: "unusable", reason: "KeyExpired" },
	],
	[
		"revoked, where only restores are asked for",
		found("present"),
		{ publicKey: "present", privateKey: "present", passphrase: "present", userIds: [], canEncrypt: false },
		{
			type: "unusable",
			reason: "CannotEncrypt",
			message:
				"Key of unknown fingerprint is revoked, or has no valid subkey, so it encrypts no new backup. Backups that were made before can still be restored",
		},
	],
	["recipient", found("present", "bad"), identity(), { type: "unusable", reason: "KeysUnusable" }],
	["unreadable", found("present", "bad"), undefined, { type: "unusable", reason: "KeysUnusable" }],
	[
		"usable",
		found("present"),
		identity(),
		{ type: "usable", key: { fingerprint: "AB" }, message: "Key AB never expires" },
	],
	[
		"usable until",
		found("present"),
		identity({ expirationTime: ago(-1) }),
		{ type: "usable", message: `Key AB expires at ${ago(-1)}` },
	],
	[
		"usable, not looked at",
		found("present"),
		undefined,
		{ type: "usable", message: "Key of unknown fingerprint never expires" },
	],
];

for (const [name, keys, seen, expected] of cases)
	t.test(name, async (t) => {
		t.match(keysVerdict(keys, seen, NOW), expected);
	});

t.test("what still works is said where the key's age is all that is wrong", async (t) => {
	const old = identity({ canEncrypt: false, expirationTime: ago(1) });
	const promise = /can still be restored$/;
	t.match(keysVerdict(found("present", "cannot encrypt"), old, NOW), { reason: "KeyExpired", message: promise });
	const both = keysVerdict(found("present", "cannot encrypt", "no armor"), old, NOW);
	t.notMatch(both, { message: promise });
});

t.test("a lost key's fingerprint is not what is there now", async (t) => {
	t.notOk("key" in keysVerdict(found("lost", "gone"), identity(), NOW));
});

t.test("the condition", async (t) => {
	t.equal(keysObservation({ type: "none" }), undefined);
	t.match(keysObservation({ type: "usable", key: {}, message: "m" }), {
		type: "KeysUsable",
		status: "True",
		message: "m",
	});
	t.match(keysObservation({ type: "unusable", reason: "R", message: "m" }), { status: "False", reason: "R" });
	t.match(keysObservation({ type: "create" }), { status: "Unknown", reason: "NotMade" });
	t.match(keysObservation({ type: "unknown" }), { status: "Unknown", reason: "NotChecked" });
});

t.test(
	"that earlier backups can still be restored is said only where the key's age is all that is wrong",
	async (t) => {
		const messageOf = (given: Found, seen: IdentityFacts): string => {
			const verdict = keysVerdict(given, seen, NOW);
			return "message" in verdict ? verdict.message : "";
		};
		const words = /Backups that were made before can still be restored$/;
		const old = identity({ canEncrypt: false, expirationTime: ago(5) });
		t.match(messageOf(found("present", "it is expired"), old), words);
		t.match(messageOf(found("present", "it is revoked"), identity({ canEncrypt: false })), words);
		t.notMatch(messageOf(found("present", "it is expired", "and more"), old), words);
		t.notMatch(messageOf(found("present", "no pair"), identity({ pair: false })), words);
		t.notMatch(messageOf(found("present", "bad"), identity()), words);
	},
);
