// The CEL rules of crds/, once more in TypeScript: the mutating webhook and the CLI tell all mistakes at once, where the
// API server stops before CEL as soon as the schema does not hold. A test compares this list with the CRDs, rule by rule.
//
// A twin answers whether the rule holds. A value that is missing or of the wrong type is another check's mistake, so
// each twin looks only at what it needs and lets everything else pass.
import { IMAGE_LIMIT, IMAGE_PATTERN } from "./image.ts";
import { isRecord } from "./schema.ts";

type Twin = (self: unknown, oldSelf: unknown) => boolean;

/** A rule and its twin. The rule text is the key: it is what schema and twin share. */
export interface RuleTwin {
	/** What the rule is called in tests and reviews. */
	readonly name: string;
	/** CEL, as in the CRD. */
	readonly rule: string;
	readonly holds: Twin;
}

const field = (self: unknown, name: string): unknown => (isRecord(self) ? self[name] : undefined);

const text = (self: unknown, name?: string): string | undefined => {
	const value = name === undefined ? self : field(self, name);
	return typeof value === "string" ? value : undefined;
};

const differ = (left: string | undefined, right: string | undefined): boolean => left === undefined || left !== right;

const isEqual = (left: unknown, right: unknown): boolean => {
	if (Array.isArray(left) && Array.isArray(right))
		return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
	if (!isRecord(left) || !isRecord(right)) return left === right;
	const names = Object.keys(left);
	return names.length === Object.keys(right).length && names.every((name) => isEqual(left[name], right[name]));
};

// RE2's \s, which CEL means, is these five; JavaScript's has more.
const E_MAIL = /^[^@<>()",;:\\\t\n\f\r ]+@[^@<>()",;:\\\t\n\f\r ]+$/;
const FIVE_FIELDS = /^[\t\n\f\r ]*[^\t\n\f\r @][^\t\n\f\r ]*([\t\n\f\r ]+[^\t\n\f\r ]+){4}[\t\n\f\r ]*$/;
const DESCRIPTOR = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually|every [^\n]+)$/;
const IMAGE = new RegExp(IMAGE_PATTERN);
const CONTROL_CHARACTER = /\p{Cc}/u;
const FORBIDDEN_SEGMENT = /(^|[.])(__proto__|constructor|prototype)([.]|$)/;

const tokenKeyIsItsOwn: Twin = (self) => {
	const token = field(self, "tokenSecretRef");
	const key = field(self, "gpgKeySecretRef");
	if (differ(text(token, "secretName"), text(key, "secretName"))) return true;
	return ["privateKey", "publicKey", "passphraseKey"].every((name) => differ(text(token, "tokenKey"), text(key, name)));
};

const hasFiveFields: Twin = (self) => {
	const schedule = text(self);
	// Empty text is told by minLength, a time zone by the rule before: one mistake, one message.
	if (schedule === undefined || schedule === "" || schedule.includes("TZ")) return true;
	return DESCRIPTOR.test(schedule) || FIVE_FIELDS.test(schedule);
};

const createdKeyHasEmail: Twin = (self) => {
	if (field(self, "createIfNotExists") !== true) return true;
	const email = field(self, "email");
	return email !== undefined && email !== "";
};

const createdKeyEmailIsOne: Twin = (self) => {
	const email = text(self, "email") ?? "";
	return field(self, "createIfNotExists") !== true || email === "" || E_MAIL.test(email);
};

const passphraseKeyIsItsOwn: Twin = (self) =>
	differ(text(self, "passphraseKey"), text(self, "privateKey")) &&
	differ(text(self, "passphraseKey"), text(self, "publicKey"));

/** Text that is empty or too long is told by the schema. */
const isImage: Twin = (self) => {
	const image = text(self) ?? "";
	return image === "" || image.length > IMAGE_LIMIT || IMAGE.test(image);
};

/** Every CEL rule of crds/*.yaml, in the order of the files. */
export const ruleTwins: readonly RuleTwin[] = [
	{
		name: "tokenKeyIsItsOwn",
		rule: "!has(self.tokenSecretRef) || !has(self.gpgKeySecretRef) || self.tokenSecretRef.secretName != self.gpgKeySecretRef.secretName || !(self.tokenSecretRef.tokenKey in [self.gpgKeySecretRef.privateKey, self.gpgKeySecretRef.publicKey, self.gpgKeySecretRef.passphraseKey])",
		holds: tokenKeyIsItsOwn,
	},
	{
		name: "scheduleHasNoTimeZone",
		rule: "!self.contains('TZ')",
		holds: (self) => !(text(self)?.includes("TZ") ?? false),
	},
	{
		name: "scheduleHasFiveFields",
		rule: String.raw`self.contains('TZ') || self.matches('^@(hourly|daily|midnight|weekly|monthly|yearly|annually|every [^\\n]+)$') || self.matches('^\\s*[^\\s@]\\S*(\\s+\\S+){4}\\s*$')`,
		holds: hasFiveFields,
	},
	{
		name: "timeZoneIsNotLocal",
		rule: "self.lowerAscii() != 'local'",
		holds: (self) => text(self)?.toLowerCase() !== "local",
	},
	{
		name: "collectionHasNoControlCharacters",
		rule: String.raw`!self.matches('\\p{Cc}')`,
		holds: (self) => !CONTROL_CHARACTER.test(text(self) ?? ""),
	},
	{
		name: "createdKeyHasEmail",
		rule: "!self.createIfNotExists || (has(self.email) && self.email != '')",
		holds: createdKeyHasEmail,
	},
	{
		name: "createdKeyEmailIsOne",
		rule: String.raw`!self.createIfNotExists || !has(self.email) || self.email == '' || self.email.matches('^[^@<>()",;:\\\\\\s]+@[^@<>()",;:\\\\\\s]+$')`,
		holds: createdKeyEmailIsOne,
	},
	{
		name: "publicKeyIsItsOwn",
		rule: "self.privateKey != self.publicKey",
		holds: (self) => differ(text(self, "privateKey"), text(self, "publicKey")),
	},
	{
		name: "passphraseKeyIsItsOwn",
		rule: "self.passphraseKey != self.privateKey && self.passphraseKey != self.publicKey",
		holds: passphraseKeyIsItsOwn,
	},
	{
		name: "pathHasNoForbiddenSegment",
		rule: "!self.matches('(^|[.])(__proto__|constructor|prototype)([.]|$)')",
		holds: (self) => !FORBIDDEN_SEGMENT.test(text(self) ?? ""),
	},
	{
		name: "actionIsImmutable",
		rule: "self == oldSelf",
		holds: (self, oldSelf) => oldSelf === undefined || isEqual(self, oldSelf),
	},
	{
		name: "onlyRestoreHasVersion",
		rule: "!has(self.targetVersion) || self.action == 'restore'",
		holds: (self) => field(self, "targetVersion") === undefined || text(self, "action") !== "backup",
	},
	{
		name: "templateHasScript",
		rule: "self.backup != '' || self.restore != ''",
		holds: (self) => text(self, "backup") !== "" || text(self, "restore") !== "",
	},
	{
		name: "imageIsReference",
		rule: `self == '' || self.matches(r'${IMAGE_PATTERN}')`,
		holds: isImage,
	},
];

const twinByRule: ReadonlyMap<string, RuleTwin> = new Map(ruleTwins.map((twin) => [twin.rule, twin]));

/** Whether a CEL rule of our CRDs holds; true for a rule without a twin, which the test of this list does not let be. */
export const ruleHolds = (rule: string, self: unknown, oldSelf: unknown): boolean =>
	twinByRule.get(rule)?.holds(self, oldSelf) ?? true;
