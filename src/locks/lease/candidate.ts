// One replica's dealings with the Lease: single tries, each of which ends with an answer. What failed is logged here, once
// for each reason, and is the caller's to try again.
import { AlreadyExistsError, ConflictError, KubeError, NotFoundError } from "../../kube/errors.ts";
import type { Logger } from "../../kube/reflector.ts";
import { type Clocks, type Moment, momentOf } from "../term.ts";
import { heldSpec, type LeaseRecord, releasedSpec } from "./record.ts";
import { type LeaseTiming, nextMove, type Sighting, sight } from "./rules.ts";
import type { LeaseStore } from "./store.ts";

export interface CandidateOptions {
	store: LeaseStore;
	/** Of this process, never of another one: not even of one that ran in the same pod before. */
	identity: string;
	clocks: Clocks;
	logger: Logger;
	timing: LeaseTiming;
}

/** A Lease that was written with our name in it. */
export interface Won {
	type: "won";
	record: LeaseRecord;
	/** When it was asked for. */
	asked: Moment;
}

/** Somebody else has it, for so many milliseconds more unless it is renewed; undefined where nobody knows. */
export interface Lost {
	type: "lost";
	for: number | undefined;
}

export type Renewal =
	| Won
	/** It is not ours any more, or not there any more. */
	| { type: "gone" }
	/** Ours, at another version than we knew: to be renewed at once. */
	| { type: "changed"; record: LeaseRecord }
	/** No answer, or none that says anything. */
	| { type: "failed" };

/** None of its methods throws. */
export interface Candidate {
	/** Looks, and takes it where that is allowed. */
	take(): Promise<Won | Lost>;
	renew(current: LeaseRecord): Promise<Renewal>;
	/** Gives it back, so that the next replica need not wait. */
	release(current: LeaseRecord): Promise<void>;
	/** For people: who has it, and what is wrong. */
	detail(): string;
}

/** Somebody was faster: no trouble, the next look tells who. */
const isLostRace = (error: unknown): boolean => error instanceof ConflictError || error instanceof AlreadyExistsError;

/** Remembers what it saw last, and since when. */
export const createCandidate = ({ store, identity, clocks, logger, timing }: CandidateOptions): Candidate => {
	let last: Sighting | undefined;
	let trouble: string | undefined;
	const spec = (before: LeaseRecord | undefined): object =>
		heldSpec(before, { identity, durationSeconds: timing.duration / 1000, now: new Date(clocks.wall()) });
	const see = (record: LeaseRecord): LeaseRecord => {
		const before = last?.record.holder;
		last = sight(last, record, clocks.steady.now());
		trouble = undefined;
		if (record.holder !== before && record.holder !== identity)
			logger.info({ holder: record.holder }, record.holder === "" ? "the Lease is free" : "another replica leads");
		return record;
	};
	const failed = (error: unknown): void => {
		if (isLostRace(error)) return;
		const news = (error instanceof KubeError ? error.reason : undefined) ?? "unreachable";
		if (trouble !== news) logger.warn({ err: error }, "the Lease could not be read or written; it is tried again");
		trouble = news;
	};
	const tryToTake = async (): Promise<Won | Lost> => {
		const found = await store.read();
		if (found !== undefined) see(found);
		const move = nextMove(found, last, identity, clocks.steady.now(), timing);
		if (move.type === "wait") return { type: "lost", for: move.for };
		const asked = momentOf(clocks);
		const record =
			move.type === "create" ? await store.create(spec(undefined)) : await store.write(move.over, spec(move.over));
		return { type: "won", record: see(record), asked };
	};
	const reread = async (): Promise<Renewal> => {
		const found = await store.read();
		const isOurs = found !== undefined && see(found).holder === identity;
		return isOurs ? { type: "changed", record: found } : { type: "gone" };
	};
	const afterFailure = async (error: unknown): Promise<Renewal> => {
		failed(error);
		if (error instanceof NotFoundError) return { type: "gone" };
		if (!(error instanceof ConflictError)) return { type: "failed" };
		return reread().catch(afterFailure);
	};
	return {
		take: () =>
			tryToTake().catch((error: unknown) => {
				failed(error);
				return { type: "lost", for: undefined };
			}),
		renew: async (current) => {
			const asked = momentOf(clocks);
			try {
				return { type: "won", record: see(await store.write(current, spec(current))), asked };
			} catch (error) {
				return afterFailure(error);
			}
		},
		release: async (current) => {
			try {
				await store.write(current, releasedSpec(new Date(clocks.wall())));
				logger.info({ identity }, "gave the Lease back");
			} catch (error) {
				logger.warn({ err: error }, "could not give the Lease back; the next replica waits until it expires");
			}
		},
		detail: () => {
			const holder = last?.record.holder;
			const who = holder ? `${holder === identity ? "we" : holder} had it last` : "nobody has it";
			return trouble === undefined ? who : `${who}; the Lease: ${trouble}`;
		},
	};
};
