// Pods and the settings for which a pod-security level refuses them: the unit test puts them to our checks, the cluster test to
// the API server's own.
import type { PodSpec } from "../../../src/api/kubernetes.ts";

type Security = NonNullable<PodSpec["containers"][number]["securityContext"]>;

const podWith = (security: Security | undefined, pod: Partial<PodSpec> = {}): PodSpec => ({
	securityContext: { seccompProfile: { type: "RuntimeDefault" } },
	containers: [{ name: "backup-maker", ...(security === undefined ? {} : { securityContext: security }) }],
	...pod,
});

const restricted: Security = { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ["ALL"] } };

/** Level of the namespace, pod, and what is named of it; nothing where the pod is let in. */
export const podSecurityRows: [level: string | undefined, pod: PodSpec, named: string][] = [
	[undefined, podWith({ privileged: true }), ""],
	["privileged", podWith({ privileged: true }), ""],
	["baseline", podWith(undefined), ""],
	["baseline", podWith({ privileged: true }), "privileged"],
	["baseline", podWith({ capabilities: { add: ["CHOWN"] } }), ""],
	["baseline", podWith({ capabilities: { add: ["SYS_ADMIN"] } }), "capabilities.add"],
	["baseline", podWith({ seccompProfile: { type: "Unconfined" } }), "seccompProfile"],
	["baseline", podWith({}, { securityContext: { seccompProfile: { type: "Unconfined" } } }), "seccompProfile"],
	[
		"baseline",
		podWith(
			{ seccompProfile: { type: "RuntimeDefault" } },
			{ securityContext: { seccompProfile: { type: "Unconfined" } } },
		),
		"seccompProfile",
	],
	["baseline", podWith({ appArmorProfile: { type: "Unconfined" } }), "appArmorProfile"],
	["baseline", podWith({}, { securityContext: { appArmorProfile: { type: "Unconfined" } } }), "appArmorProfile"],
	["baseline", podWith({ appArmorProfile: { type: "Localhost", localhostProfile: "a" } }), ""],
	["baseline", podWith({ seLinuxOptions: { type: "spc_t" } }), "seLinuxOptions"],
	["baseline", podWith({ seLinuxOptions: { user: "a" } }), "seLinuxOptions"],
	["baseline", podWith({}, { securityContext: { seLinuxOptions: { role: "a" } } }), "seLinuxOptions"],
	["baseline", podWith({ seLinuxOptions: { type: "container_t", level: "s0" } }), ""],
	["baseline", podWith({}, { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }), "sysctls"],
	["baseline", podWith({}, { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1 2 3" }] } }), ""],
	["baseline", podWith({}, { volumes: [{ name: "a", hostPath: { path: "/" } }, { name: "b" }] }), "hostPath"],
	["restricted", podWith(restricted), ""],
	["restricted", podWith({ ...restricted, runAsUser: 0 }), "runAsUser"],
	["restricted", podWith(restricted, { securityContext: { runAsUser: 0 } }), "runAsUser"],
	["restricted", podWith({ ...restricted, capabilities: { drop: ["ALL"], add: ["CHOWN"] } }), "capabilities.add"],
	["restricted", podWith({ ...restricted, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }), ""],
	["restricted", podWith(undefined), "allowPrivilegeEscalation, runAsNonRoot, capabilities.drop"],
	[
		"restricted",
		podWith(
			{ allowPrivilegeEscalation: false, capabilities: { drop: ["KILL"] } },
			{ securityContext: { runAsNonRoot: true } },
		),
		"capabilities.drop",
	],
];
