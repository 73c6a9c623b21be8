// backup-maker writes recipient and passphrase between single quotes into the text of its gpg commands, which a shell then
// reads (`gpg … --recipient='…' --passphrase='…'`). A quote in one of them ends the text early: no backup would be
// made, or, where it is the passphrase, every backup would be made and none could be restored.
import type { IdentityFacts } from "../facts.ts";
import type { Problem } from "../report.ts";
import { isComputed } from "../shell.ts";

/** What gpg is told, as far as it is known. */
export interface GpgCommand {
	identity: IdentityFacts | undefined;
	/** `Repository.recipient`, where it is a plain value. */
	recipient: string | undefined;
	/** The fields that decide the two. */
	recipientPath: string;
	passphrasePath: string;
}

const QUOTE = "'";

const quoted = (path: string, what: string, hint: string): Problem => ({
	path,
	reason: "FieldValueInvalid",
	message: `${what} holds a single quote, which backup-maker's gpg command cannot carry`,
	hint,
});

const recipientHasQuote = ({ identity, recipient }: GpgCommand): boolean =>
	recipient === undefined ? identity?.recipientHasQuote === true : recipient.includes(QUOTE) && !isComputed(recipient);

/** What backup-maker could not tell gpg. */
export const gpgCommandProblems = (command: GpgCommand): Problem[] => {
	const problems: Problem[] = [];
	if (recipientHasQuote(command)) {
		const hint = "name the key by its fingerprint, or by an address without a quote";
		problems.push(quoted(command.recipientPath, "the recipient", hint));
	}
	if (command.identity?.passphraseHasQuote) {
		const hint = "give the key another passphrase (gpg --change-passphrase)";
		problems.push(quoted(command.passphrasePath, "the passphrase", hint));
	}
	return problems;
};
