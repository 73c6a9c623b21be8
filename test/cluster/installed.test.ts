// Where the programs of a family are taken from. Those of the machine are small scripts here that print a version.
import { chmod, mkdir, readdir, readlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { buildFamily, locate } from "./family.ts";
import { VERSION_CHECKS } from "./versions.ts";

/** Writes programs that print a text where they are asked for their version as expected, and fail else. */
const writePrograms = async (folder: string, texts: Record<string, string>): Promise<void> => {
	await mkdir(folder, { recursive: true });
	for (const [name, text] of Object.entries(texts)) {
		const wanted = VERSION_CHECKS[name]?.arguments.join(" ");
		await writeFile(join(folder, name), `#!/bin/sh\n[ "$*" = "${wanted}" ] && printf '%s\\n' "${text}"\n`);
		await chmod(join(folder, name), 0o755);
	}
};

interface World {
	/** On PATH, in this order. */
	first: string;
	second: string;
	assets: string;
	/** Where our own builds are. */
	built: string;
	family: { folder: string; module: string; packages: Record<"kube-apiserver" | "kubectl", string> };
}

/** An environment of its own, with a family that go.mod pins to 1.37.2, and no Go. */
const makeWorld = (t: Test, { assets = false } = {}): World => {
	const folder = t.testdir({ module: { "go.mod": "module x\n\nrequire k8s.io/kubernetes v1.37.2\n" }, cache: {} });
	const world = { first: join(folder, "first"), second: join(folder, "second"), assets: join(folder, "assets") };
	const variables: Record<string, string> = {
		PATH: `${world.first}::relative:${world.second}`,
		XDG_CACHE_HOME: join(folder, "cache"),
		KUBEBUILDER_ASSETS: assets ? world.assets : "",
	};
	for (const [name, value] of Object.entries(variables)) {
		const before = process.env[name];
		process.env[name] = value;
		t.teardown(() => {
			if (before === undefined) delete process.env[name];
			else process.env[name] = before;
		});
	}
	const packages = { "kube-apiserver": "x/kube-apiserver", kubectl: "x/kubectl" };
	const family = { folder: join(folder, "module"), module: "k8s.io/kubernetes", packages };
	return { ...world, built: join(folder, "cache/backup-maker-controller/kubernetes-v1.37.2/bin"), family };
};

const SERVER = "Kubernetes v1.37.5";
const CLIENT = "Client Version: v1.37.5";

t.test("nothing is installed", async (t) => {
	const { family } = makeWorld(t);
	t.same(await locate(family), { found: {}, missing: ["kube-apiserver", "kubectl"], rejected: [] });
});

t.test("the first program on PATH that fits, alone in its folder", async (t) => {
	const { first, second, family } = makeWorld(t);
	await writePrograms(first, { kubectl: "Client Version: v1.30.0", "kube-apiserver": SERVER });
	await writePrograms(second, { kubectl: CLIENT });
	const { found, missing, rejected } = await locate(family);
	t.same(missing, []);
	t.same(rejected, [`${first}/kubectl is not used: its version is 1.30; required: 1.37`]);
	t.equal(await readlink(found["kubectl"]!), join(second, "kubectl"));
	t.equal(await readlink(found["kube-apiserver"]!), join(first, "kube-apiserver"));
	t.same(await readdir(dirname(found["kubectl"]!)), ["kubectl"]);
	t.same((await locate(family)).found, found, "and the same again");
});

t.test("our own build, before one that is on PATH", async (t) => {
	const { first, built, family } = makeWorld(t);
	await writePrograms(first, { kubectl: CLIENT });
	await writePrograms(built, { kubectl: "not asked", "kube-apiserver": "not asked" });
	t.same((await locate(family)).found, {
		"kube-apiserver": join(built, "kube-apiserver"),
		kubectl: join(built, "kubectl"),
	});
});

t.test("KUBEBUILDER_ASSETS, before our own builds; where one does not fit, our own", async (t) => {
	const { assets, built, family } = makeWorld(t, { assets: true });
	await writePrograms(assets, { kubectl: CLIENT, "kube-apiserver": "Kubernetes v1.36.0" });
	await writePrograms(built, { kubectl: "not asked", "kube-apiserver": "not asked" });
	t.same(await locate(family), {
		found: { kubectl: join(assets, "kubectl"), "kube-apiserver": join(built, "kube-apiserver") },
		missing: [],
		rejected: [`${assets}/kube-apiserver is not used: its version is 1.36; required: 1.37`],
	});
});

t.test("programs that do not work", async (t) => {
	const { first, second, family } = makeWorld(t);
	await writePrograms(first, {});
	await writeFile(join(first, "kubectl"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
	await writeFile(join(first, "kube-apiserver"), "#!/no/such/interpreter\n", { mode: 0o755 });
	await writePrograms(second, {});
	await writeFile(join(second, "kubectl"), "not executable", { mode: 0o644 });
	const { missing, rejected } = await locate(family);
	t.same(missing, ["kube-apiserver", "kubectl"]);
	t.match(rejected.sort(), [
		/first\/kube-apiserver is not used: it cannot be run: .*ENOENT/,
		/first\/kubectl is not used: `kubectl version --client` ended with exit code 3/,
	]);
});

t.test("only what is missing is built, by one call of Go", async (t) => {
	const { first, built, family } = makeWorld(t);
	await writePrograms(first, { kubectl: CLIENT });
	// Go as far as the build asks it: the last argument but the packages is the output, a file where there is one program.
	const go = '#!/bin/sh\nfor word; do case $word in */output/*) printf "%s" "$*" >"$word";; esac; done\n';
	await writeFile(join(first, "go"), go, { mode: 0o755 });
	const programs = await buildFamily(family);
	t.equal(programs["kube-apiserver"], join(built, "kube-apiserver"));
	t.equal(await readlink(programs.kubectl), join(first, "kubectl"));
	t.same(await readdir(dirname(built)), ["bin"], "neither a lock nor a folder stays");
});

t.test("a build without Go", async (t) => {
	const { family } = makeWorld(t);
	await t.rejects(buildFamily(family), { message: "Go is required to build the programs of the test cluster" });
});
