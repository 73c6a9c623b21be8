// With --webhook-client-ca-file only who shows a certificate of that authority is answered, in both versions of HTTP, and
// also after the server's own certificate was changed.
import { randomBytes } from "node:crypto";
import { Agent } from "node:https";
import t from "tap";
import { createAuthority, issueServingCertificate } from "../../certs/authority.ts";
import { changeCertificate } from "../../webhooks/server.ts";
import { clientCertificate } from "../certs/client.ts";
import { postHttp1, postHttp2 } from "./calls.ts";
import { listening, other, tls } from "./served.ts";

const world = { now: new Date(), randomBytes, validSeconds: 3600 };
const trusted = await createAuthority("clients", world);
const stranger = await createAuthority("clients", world);

const clients = {
	"its own authority's": { ...clientCertificate(trusted, "kube-apiserver"), served: true },
	"another authority's of the same name": { ...clientCertificate(stranger, "kube-apiserver"), served: false },
	"a server's, of its own authority": {
		...(await issueServingCertificate(trusted, ["a.example"], world)),
		served: false,
	},
	none: { certificate: undefined, key: undefined, served: false },
};

for (const [name, { certificate: cert, key, served }] of Object.entries(clients))
	t.test(`a client's certificate: ${name}`, async (t) => {
		let asked = 0;
		const { app, url } = await listening(t, {
			clientAuthority: trusted.certificate,
			decide: async () => {
				asked += 1;
				return { allowed: true, warnings: [] };
			},
		});
		const credentials = cert === undefined || key === undefined ? {} : { cert, key };
		const ask = async (authority: string): Promise<boolean[]> => {
			const agent = new Agent({ ...credentials, ca: authority });
			t.teardown(() => agent.destroy());
			const calls = [postHttp2(url, authority, credentials).then(({ body }) => body), postHttp1(url, agent)];
			// A connection that was ended may be an empty answer to the client, and an error.
			return (await Promise.allSettled(calls)).map(
				(call) => call.status === "fulfilled" && call.value.includes('"allowed":true'),
			);
		};
		t.same(await ask(tls.authority), [served, served], "HTTP/2 and HTTP/1.1");
		changeCertificate(app, other, trusted.certificate);
		t.same(await ask(other.authority), [served, served], "with another certificate of the server");
		t.equal(asked, served ? 4 : 0, "reviews that were begun");
	});
