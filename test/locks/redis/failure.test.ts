import t from "tap";
import { failureWord } from "../../../src/locks/redis/failure.ts";

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code });

const rows: [error: unknown, word: string][] = [
	[new Error("WRONGPASS invalid username-password pair or user is disabled."), "WRONGPASS"],
	[new Error("NOAUTH Authentication required."), "NOAUTH"],
	[new Error("READONLY You can't write against a read only replica. script: 5f, on @user_script:1."), "READONLY"],
	[coded("connect ECONNREFUSED 127.0.0.1:6379", "ECONNREFUSED"), "ECONNREFUSED"],
	[coded("connect ETIMEDOUT", "ETIMEDOUT"), "ETIMEDOUT"],
	[
		coded("unable to verify the first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
		"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	],
	[new Error("Command timed out"), "no answer in time"],
	[new Error("Socket timeout. Expecting data, but didn't receive any in 3ms."), "no answer in time"],
	[new Error("Stream isn't writeable and enableOfflineQueue options is false"), "not connected"],
	[new Error("Connection is closed."), "not connected"],
	[new Error("Reached the max retries per request limit (which is 0)."), "not connected"],
	[new Error("All sentinels are unreachable. Retrying from scratch after 10ms."), "no sentinel knows a master"],
	[new Error("hunter2 is no password"), "failed"],
	[new Error("HUNTER2isapassword and more"), "failed"],
	[coded("x", "not a code"), "failed"],
	["text", "failed"],
	[undefined, "failed"],
];
for (const [error, word] of rows)
	t.test(`${error}`, (t) => {
		t.equal(failureWord(error), word);
		t.end();
	});
