// /healthz and /readyz, in the shape of the API server's own: one line per named check, so that `curl` tells what is
// missing. Ready means synced and serving, not merely listening; alive means that the controllers still turn.
import type { Page, Pages } from "./server.ts";

export interface Check {
	/** `watch ScheduledBackup`, `webhook listening` … */
	name: string;
	ok: boolean;
	/** Why not, in few words; no user data. */
	detail?: string;
}

const line = ({ name, ok, detail }: Check): string =>
	`${ok ? "[+]" : "[-]"}${name} ${ok ? "ok" : "failed"}${detail === undefined ? "" : `: ${detail}`}\n`;

/** 200 where all checks are true (also where there are none), else 503; each check a line. */
export const checksPage = (name: string, checks: readonly Check[]): Page => {
	const passed = checks.every((check) => check.ok);
	return {
		status: passed ? 200 : 503,
		contentType: "text/plain; charset=utf-8",
		body: `${checks.map(line).join("")}${name} check ${passed ? "passed" : "failed"}\n`,
	};
};

export interface HealthOptions {
	/** Asked at each probe. */
	ready: () => readonly Check[];
	/** Whatever only a restart would mend; none where absent. */
	live?: () => readonly Check[];
}

/** For `serve`. */
export const healthPages = ({ ready, live = () => [] }: HealthOptions): Pages => ({
	"/healthz": () => checksPage("healthz", live()),
	"/readyz": () => checksPage("readyz", ready()),
});

/** For `serve`: what a prom-client Registry holds. */
export const metricsPages = (registry: { contentType: string; metrics(): Promise<string> }): Pages => ({
	"/metrics": async () => ({ status: 200, contentType: registry.contentType, body: await registry.metrics() }),
});
