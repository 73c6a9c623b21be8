// The controller as a Deployment of plain manifests, which registers itself.
import { programVersion, REPOSITORY } from "../../image/definition.ts";
import type { World } from "./world.ts";

export const NAMESPACE = "backups";
export const RELEASE = "backup-maker-controller";
/** The API server asks its machine's DNS, which knows no Services: an address it can reach by itself. */
const ADDRESS = "10.96.9.43";

const MANIFEST = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: { name: ${NAMESPACE}, labels: { pod-security.kubernetes.io/enforce: restricted } }
  - apiVersion: v1
    kind: ServiceAccount
    metadata: { name: ${RELEASE}, namespace: ${NAMESPACE} }
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: { name: ${RELEASE} }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
    subjects: [{ kind: ServiceAccount, name: ${RELEASE}, namespace: ${NAMESPACE} }]
  - apiVersion: v1
    kind: Service
    metadata: { name: ${RELEASE}-webhook, namespace: ${NAMESPACE} }
    spec:
      clusterIP: ${ADDRESS}
      selector: { app: ${RELEASE} }
      # Asked before it is ready: it is ready when it has registered, and registering asks it.
      publishNotReadyAddresses: true
      ports: [{ port: 443, targetPort: 9443 }]
  - apiVersion: apps/v1
    kind: Deployment
    metadata: { name: ${RELEASE}, namespace: ${NAMESPACE} }
    spec:
      replicas: 1
      selector: { matchLabels: { app: ${RELEASE} } }
      template:
        metadata: { labels: { app: ${RELEASE}, app.kubernetes.io/name: ${RELEASE} } }
        spec:
          serviceAccountName: ${RELEASE}
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: controller
              image: ${REPOSITORY}:${programVersion()}
              imagePullPolicy: IfNotPresent
              args: [run, --standalone, "--webhook-url=https://${ADDRESS}:443"]
              ports: [{ containerPort: 9443 }, { containerPort: 8080, name: metrics }, { containerPort: 8081, name: health }]
              readinessProbe: { httpGet: { path: /readyz, port: health }, periodSeconds: 1 }
              livenessProbe: { httpGet: { path: /healthz, port: health } }
              resources: { limits: { memory: 256Mi } }
              securityContext:
                readOnlyRootFilesystem: true
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL] }
`;

/** Applies the manifests and waits until the controller is ready. */
export const installPlain = async (world: World): Promise<void> => {
	await world.apply(MANIFEST);
	const { code, stdout, stderr } = await world.kubectl(
		`rollout status deployment/${RELEASE} -n ${NAMESPACE} --timeout=60s`,
	);
	if (code !== 0) throw new Error(`the controller did not get ready: ${stdout}${stderr}`);
};
