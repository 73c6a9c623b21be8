// What the stories have in common: a team's ScheduledBackup into the WebDAV store, with a key that the controller makes.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Fields, manifest, scheduledBackup, secret } from "../integration/support/objects.ts";
import { awaitReady } from "../integration/support/status.ts";
import { RESTRICTED } from "./procedures.ts";
import { startStore } from "./servers.ts";
import type { World } from "./world.ts";

export const STORE_TOKEN = "token-of-the-store";

export interface Story {
	/** Namespace of the servers. */
	servers: string;
	/** Namespace of the ScheduledBackup, under pod security `restricted`. */
	team: string;
	/** Name of the ScheduledBackup and of its collection. */
	name: string;
	/** Folder of the machine with what was stored. */
	collection: string;
	/** Names of what is stored. */
	stored(): Promise<string[]>;
}

/** Two namespaces and a store. In: the story's name. */
export const beginStory = async (world: World, name: string): Promise<Story> => {
	const servers = await world.namespace(`${name}-servers`);
	const team = await world.namespace(`${name}-team`, { "pod-security.kubernetes.io/enforce": "restricted" });
	const folder = await startStore(world, servers, STORE_TOKEN);
	const collection = join(folder, name);
	const stored = (): Promise<string[]> =>
		readdir(collection).then(
			(names) => names.sort(),
			() => [],
		);
	return { servers, team, name, collection, stored };
};

/** A ScheduledBackup into the story's store. In: its procedure, `Params`, further `HelmValues` and fields of `spec`. */
export const storyBackup = (
	{ servers, team, name }: Story,
	{ procedure, params, pod = {}, spec = {} }: { procedure: string; params: Fields; pod?: Fields; spec?: Fields },
) =>
	scheduledBackup(
		name,
		{
			cronJob: undefined,
			collectionId: name,
			templateRef: { name: procedure },
			gpgKeySecretRef: { secretName: "keys", email: "team@example.org", createIfNotExists: true },
			tokenSecretRef: { secretName: "access" },
			vars: JSON.stringify({
				Params: params,
				Repository: { url: `http://store.${servers}.svc:8080` },
				HelmValues: { imagePullPolicy: "Never", ...RESTRICTED, ...pod },
			}),
			varsSecretRef: { secretName: "access", importOnlyKeys: ["Params.password"] },
			...spec,
		},
		{ namespace: team },
	);

/** The team's Secret: the database's password and the store's. */
export const storyAccess = ({ team }: Pick<Story, "team">, password: string) =>
	secret("access", { token: STORE_TOKEN, "Params.password": password }, { namespace: team });

/** Applies the procedure, the Secret with the password, and the ScheduledBackup; waits until it is Ready. */
export const declare = async (
	world: World,
	story: Story,
	{ procedure, password, backup }: { procedure: object; password: string; backup: object },
): Promise<void> => {
	await world.apply(manifest(procedure, storyAccess(story, password), backup));
	await awaitReady(world, { namespace: story.team, name: story.name });
};
