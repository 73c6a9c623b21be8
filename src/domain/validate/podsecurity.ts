// Where the namespace enforces a pod-security level, a pod beyond it would be refused only when a run is due.
// The levels: https://kubernetes.io/docs/concepts/security/pod-security-standards/
import type { PodSpec } from "../../api/kubernetes.ts";
import type { Report } from "../report.ts";
import { warningsOnly } from "./problems.ts";

const ENFORCE_LABEL = "pod-security.kubernetes.io/enforce";

/** Capabilities that the baseline level lets a container add. */
const BASELINE_CAPABILITIES: ReadonlySet<string> = new Set([
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
]);

/** Kernel settings that concern the pod alone. */
const BASELINE_SYSCTLS: ReadonlySet<string> = new Set([
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
]);

const BASELINE_SELINUX_TYPES: ReadonlySet<string> = new Set([
	"",
	"container_engine_t",
	"container_init_t",
	"container_kvm_t",
	"container_t",
]);

type Check = (pod: PodSpec) => boolean;
type Container = PodSpec["containers"][number];

const everyContainer = (pod: PodSpec, holds: (container: Container) => boolean): boolean => pod.containers.every(holds);

const addedCapabilities = (container: Container): readonly string[] =>
	container.securityContext?.capabilities?.add ?? [];

type Context = NonNullable<PodSpec["securityContext"]> | NonNullable<Container["securityContext"]>;

/** Both levels count, also where the container's setting hides the pod's. */
const everyContext = (pod: PodSpec, holds: (context: Context) => boolean): boolean =>
	[pod.securityContext, ...pod.containers.map((container) => container.securityContext)].every(
		(context) => context === undefined || holds(context),
	);

const isBaselineSeLinux = ({ seLinuxOptions: { type = "", user = "", role = "" } = {} }: Context): boolean =>
	BASELINE_SELINUX_TYPES.has(type) && user === "" && role === "";

const BASELINE: readonly (readonly [string, Check])[] = [
	["hostPath", (pod) => (pod.volumes ?? []).every((volume) => volume.hostPath === undefined)],
	["privileged", (pod) => everyContainer(pod, (container) => container.securityContext?.privileged !== true)],
	[
		"capabilities.add",
		(pod) =>
			everyContainer(pod, (container) => addedCapabilities(container).every((name) => BASELINE_CAPABILITIES.has(name))),
	],
	["appArmorProfile", (pod) => everyContext(pod, ({ appArmorProfile }) => appArmorProfile?.type !== "Unconfined")],
	["seLinuxOptions", (pod) => everyContext(pod, isBaselineSeLinux)],
	["seccompProfile", (pod) => everyContext(pod, ({ seccompProfile }) => seccompProfile?.type !== "Unconfined")],
	[
		"sysctls",
		({ securityContext }) => (securityContext?.sysctls ?? []).every(({ name }) => BASELINE_SYSCTLS.has(name)),
	],
];

const RESTRICTED: readonly (readonly [string, Check])[] = [
	[
		"allowPrivilegeEscalation",
		(pod) => everyContainer(pod, (container) => container.securityContext?.allowPrivilegeEscalation === false),
	],
	[
		"runAsNonRoot",
		(pod) =>
			everyContainer(
				pod,
				(container) => (container.securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true,
			),
	],
	[
		"runAsUser",
		(pod) =>
			everyContainer(
				pod,
				(container) => container.securityContext?.runAsUser !== 0 && pod.securityContext?.runAsUser !== 0,
			),
	],
	[
		"capabilities.drop",
		(pod) =>
			everyContainer(pod, (container) => container.securityContext?.capabilities?.drop?.includes("ALL") === true),
	],
	[
		"capabilities.add",
		(pod) =>
			everyContainer(pod, (container) => addedCapabilities(container).every((name) => name === "NET_BIND_SERVICE")),
	],
];

const violations = (pod: PodSpec, level: string | undefined): string[] => {
	const checks = level === "restricted" ? [...BASELINE, ...RESTRICTED] : level === "baseline" ? BASELINE : [];
	return [...new Set(checks.filter(([, holds]) => !holds(pod)).map(([name]) => name))];
};

/**
 * Warns where the namespace's labels say that this pod would be refused, and by which of its settings.
 * @param written the pod without the installation's job defaults: what only they bring in is told as theirs
 */
export const podSecurityReport = (
	pod: PodSpec,
	namespaceLabels: Readonly<Record<string, string>>,
	written: PodSpec = pod,
): Report => {
	const level = namespaceLabels[ENFORCE_LABEL];
	const found = violations(pod, level);
	const own = new Set(violations(written, level));
	const refuse = (whose: string, settings: string[]): string[] =>
		settings.length === 0
			? []
			: [`pod security "${level}" of the namespace would refuse${whose}: ${settings.join(", ")}`];
	return warningsOnly(
		...refuse(
			"",
			found.filter((name) => own.has(name)),
		),
		...refuse(
			", of the job defaults",
			found.filter((name) => !own.has(name)),
		),
	);
};
