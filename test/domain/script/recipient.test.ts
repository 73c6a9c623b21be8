// Whether gpg finds a key by what stands in `Repository.recipient`.
import t from "tap";
import { recipientMatches } from "../../../src/domain/script/recipient.ts";

const USER_IDS = [
	"Backup <test@riotkit.org>",
	"plain@example.org",
	"App One (nightly) <App1@Example.org>",
	"No Address",
];
const FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";

const CASES: { name: string; recipient: string; matches: boolean }[] = [
	{ name: "the address in angle brackets", recipient: "test@riotkit.org", matches: true },
	{ name: "without regard to case", recipient: "TEST@RiotKit.org", matches: true },
	{ name: "an upper-case user ID", recipient: "app1@example.org", matches: true },
	{ name: "with its own angle brackets", recipient: "<test@riotkit.org>", matches: true },
	{ name: "a user ID that is an address alone", recipient: "plain@example.org", matches: true },
	{ name: "white space around it", recipient: " test@riotkit.org\n", matches: true },
	{ name: "part of an address", recipient: "est@riotkit.org", matches: false },
	{ name: "another domain", recipient: "test@riotkit.com", matches: false },
	{ name: "a longer domain", recipient: "test@riotkit.org.evil.example", matches: false },
	{ name: "a whole user ID", recipient: "Backup <test@riotkit.org>", matches: true },
	{ name: "part of a name", recipient: "app one", matches: true },
	{ name: "another name", recipient: "App Two", matches: false },
	{ name: "nothing", recipient: " ", matches: false },
	{ name: "the fingerprint", recipient: FINGERPRINT, matches: true },
	{ name: "the fingerprint in groups", recipient: "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567", matches: true },
	{ name: "the long key ID", recipient: "0x89abcdef01234567", matches: true },
	{ name: "the short key ID, and no other key", recipient: "01234567!", matches: true },
	{ name: "another key ID", recipient: "0xDEADBEEF", matches: false },
];

t.test("with the fingerprint", async (t) => {
	for (const { name, recipient, matches } of CASES) {
		t.equal(recipientMatches(recipient, USER_IDS, FINGERPRINT), matches, name);
	}
});

t.test("a key ID finds nothing where the fingerprint is unknown", async (t) => {
	t.notOk(recipientMatches(FINGERPRINT, USER_IDS));
	t.notOk(recipientMatches("test@riotkit.org", []));
});
