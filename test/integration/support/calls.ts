// What an account asked of the API server, from the API server's own audit log, in the words that roles use.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../cluster/session.ts";
import { eventually } from "../../cluster/wait.ts";
import type { Manifest } from "./chart.ts";

export interface Calls {
	/** `verb resource[/subresource].group` */
	made: ReadonlySet<string>;
	/** Those that were answered with 403. */
	forbidden: readonly string[];
}

const text = (verb: string, resource: string, group: string): string =>
	`${verb} ${resource}${group ? `.${group}` : ""}`;

/** Every call of an account up to now: waits until the log, which is written in batches, has reached this moment. */
export const callsOf = async (session: Session, username: string): Promise<Calls> => {
	const file = join(session.plane.folder, "audit.log");
	const mark = `mark-${process.hrtime.bigint()}`;
	await session.kubectl(`get configmap ${mark} -n default`);
	const log = await eventually(
		async () => {
			const written = await readFile(file, "utf8");
			return written.includes(mark) ? written : undefined;
		},
		{ what: "the audit log is written" },
	);
	const made = new Set<string>();
	const forbidden: string[] = [];
	for (const line of log.split("\n").filter(Boolean)) {
		const { user, verb, objectRef, responseStatus, requestURI } = JSON.parse(line);
		if (user?.username !== username || objectRef === undefined) continue;
		const { resource, subresource, apiGroup = "" } = objectRef;
		made.add(text(verb, subresource === undefined ? resource : `${resource}/${subresource}`, apiGroup));
		if (responseStatus?.code === 403) forbidden.push(`${verb} ${requestURI}`);
	}
	return { made, forbidden };
};

/** Everything that a list of roles allows, in the same words. */
export const allowedBy = (roles: readonly Manifest[]): Set<string> =>
	new Set(
		roles
			.flatMap((role) => role["rules"] as { apiGroups: string[]; resources: string[]; verbs: string[] }[])
			.flatMap(({ apiGroups, resources, verbs }) =>
				verbs.flatMap((verb) => resources.flatMap((resource) => apiGroups.map((group) => text(verb, resource, group)))),
			),
	);
