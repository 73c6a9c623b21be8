// What the demo on a node needs around its steps: the node, servers, and manifests in a folder.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findHelm } from "../cluster/binaries.ts";
import { BUILDS } from "../cluster/buildlist.ts";
import { kubectlOf } from "../cluster/session.ts";
import { postgresProcedure } from "../e2e/procedures.ts";
import { inServer, startPostgres, startStore } from "../e2e/servers.ts";
import { type Story, storyAccess, storyBackup } from "../e2e/stories.ts";
import type { World } from "../e2e/world.ts";
import { action, manifest, namespace } from "../integration/support/objects.ts";
import type { KubernetesNode } from "../node/node.ts";
import { missingPackages, obstacle, prepareNode } from "../node/prepare.ts";
import { pathWith } from "./steps.ts";

/** Why the node's part cannot be shown now, for people; undefined where nothing has to be built, installed or fetched for it. */
export const nodeObstacle = async (): Promise<string | undefined> => {
	const reason = obstacle();
	if (reason !== undefined) return `not possible here: ${reason}`;
	const missing = await missingPackages();
	if (missing.length > 0) return `not possible yet: apt-get install ${missing.join(" ")}`;
	const needed = BUILDS.filter(({ stages }) => stages.includes("e2e"));
	const made = await Promise.all(needed.map(({ isMade }) => isMade()));
	return made.includes(false) ? "not possible yet: `make e2e` builds what it needs" : undefined;
};

const PASSWORD = "not-a-real-password";
const STORY: Story = { servers: "data", team: "team", name: "database", collection: "", stored: async () => [] };

const writeManifests = async (folder: string): Promise<void> => {
	const { servers, team, name } = STORY;
	const params = { hostname: `postgres.${servers}.svc`, user: "app", db: "app" };
	const spec = { cronJob: { enabled: true, scheduleEvery: "* * * * *" } };
	const restore = action("restore", name, { action: "restore", targetVersion: "v1" }, { namespace: team });
	const files = {
		"procedure.yaml": postgresProcedure,
		"secret.yaml": storyAccess(STORY, PASSWORD),
		"backup.yaml": storyBackup(STORY, { procedure: postgresProcedure.metadata.name, params, spec }),
		"restore.yaml": restore,
	};
	for (const [file, object] of Object.entries(files)) await writeFile(join(folder, file), manifest(object));
};

const startServers = async (node: KubernetesNode, folder: string): Promise<void> => {
	const client = kubectlOf(node);
	const world: World = { ...client, node, shared: join(folder, "shared"), namespace: async (name) => name };
	await client.apply(manifest(namespace(STORY.servers), namespace(STORY.team)));
	const [store] = await Promise.all([
		startStore(world, STORY.servers, "token-of-the-store"),
		startPostgres(world, STORY.servers, PASSWORD),
	]);
	await symlink(store, join(folder, "store"));
	const rows = "CREATE TABLE orders AS SELECT n AS id, 'order ' || n AS note FROM generate_series(1, 1000) n";
	await inServer(world, STORY.servers, "postgres", `psql -qU app app -c "${rows}"`);
};

/** Starts all that the story takes for granted. Out: the environment of its commands, and how to end it. */
export const startNodeDemo = async (
	folder: string,
): Promise<{ environment: Record<string, string>; stop: () => Promise<void> }> => {
	const helm = await findHelm();
	const node = await prepareNode(join(folder, "node"));
	try {
		await mkdir(join(folder, "manifests"));
		await writeManifests(join(folder, "manifests"));
		await startServers(node, join(folder, "manifests"));
	} catch (error) {
		await node.stop();
		throw error;
	}
	const path = await pathWith(folder, { kubectl: node.binaries.kubectl, helm });
	const environment = { DEMO: join(folder, "manifests"), HOME: folder, KUBECONFIG: node.kubeconfig, PATH: path };
	return { environment, stop: () => node.stop() };
};
