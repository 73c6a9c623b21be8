// Which keys hold secrets, by their names alone.
import t from "tap";
import { isSecretKey } from "../../../src/domain/vars/secret-keys.ts";

const secret = [
	"password",
	"dbPassword2",
	"DB_PASSWORD",
	"access-key",
	"apiKeys",
	// A short word counts alone only, whatever separates it from the others.
	"pass",
	"dbPass",
	"db_pass",
	"DB-PWD",
	"simPin",
	"aws2Credentials",
];
const plain = ["bypass", "compass", "spin", "passwordFile", "secretName", "tokens.csv", "key", "monkey", "", "12"];

for (const key of secret) t.test(`"${key}" holds a secret`, async (t) => t.equal(isSecretKey(key), true));
for (const key of plain) t.test(`"${key}" does not`, async (t) => t.equal(isSecretKey(key), false));
