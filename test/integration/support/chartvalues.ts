// Sets of values that the chart is rendered with: each mode of certificates, and everything that can be set at once.
import type { Values } from "./chart.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** No certificate: the chart passes it on as it is. */
export const PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const metadata = { metadata: { labels: { team: "data" } } };

export const PROCEDURE = {
	image: "ghcr.io/riotkit-org/backup-maker:v0.2",
	backup: "exec backup-maker make --url {{ .Repository.url | shellQuote }}\n",
	restore: "{{- /* kept as it is */ -}}\nexec backup-maker restore {{ range .Params.paths }} {{ . }}{{ end }}\n",
};

const pod: Values = {
	commonLabels: {
		team: "platform",
		"app.kubernetes.io/part-of": "platform",
		"app.kubernetes.io/component": "backups",
		"app.kubernetes.io/name": "not-selected",
		empty: "",
	},
	podLabels: { sidecar: "no", team: "pods", "app.kubernetes.io/instance": "not-selected" },
	podAnnotations: { "example.org/checked": "true", "kubectl.kubernetes.io/default-container": "other" },
	deploymentAnnotations: { "example.org/owner": "platform" },
	nodeSelector: { "kubernetes.io/os": "linux" },
	tolerations: [{ key: "control-plane", operator: "Exists", effect: "NoSchedule" }],
	affinity: {
		nodeAffinity: {
			requiredDuringSchedulingIgnoredDuringExecution: {
				nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] }],
			},
		},
	},
	topologySpreadConstraints: [
		{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector: {} },
	],
	priorityClassName: "system-cluster-critical",
	terminationGracePeriodSeconds: 60,
	resources: { requests: { cpu: "10m" }, limits: { memory: "1Gi" } },
	extraEnv: [{ name: "NODE_OPTIONS", value: "--max-old-space-size=400" }],
	extraVolumes: [{ name: "extra", emptyDir: {} }],
	extraVolumeMounts: [{ name: "extra", mountPath: "/extra" }],
	image: { registry: "mirror.example.org:5000", digest: DIGEST },
	imagePullSecrets: ["one", { name: "two" }],
	global: { imagePullSecrets: [{ name: "all" }], ofAnotherChart: true },
	serviceAccount: { name: "keeper", annotations: { "example.org/role": "backups" } },
};

const program: Values = {
	replicaCount: 3,
	logLevel: "debug",
	missingReferences: "warn",
	allowPrivilegedPods: true,
	requireRestoreRight: false,
	templates: { files: PROCEDURE, "pg.13": { ...PROCEDURE, templateLanguage: "GoTemplate" } },
	jobDefaults: {
		image: "ghcr.io/riotkit-org/backup-maker:v0.2",
		resources: { limits: { memory: "512Mi" } },
		tolerations: [{ operator: "Exists" }],
		serviceAccountName: "backups",
		securityContext: { runAsNonRoot: true },
		podLabels: { "sidecar.istio.io/inject": "false" },
	},
	redis: {
		host: "redis-0.redis,redis-1.redis:26380",
		port: 26379,
		username: "bmc",
		database: 3,
		existingSecret: "redis-password",
		tls: { enabled: true, caSecretName: "redis-tls" },
		sentinel: { master: "mymaster", existingSecret: "sentinel-password", existingSecretPasswordKey: "password" },
	},
};

const around: Values = {
	webhook: {
		port: 10443,
		timeoutSeconds: 8,
		failurePolicy: { mutate: "Fail", validate: "Ignore" },
		namespaceSelector: { matchLabels: { backups: "yes" } },
		annotations: { "example.org/note": "ours" },
		clientCA: { secretName: "apiserver-clients", key: "clients.pem" },
		service: { port: 8443, annotations: { a: "b" }, ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"] },
	},
	metrics: { port: 9090, service: { annotations: { "prometheus.io/scrape": "true" } } },
	healthProbe: { port: 9091 },
	serviceMonitor: {
		enabled: true,
		additionalLabels: { release: "prometheus", team: "monitoring" },
		scrapeInterval: "30s",
		scrapeTimeout: "10s",
	},
	prometheusRule: {
		enabled: true,
		additionalRules: [{ alert: "Mine", expr: "vector(1)", labels: { severity: "info" } }],
	},
	networkPolicy: { metricsFrom: [{ namespaceSelector: { matchLabels: { monitoring: "yes" } } }] },
	podDisruptionBudget: { maxUnavailable: "50%" },
	rbac: { aggregateView: true, aggregateRestoreToAdmin: true },
	flowSchema: { priorityLevel: "workload-low", matchingPrecedence: 500 },
};

/** By name; each is rendered to test/golden/charts/NAME.yaml and tried on a real API server. */
export const VALUE_SETS: Readonly<Record<string, Values>> = {
	default: {},
	"cert-manager": { webhook: { certificates: { mode: "cert-manager" } } },
	"cert-manager-issuer": {
		replicaCount: 2,
		webhook: {
			certificates: { mode: "cert-manager", certManager: { issuerRef: { name: "corporate", kind: "ClusterIssuer" } } },
		},
	},
	provided: {
		webhook: { certificates: { mode: "provided", provided: { secretName: "webhook-tls", caBundle: PEM } } },
	},
	"provided-system-roots": {
		webhook: { certificates: { mode: "provided", provided: { secretName: "webhook-tls" } } },
	},
	"provided-injected": {
		webhook: {
			annotations: { "service.beta.openshift.io/inject-cabundle": "true" },
			certificates: { mode: "provided", provided: { secretName: "webhook-tls" } },
		},
		crds: { annotations: { "argocd.argoproj.io/sync-options": "Prune=false,ServerSideApply=true" } },
	},
	"watch-namespaces": {
		watchNamespaces: ["team-a", "team-b"],
		webhook: { namespaceSelector: { matchExpressions: [{ key: "backups", operator: "Exists" }] } },
	},
	"host-network": { webhook: { hostNetwork: true }, podSecurityContext: {}, metrics: { enabled: false } },
	bare: {
		crds: { install: false },
		rbac: { create: false },
		serviceAccount: { create: false },
		networkPolicy: { enabled: false },
		flowSchema: { enabled: false },
		podDisruptionBudget: { enabled: false },
		leaderElection: { enabled: false },
		replicaCount: 2,
		fullnameOverride: "backups",
		resources: { requests: null, limits: null },
	},
	everything: { ...pod, ...program, ...around },
};

/** Values that are refused, and what helm says of them. */
export const REFUSED: readonly [string, Values, RegExp][] = [
	["a mistyped key", { replicaCont: 2 }, /additional properties 'replicaCont' not allowed/],
	["a mistyped key below", { webhook: { timeout: 3 } }, /'\/webhook'.*'timeout' not allowed/],
	["a password", { redis: { host: "redis", password: "secret" } }, /'\/redis'.*'password' not allowed/],
	["no such mode", { webhook: { certificates: { mode: "selfsigned" } } }, /mode.*must be one of 'self-managed'/],
	["provided without a Secret", { webhook: { certificates: { mode: "provided" } } }, /secretName/],
	[
		"an issuer without a name",
		{ webhook: { certificates: { mode: "cert-manager", certManager: { issuerRef: { kind: "ClusterIssuer" } } } } },
		/issuerRef/,
	],
	["a failurePolicy for deletions", { webhook: { failurePolicy: { delete: "Fail" } } }, /'delete' not allowed/],
	["a time-out that the API server refuses", { webhook: { timeoutSeconds: 31 } }, /timeoutSeconds.*30/],
	["a time-out before the controller's own", { webhook: { timeoutSeconds: 4 } }, /timeoutSeconds.*5/],
	["no time to end in", { preStopSeconds: 20 }, /terminationGracePeriodSeconds is 35: wanted are at least 45/],
	[
		"a certificate that is always due",
		{ webhook: { certificates: { mode: "cert-manager", certManager: { duration: "1h30m", renewBefore: "90m" } } } },
		/renewBefore \(90m\) must be less than duration \(1h30m\)/,
	],
	["a namespace that cannot be", { watchNamespaces: ["Team"] }, /watchNamespaces\/0/],
	["a namespace twice", { watchNamespaces: ["a", "a"] }, /watchNamespaces/],
	["a flag without dashes", { extraArgs: ["debug"] }, /extraArgs\/0/],
	["a template without a script", { templates: { files: { image: "x" } } }, /templates\/files.*missing propert/],
	["a template with a name that cannot be", { templates: { Files: PROCEDURE } }, /'Files' does not match/],
	["a manifest where a spec is wanted", { templates: { a: { ...PROCEDURE, ...metadata } } }, /'metadata' not allowed/],
	["an unknown job default", { jobDefaults: { env: {} } }, /jobDefaults.*'env' not allowed/],
	["a digest that is none", { image: { digest: "sha256:abc" } }, /digest/],
	["a key that no Secret can have", { webhook: { clientCA: { key: "a/b" } } }, /clientCA\/key/],
	["a number as text", { replicaCount: "2" }, /replicaCount.*want integer/],
	["a label that is no text", { podLabels: { a: true } }, /podLabels\/a/],
	["a log level", { logLevel: "trace" }, /logLevel/],
	[
		"a monitor of nothing",
		{ serviceMonitor: { enabled: true }, metrics: { enabled: false } },
		/needs metrics\.enabled/,
	],
];
