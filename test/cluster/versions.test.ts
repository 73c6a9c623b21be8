// Which versions of installed programs are used, by what the programs print.
import t from "tap";
import { mismatch, VERSION_CHECKS } from "./versions.ts";

const KUBERNETES = "v1.37.2";

t.test("versions", async (t) => {
	const cases: [string, string, string, string | undefined][] = [
		["etcd", "etcd Version: 3.7.9\nGit SHA: abc\n", "v3.7.3", undefined],
		["etcd", "etcd Version: 3.6.1\n", "v3.7.3", "its version is 3.6; required: 3.7"],
		["etcd", "etcd Version: 3.8.0\n", "v3.7.3", "its version is 3.8; required: 3.7"],
		["kube-apiserver", "Kubernetes v1.37.2\n", KUBERNETES, undefined],
		["kube-apiserver", "Kubernetes v1.37.0+k3s1\n", KUBERNETES, undefined],
		["kube-apiserver", "Kubernetes v1.36.4\n", KUBERNETES, "its version is 1.36; required: 1.37"],
		["kube-controller-manager", "Kubernetes v2.37.0\n", KUBERNETES, "its version is 2.37; required: 1.37"],
		["kubelet", "Kubernetes v1.3.7\n", KUBERNETES, "its version is 1.3; required: 1.37"],
		["kubectl", "Client Version: v1.37.1\nKustomize Version: v5.5.0\n", KUBERNETES, undefined],
		["kubectl", "Client Version: v1.32.4-dispatcher\n", KUBERNETES, "its version is 1.32; required: 1.37"],
		["kubectl", "hello\n", KUBERNETES, 'it printed no version: "hello"'],
		["helm", "v4.3.1+g0123456\n", "v4.3.1", undefined],
		["helm", "v4.11.0+g0123456\n", "v4.3.1", undefined],
		["helm", "v4.3\n", "v4.3.1", undefined],
		["helm", "v4.2.9\n", "v4.3.1", "its version is 4.2; required: 4.3 or a newer minor version"],
		["helm", "v3.19.0+g0123456\n", "v4.3.1", "its version is 3.19; required: 4.3 or a newer minor version"],
		["helm", "v5.3.0\n", "v4.3.1", "its version is 5.3; required: 4.3 or a newer minor version"],
	];
	for (const [name, printed, pinned, expected] of cases)
		t.equal(mismatch(VERSION_CHECKS[name]!, printed, pinned), expected, `${name} ${printed.trim()}`);
});
