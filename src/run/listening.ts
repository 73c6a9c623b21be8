// Listening on the address of a flag.
import { FlagValueError } from "../api/flagvalue.ts";
import { systemFailure } from "../api/systemfailure.ts";
import { type BindAddress, hostAndPort } from "../config/values.ts";

const REMEDIES: Readonly<Record<string, string>> = {
	EADDRINUSE: "end the process that uses it, or give a free address of this machine",
	EACCES: "give a port of 1024 or higher",
};

const remedyFor = (error: unknown): string => {
	const { code = "" } = error as { code?: string };
	return REMEDIES[code] ?? "give a free address of this machine";
};

/**
 * Starts a server.
 * @param flag such as `--metrics-bind-address`
 * @param listen starts to listen; it rejects with an error of node:net where it cannot
 * @throws FlagValueError
 */
export const listenFor = async <Server>(
	flag: string,
	address: BindAddress,
	listen: (address: BindAddress) => Promise<Server>,
): Promise<Server> => {
	try {
		return await listen(address);
	} catch (error) {
		throw new FlagValueError(flag, hostAndPort(address), systemFailure(error), remedyFor(error), error);
	}
};
