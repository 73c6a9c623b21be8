// Which versions of installed programs the tests can use instead of our own builds. Pure: works on what a program printed.

/** How a program shows its version, and which versions fit the one that go.mod pins. */
export interface VersionCheck {
	/** Arguments that make it print its version. */
	arguments: readonly string[];
	/** First group: the major version, second group: the minor version. */
	pattern: RegExp;
	/** `same`: the pinned minor version; `newer`: that one or a later one of the same major version. */
	minor: "same" | "newer";
}

const kubernetes = { arguments: ["--version"], pattern: /^Kubernetes v(\d+)\.(\d+)\./m, minor: "same" } as const;

/** The programs that are looked for on the machine. Every other program is always built. */
export const VERSION_CHECKS: Readonly<Record<string, VersionCheck>> = {
	etcd: { arguments: ["--version"], pattern: /^etcd Version: (\d+)\.(\d+)\./m, minor: "same" },
	"kube-apiserver": kubernetes,
	"kube-controller-manager": kubernetes,
	"kube-scheduler": kubernetes,
	"kube-proxy": kubernetes,
	kubelet: kubernetes,
	// One minor version of difference is supported, but tests compare what kubectl prints.
	kubectl: { arguments: ["version", "--client"], pattern: /^Client Version: v(\d+)\.(\d+)\./m, minor: "same" },
	helm: { arguments: ["version", "--short"], pattern: /^v(\d+)\.(\d+)\b/m, minor: "newer" },
};

/**
 * Compares what a program printed with the pinned version.
 * @param pinned `v1.2.3`
 * @returns undefined where it fits, else why it does not
 */
export const mismatch = (check: VersionCheck, printed: string, pinned: string): string | undefined => {
	const [, major = "", minor = ""] = check.pattern.exec(printed) ?? [];
	if (major === "") return `it printed no version: ${JSON.stringify(printed.trim().slice(0, 80))}`;
	const [wantedMajor = "", wantedMinor = ""] = pinned.replace(/^v/, "").split(".");
	const difference = Number(minor) - Number(wantedMinor);
	if (major === wantedMajor && (difference === 0 || (check.minor === "newer" && difference > 0))) return undefined;
	const required = `${wantedMajor}.${wantedMinor}${check.minor === "newer" ? " or a newer minor version" : ""}`;
	return `its version is ${major}.${minor}; required: ${required}`;
};
