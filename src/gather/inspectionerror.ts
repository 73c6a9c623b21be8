// How looking at key material can fail for reasons that are not the material's: the caller may try again. No message holds
// material, a passphrase, or a word of the library about them.

/**
 * `busy`: too many are waiting; `crashed`: what looked at it ended; `failed`: the library threw; `late`: it took too long;
 * `stopped`: the process is ending.
 */
export type InspectionFailure = "busy" | "crashed" | "failed" | "late" | "stopped";

const TEXTS: Readonly<Record<InspectionFailure, string>> = {
	busy: "too many OpenPGP keys are waiting to be looked at",
	crashed: "the thread that looks at OpenPGP keys ended",
	failed: "the OpenPGP library failed",
	late: "looking at an OpenPGP key took too long",
	stopped: "the thread that looks at OpenPGP keys was stopped",
};

/** A failure of the world, never of the key. */
export class InspectionError extends Error {
	readonly reason: InspectionFailure;

	constructor(reason: InspectionFailure) {
		super(TEXTS[reason]);
		this.name = "InspectionError";
		this.reason = reason;
	}
}
