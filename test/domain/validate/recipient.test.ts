// Whether `gpg --recipient` would find the key.
import t from "tap";
import { isEmail, recipientMatches } from "../../../src/domain/validate/recipient.ts";

const userIds = ["backup <example@example.org>", "plain@example.org"];
const fingerprint = "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333";

const rows: [string, boolean][] = [
	["example@example.org", true],
	["EXAMPLE@example.org", true],
	["backup", true],
	["other@example.org", false],
	["<example@example.org>", true],
	["<example@example.or>", false],
	["<plain@example.org", true],
	["@example.org", true],
	["@other.org", false],
	["=backup <example@example.org>", true],
	["=backup", false],
	["*BACK", true],
	["22223333", true],
	["0x0000111122223333", true],
	["AAAABBBBCCCCDDDDEEEEFFFF0000111122223333!", true],
	["11112222", false],
];

t.test("recipients", async (t) => {
	for (const [recipient, found] of rows) t.equal(recipientMatches(recipient, userIds, fingerprint), found, recipient);
	t.equal(recipientMatches("22223333", userIds, undefined), false);
});

t.test("addresses", async (t) => {
	for (const text of ["a@b", "a.b+c@d.example.org"]) t.ok(isEmail(text), text);
	for (const text of ["", "a", "a@", "@b", "a b@c", "A <a@b>", "a@b@c"]) t.notOk(isEmail(text), text);
});
