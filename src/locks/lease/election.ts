// One of several replicas works, told by a Lease; the others stand by. After it has lost the Lease a replica ends its work
// and stands by again, in the same process: it goes on serving admission all the time.
import { pause } from "../../kube/clock.ts";
import type { Permit } from "../../kube/permission.ts";
import type { Activity, Work } from "../activity.ts";
import { beginTerm, type Term } from "../term.ts";
import { type Candidate, type CandidateOptions, createCandidate, type Won } from "./candidate.ts";
import type { LeaseRecord } from "./record.ts";
import { LEASE_TIMING, type LeaseTiming } from "./rules.ts";

export interface ElectionMetrics {
	/** Whether this replica leads from now on. */
	leading(is: boolean): void;
}

export interface ElectionOptions extends Omit<CandidateOptions, "timing"> {
	/** 0 ≤ x < 1. */
	random: () => number;
	metrics: ElectionMetrics;
	/** `LEASE_TIMING` where absent. */
	timing?: LeaseTiming;
}

/** So much longer, at most, a try waits: replicas that were started together do not all ask at the same time. */
const JITTER = 0.2;

/** What the parts of an election share. */
interface Election extends ElectionOptions {
	timing: LeaseTiming;
	candidate: Candidate;
	stopping: AbortSignal;
	/** Says whether this replica leads. */
	say: (leading: boolean) => void;
}

const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

/** Tries until it has the Lease, or the process is to stop. */
const campaign = async ({ candidate, clocks, timing, random, stopping }: Election): Promise<Won | undefined> => {
	while (!stopping.aborted) {
		const result = await candidate.take();
		if (result.type === "won") return result;
		const period = timing.retryPeriod * (1 + JITTER * random());
		await pause(clocks.steady, Math.min(result.for ?? period, period), stopping);
	}
	return undefined;
};

/** Renews until the term ends, and ends it where somebody else has the Lease. Answers the last version of ours. */
const keep = async ({ candidate, clocks, timing }: Election, term: Term, won: Won): Promise<LeaseRecord> => {
	let current = won.record;
	let wait = timing.retryPeriod;
	for (;;) {
		await pause(clocks.steady, wait, term.permit.signal);
		if (!term.permit.mayWrite()) return current;
		const renewal = await candidate.renew(current);
		if (renewal.type === "won") term.extend(renewal.asked);
		if (renewal.type === "gone") term.end();
		if ("record" in renewal) current = renewal.record;
		wait = renewal.type === "changed" ? 0 : timing.retryPeriod;
	}
};

/** The process is to stop: the work ends by itself, and only then the Lease is given back. */
const endWell = async ({ candidate }: Election, term: Term, work: Work, keeping: Promise<LeaseRecord>) => {
	await Promise.race([work.stop(), aborted(term.permit.signal)]);
	const isOurs = term.permit.mayWrite();
	if (!isOurs) await work.stop(0);
	term.end();
	const record = await keeping;
	if (isOurs) await candidate.release(record);
};

/** One term, from winning the Lease until the work has ended. */
const lead = async (election: Election, won: Won, begin: (permit: Permit) => Work): Promise<void> => {
	const { clocks, timing, logger, identity, stopping, say } = election;
	const term = beginTerm(clocks, won.asked, timing.renewDeadline);
	const { permit } = term;
	if (!permit.mayWrite()) return;
	const over = aborted(permit.signal);
	say(true);
	void over.then(() => say(false));
	logger.info({ identity }, "leading");
	const keeping = keep(election, term, won);
	const work = begin(permit);
	await Promise.race([over, aborted(stopping)]);
	if (permit.mayWrite()) return endWell(election, term, work, keeping);
	logger.warn({ identity }, "lost the Lease: all writes end");
	await Promise.all([work.stop(0), keeping]);
};

const runElection = async (election: Election, begin: (permit: Permit) => Work): Promise<void> => {
	for (let won = await campaign(election); won !== undefined; won = await campaign(election)) {
		if (election.stopping.aborted) await election.candidate.release(won.record);
		else await lead(election, won, begin);
	}
};

/** Works while it holds the Lease. Errors of the Lease's reads and writes are logged and tried again. */
export const electedActivity = (options: ElectionOptions): Activity => {
	const { metrics, timing = LEASE_TIMING } = options;
	const stop = new AbortController();
	const candidate = createCandidate({ ...options, timing });
	let leading = false;
	let running: Promise<void> = Promise.resolve();
	const say = (is: boolean): void => {
		leading = is;
		metrics.leading(is);
	};
	return {
		start: (begin) => {
			say(false);
			running = runElection({ ...options, timing, candidate, stopping: stop.signal, say }, begin);
		},
		stop: async () => {
			stop.abort();
			await running;
		},
		checks: () => [
			{ name: "leader election", ok: true, detail: leading ? "leads" : `stands by, ${candidate.detail()}` },
		],
	};
};
