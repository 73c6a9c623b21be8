// The message about a flag whose value cannot be used.
import t from "tap";
import { FlagValueError } from "../../src/api/flagvalue.ts";

t.test("flag, value, what was found, what to do", async (t) => {
	const cause = new Error("x");
	const error = new FlagValueError("--certs-dir", "/a\nb", "tls.crt: not found", "create it", cause);
	t.match(error, { name: "FlagValueError", flag: "--certs-dir", cause });
	t.equal(error.message, '--certs-dir: Invalid value: "/a\\nb": tls.crt: not found; create it');
	t.notOk("cause" in new FlagValueError("--a", "b", "c", "d"));
});
