// Calls the webhook server as nobody should: not the API server, and with bodies that are no reviews.
import { request } from "node:https";

/** Posts a text to the webhook server of this machine and answers what comes back. */
export const postTo = (port: number, path: string, body: string, type = "application/json"): Promise<string> =>
	new Promise((resolve, reject) => {
		const headers = { "content-type": type };
		const options = { host: "127.0.0.1", port, path, method: "POST", rejectUnauthorized: false, headers };
		const sent = request(options, (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", (chunk) => chunks.push(chunk));
			answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
		});
		sent.on("error", reject);
		sent.end(body);
	});
