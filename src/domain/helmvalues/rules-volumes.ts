// Volumes and where they are mounted: each of one kind, none over what the controller mounts itself.
import { RESERVED_MOUNT_PATHS, RESERVED_VOLUMES } from "../objects/bootstrap.ts";
import { KEY_PATH, KEY_VOLUME } from "../objects/container.ts";
import type { Problem } from "../report.ts";
import type { Settings } from "../settings.ts";
import { helmProblem, type Path } from "./problems.ts";
import { PRIVILEGED_HINT } from "./rules-security.ts";
import { VOLUME_KINDS } from "./schema-volumes.ts";
import { indexed, type PodOptions } from "./shape.ts";

type Volume = NonNullable<PodOptions["volumes"]>[number];
type Mount = NonNullable<PodOptions["volumeMounts"]>[number];
type Source = NonNullable<NonNullable<NonNullable<Volume["projected"]>["sources"]>[number]>;
type DownwardItem = NonNullable<NonNullable<NonNullable<Volume["downwardAPI"]>["items"]>[number]>;

const KEY_DIRECTORY = KEY_PATH.slice(0, KEY_PATH.lastIndexOf("/"));
const RESERVED_NAMES: readonly string[] = [...RESERVED_VOLUMES, KEY_VOLUME];
const RESERVED_PATHS: readonly string[] = [...RESERVED_MOUNT_PATHS, KEY_DIRECTORY];
/** What bash and its libraries are read from, and what the kernel gives: nothing may hide these, only lie within. */
const SYSTEM_PATHS = ["/bin/bash", "/dev", "/lib", "/lib64", "/proc", "/usr/bin", "/usr/lib", "/usr/lib64", "/sys"];
/** The container runtime mounts nothing inside of it. */
const PROCESSES = "/proc";
const SOURCE_KINDS = ["configMap", "downwardAPI", "secret"] as const;
const MEMORY_DIVISORS: readonly string[] = ["1", ..."kMGTPE", ..."KMGTPE"].map((unit, index) => {
	if (index === 0) return unit;
	return index <= 6 ? `1${unit}` : `1${unit}i`;
});

const given = (object: object, names: readonly string[]): string[] =>
	names.filter((name) => (object as Record<string, unknown>)[name] !== undefined);

/** Another key than these is told by the schema, and is what the author took for the kind. */
const isOfAnotherKind = (object: object, names: readonly string[]): boolean =>
	Object.keys(object).some((name) => !names.includes(name));

const kindProblem = (volume: Volume, path: Path): Problem | undefined => {
	const kinds = given(volume, VOLUME_KINDS);
	if (kinds.length === 1 || (kinds.length === 0 && isOfAnotherKind(volume, [...VOLUME_KINDS, "name"])))
		return undefined;
	const known = VOLUME_KINDS.filter((kind) => kind !== "hostPath").join(", ");
	return helmProblem(path, kinds.length === 0 ? `must be one of ${known}` : `is of two kinds: ${kinds.join(" and ")}`);
};

const nameProblem = (name: string | undefined, earlier: readonly unknown[], path: Path): Problem | undefined => {
	if (name === undefined) return undefined;
	const at = [...path, "name"];
	if (RESERVED_NAMES.includes(name)) {
		return helmProblem(at, "is reserved for the controller", { reason: "FieldValueForbidden" });
	}
	return earlier.includes(name) ? helmProblem(at, "is there twice", { reason: "FieldValueDuplicate" }) : undefined;
};

const hostPathProblem = (volume: Volume, settings: Settings, path: Path): Problem | undefined => {
	if (volume.hostPath === undefined) return undefined;
	const at = [...path, "hostPath"];
	if (!settings.allowPrivilegedPods) {
		const message = "is not allowed in this installation";
		return helmProblem(at, message, { reason: "FieldValueForbidden", hint: PRIVILEGED_HINT });
	}
	const steps = (volume.hostPath.path ?? "").split("/");
	return steps.includes("..") ? helmProblem([...at, "path"], "must not contain `..`") : undefined;
};

const divisorProblem = ({ resource = "", divisor }: NonNullable<DownwardItem["resourceFieldRef"]>, path: Path) => {
	if (divisor === undefined || divisor === "0") return undefined;
	const allowed = resource.endsWith("cpu") ? ["1", "1m"] : MEMORY_DIVISORS;
	if (allowed.includes(divisor)) return undefined;
	return helmProblem([...path, "resourceFieldRef", "divisor"], `must be one of ${allowed.join(" ")}`);
};

const downwardProblems = (items: DownwardItem[] | undefined, path: Path): (Problem | undefined)[] =>
	indexed(items).flatMap(([index, { fieldRef, resourceFieldRef }]) => {
		const at = [...path, "items", index];
		if ((fieldRef === undefined) === (resourceFieldRef === undefined)) {
			return [helmProblem(at, "must have either fieldRef or resourceFieldRef")];
		}
		return [resourceFieldRef === undefined ? undefined : divisorProblem(resourceFieldRef, at)];
	});

const pathsOf = (source: Source): (string | undefined)[] =>
	SOURCE_KINDS.flatMap((kind) => (source[kind]?.items ?? []).map(({ path }) => path));

const sourceProblem = (source: Source, path: Path): Problem | undefined => {
	const kinds = given(source, SOURCE_KINDS);
	if (kinds.length === 1 || (kinds.length === 0 && isOfAnotherKind(source, SOURCE_KINDS))) return undefined;
	return helmProblem(path, `must be one of ${SOURCE_KINDS.join(", ")}`);
};

const projectedProblems = (volume: Volume, path: Path): (Problem | undefined)[] => {
	const sources = volume.projected?.sources ?? [];
	const paths = sources.flatMap(pathsOf).filter((item) => item !== undefined);
	return [
		...indexed(sources).flatMap(([index, source]) => [
			sourceProblem(source, [...path, "projected", "sources", index]),
			...downwardProblems(source.downwardAPI?.items, [...path, "projected", "sources", index, "downwardAPI"]),
		]),
		new Set(paths).size === paths.length
			? undefined
			: helmProblem([...path, "projected", "sources"], "two items have the same path"),
	];
};

/** What is wrong with volumes, beyond their form. */
export const volumeProblems = ({ volumes = [] }: PodOptions, settings: Settings): Problem[] =>
	indexed(volumes)
		.flatMap(([index, volume]) => {
			const path = ["volumes", index];
			const earlier = volumes.slice(0, index).map(({ name }) => name);
			return [
				nameProblem(volume.name, earlier, path),
				kindProblem(volume, path),
				hostPathProblem(volume, settings, path),
				...downwardProblems(volume.downwardAPI?.items, [...path, "downwardAPI"]),
				...projectedProblems(volume, path),
			];
		})
		.filter((problem) => problem !== undefined);

/** `/a//b/./c/../` → `/a/b`: what the path leads to. */
const normalPath = (path: string): string => {
	const steps: string[] = [];
	for (const step of path.split("/")) {
		if (step === "..") steps.pop();
		else if (step !== "" && step !== ".") steps.push(step);
	}
	return `/${steps.join("/")}`;
};

const isWithin = (path: string, folder: string): boolean => `${path}/`.startsWith(folder === "/" ? "/" : `${folder}/`);

const mountPathProblem = (mount: Mount, earlier: readonly string[], path: Path): Problem | undefined => {
	if (mount.mountPath === undefined) return undefined;
	const at = [...path, "mountPath"];
	const wanted = normalPath(mount.mountPath);
	const hidden = RESERVED_PATHS.find((reserved) => isWithin(wanted, reserved) || isWithin(reserved, wanted));
	if (hidden !== undefined) {
		const message = `collides with ${hidden}, where the controller mounts scripts and keys`;
		return helmProblem(at, message, { reason: "FieldValueForbidden", hint: "take another path, such as /mnt/data" });
	}
	const system =
		SYSTEM_PATHS.find((needed) => isWithin(needed, wanted)) ?? (isWithin(wanted, PROCESSES) ? PROCESSES : "");
	if (system !== "") {
		const message = `would hide ${system}, without which no script runs`;
		return helmProblem(at, message, { reason: "FieldValueForbidden", hint: "take another path, such as /mnt/data" });
	}
	return earlier.includes(wanted) ? helmProblem(at, "is there twice", { reason: "FieldValueDuplicate" }) : undefined;
};

/** Where a volume is mounted, by which name, and how. */
export const mountProblems = ({ volumes, volumeMounts = [], securityContext }: PodOptions): Problem[] =>
	indexed(volumeMounts)
		.flatMap(([index, mount]) => {
			const path = ["volumeMounts", index];
			const earlier = volumeMounts.slice(0, index).map(({ mountPath = "" }) => normalPath(mountPath));
			const isKnown = (volumes ?? []).some(({ name }) => name === mount.name);
			const bidirectional = mount.mountPropagation === "Bidirectional" && securityContext?.privileged !== true;
			return [
				mount.name === undefined || isKnown
					? undefined
					: helmProblem([...path, "name"], "is no name of HelmValues.volumes", { reason: "FieldValueNotFound" }),
				mountPathProblem(mount, earlier, path),
				bidirectional ? helmProblem([...path, "mountPropagation"], "is for privileged containers only") : undefined,
			];
		})
		.filter((problem) => problem !== undefined);
