import t from "tap";
import { boundedName, isDns1123Label, isDns1123Subdomain, isLabelValue, labelValue } from "../../src/domain/names.ts";
import fc from "../property.ts";

const ANY_TEXT = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
const LONG = "a-name-that-is-longer-than-what-a-cronjob-may-have-by-far";

t.test("names that fit stay, others are cut and end in a hash", async (test) => {
	const table: [string, string, number, string | RegExp][] = [
		["fits", "app1", 52, "app1"],
		["fits with dots", "app1.prod", 52, "app1.prod"],
		["exactly the limit", "a".repeat(52), 52, "a".repeat(52)],
		["too long", LONG, 52, /^a-name-that-is-longer-than-what-a-cronjob-[0-9a-f]{10}$/],
		["cut behind a dash", `${"a".repeat(40)}-${"b".repeat(40)}`, 52, /^a{40}-[0-9a-f]{10}$/],
		["upper case and signs", "My_App!", 52, /^my-app-[0-9a-f]{10}$/],
		["dots in a row", "a.-.b", 52, /^a\.b-[0-9a-f]{10}$/],
		["nothing usable", "!!!", 52, /^[0-9a-f]{10}$/],
		["empty", "", 52, /^[0-9a-f]{10}$/],
	];
	for (const [name, given, limit, wanted] of table) {
		const found = boundedName(given, limit);
		if (typeof wanted === "string") test.equal(found, wanted, name);
		else test.match(found, wanted, name);
	}
	test.not(boundedName(`${LONG}1`, 52), boundedName(`${LONG}2`, 52), "other names, other hashes");
});

t.test("any text becomes a valid name and a valid label value within its limit", async (test) => {
	fc.assert(
		fc.property(ANY_TEXT, fc.integer({ min: 12, max: 253 }), (text, limit) => {
			const name = boundedName(text, limit);
			return isDns1123Subdomain(name) && name.length <= limit && isLabelValue(labelValue(text));
		}),
	);
	fc.assert(fc.property(fc.stringMatching(/^[-.a-z]{0,80}$/), (text) => isDns1123Subdomain(boundedName(text, 63))));
	test.pass();
});

t.test("label values", async (test) => {
	test.equal(labelValue(""), "");
	test.equal(labelValue("App_1.x"), "App_1.x");
	test.match(labelValue("a".repeat(64)), /^a{52}-[0-9a-f]{10}$/);
	test.match(labelValue("a b"), /^a-b-[0-9a-f]{10}$/);
});

t.test("DNS-1123", async (test) => {
	for (const name of ["a", "a-b", "a.b", "1", "a".repeat(253)]) test.ok(isDns1123Subdomain(name), name.slice(0, 9));
	for (const name of ["", "A", "-a", "a-", "a..b", ".a", "a_b", "a".repeat(254)]) {
		test.notOk(isDns1123Subdomain(name), name.slice(0, 9));
	}
	test.ok(isDns1123Label("a-1"));
	for (const name of ["a.b", "", "a".repeat(64)]) test.notOk(isDns1123Label(name), name.slice(0, 9));
});
