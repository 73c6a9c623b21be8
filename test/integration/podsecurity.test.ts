// The warning about pod security says what the API server's own admission would do: the same pods, put to a namespace that
// enforces the level.
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { startSession } from "../cluster/session.ts";
import { podSecurityRows } from "../domain/validate/podsecurityrows.ts";
import { mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);

/** What the API server has against it; undefined where it takes it. */
const refusal = async (level: string, spec: object): Promise<string | undefined> => {
	const pod = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "row-" }, spec };
	const { status, body } = await callApi(session.plane, "POST", `/api/v1/namespaces/${level}/pods?dryRun=All`, pod);
	return status < 300 ? undefined : String(body["message"]);
};

for (const level of ["privileged", "baseline", "restricted"]) {
	await mustKubectl(session, `create namespace ${level}`);
	await mustKubectl(session, `label namespace ${level} pod-security.kubernetes.io/enforce=${level}`);
	await session.apply(
		JSON.stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: level } }),
	);
}

/** This API server takes no privileged pod at all (`--allow-privileged` is off), whatever the level. */
const isPrivileged = (pod: (typeof podSecurityRows)[number][1]): boolean =>
	pod.containers.some((container) => container.securityContext?.privileged === true);

t.test("each pod is refused where we warn, and nowhere else", async (t) => {
	for (const [level, pod, named] of podSecurityRows) {
		if (level === undefined || isPrivileged(pod)) continue;
		const containers = pod.containers.map((container) => ({ ...container, image: "tools:1" }));
		const volumes = (pod.volumes ?? []).map((volume) => (volume.hostPath ? volume : { ...volume, emptyDir: {} }));
		const said = await refusal(level, { ...pod, containers, volumes });
		if (named === "") t.equal(said, undefined, JSON.stringify(pod));
		else t.match(said, new RegExp(`violates PodSecurity "${level}:`), JSON.stringify(pod));
	}
});
