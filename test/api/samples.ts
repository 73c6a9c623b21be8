// For each CEL rule of the CRDs values that it lets pass and values that it refuses. The unit test puts them to our twins,
// the cluster test to the API server.

/** By twin: values that the rule accepts and values that it refuses. Missing and mistyped ones are others' mistakes. */
export const samples: Readonly<Record<string, { accepts: unknown[]; refuses: unknown[] }>> = {
	tokenKeyIsItsOwn: {
		accepts: [
			{},
			{ tokenSecretRef: { secretName: "a", tokenKey: "key" } },
			{ tokenSecretRef: { secretName: "a", tokenKey: "key" }, gpgKeySecretRef: { secretName: "b", privateKey: "key" } },
			{
				tokenSecretRef: { secretName: "a", tokenKey: "token" },
				gpgKeySecretRef: { secretName: "a", privateKey: "key" },
			},
		],
		refuses: ["privateKey", "publicKey", "passphraseKey"].map((name) => ({
			tokenSecretRef: { secretName: "a", tokenKey: "x" },
			gpgKeySecretRef: { secretName: "a", [name]: "x" },
		})),
	},
	scheduleHasNoTimeZone: { accepts: ["0 0 * * *", 5], refuses: ["TZ=UTC 0 0 * * *", "CRON_TZ=UTC 0 0 * * *"] },
	scheduleHasFiveFields: {
		accepts: ["00 02 * * *", " 1\t2 * * MON-FRI\n", "@daily", "@every 90m", "TZ=UTC 1", "", 5],
		refuses: ["1 2 3", "1 2 3 4 5 6", "@reboot", "@every", "@daily ", "@ 2 3 4 5", "1\u00a02 3 4 5", "@every \n"],
	},
	timeZoneIsNotLocal: { accepts: ["Etc/UTC", "Europe/Warsaw", 5], refuses: ["Local", "local", "LOCAL"] },
	collectionHasNoControlCharacters: {
		accepts: ["1111-2222", "zażółć gęślą/jaźń 1", "", 5],
		refuses: ["a\nb", "a\tb", "\u0000", "a\u007f", "\u0085", "\u001b[31m"],
	},
	createdKeyHasEmail: {
		accepts: [{}, { createIfNotExists: false }, { createIfNotExists: true, email: "a@b" }],
		refuses: [{ createIfNotExists: true }, { createIfNotExists: true, email: "" }],
	},
	createdKeyEmailIsOne: {
		accepts: [
			{ createIfNotExists: true },
			{ createIfNotExists: false, email: "x" },
			{ createIfNotExists: true, email: "a@b" },
			{ createIfNotExists: true, email: "jürgen@example.org" },
		],
		refuses: ["x", "a@", "@b", "a b@c", "a <a@b>", "a@b@c", "a\\@b", "a@b\n", 'a"@b'].map((email) => ({
			createIfNotExists: true,
			email,
		})),
	},
	publicKeyIsItsOwn: {
		accepts: [{}, { privateKey: "a", publicKey: "b" }],
		refuses: [{ privateKey: "a", publicKey: "a" }],
	},
	passphraseKeyIsItsOwn: {
		accepts: [{}, { privateKey: "a", publicKey: "b", passphraseKey: "c" }],
		refuses: [
			{ privateKey: "a", passphraseKey: "a" },
			{ publicKey: "a", passphraseKey: "a" },
		],
	},
	pathHasNoForbiddenSegment: {
		accepts: ["Params.password", "constructors.a", "x__proto__", 5],
		refuses: ["__proto__", "a.constructor", "prototype.b", "a.__proto__.b"],
	},
	onlyRestoreHasVersion: {
		accepts: [{ action: "backup" }, { action: "restore", targetVersion: "v1" }, { targetVersion: "v1" }],
		refuses: [{ action: "backup", targetVersion: "v1" }],
	},
	imageIsReference: {
		accepts: ["tools", "a.b:5000/c/d__e:v1.2-x", `[::1]:5000/a@sha256:${"0".repeat(64)}`, "localhost/a---b", "", 5],
		refuses: [
			"a b",
			"a:",
			"A",
			"a/B",
			"http://a/b",
			"a:b:c",
			`a:${"t".repeat(129)}`,
			"a@sha256:00",
			"-a",
			"a\n",
			"ä",
			"/a",
		],
	},
	templateHasScript: {
		accepts: [{ backup: "a", restore: "" }, { backup: "", restore: "a" }, {}],
		refuses: [{ backup: "", restore: "" }],
	},
};
