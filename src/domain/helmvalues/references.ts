// Which Secrets the pod options name: the requesting user must be allowed to read each of them, and each is watched.
import type { HelmValues } from "../helmvalues.ts";
import { indexed, type Loose } from "./shape.ts";

/** A Secret's name and the place in vars that names it: `HelmValues.envFrom[0]`. */
export interface NamedSecret {
	name: string;
	where: string;
}

type Found = { name: string | undefined; where: string };

const volumeSecrets = (values: Loose<Omit<HelmValues, "env">>): Found[] =>
	indexed(values.volumes).flatMap(([index, volume]) => {
		const where = `HelmValues.volumes[${index}]`;
		return [
			{ name: volume.secret?.secretName, where },
			...indexed(volume.projected?.sources).map(([source, { secret }]) => ({
				name: secret?.name,
				where: `${where}.projected.sources[${source}]`,
			})),
		];
	});

/**
 * Every Secret that the options name: in `envFrom`, volumes, projected volumes and `imagePullSecrets`. Those that `env`
 * refers to are not among them: they come from the vars Secret, which the object's own spec names.
 */
export const secretNamesIn = (values: HelmValues): NamedSecret[] => {
	const loose: Loose<Omit<HelmValues, "env">> = values as Loose<Omit<HelmValues, "env">>;
	const found: Found[] = [
		...indexed(loose.envFrom).map(([index, { secretRef }]) => ({
			name: secretRef?.name,
			where: `HelmValues.envFrom[${index}]`,
		})),
		...volumeSecrets(loose),
		...indexed(loose.imagePullSecrets).map(([index, { name }]) => ({
			name,
			where: `HelmValues.imagePullSecrets[${index}]`,
		})),
	];
	return found.filter((item): item is NamedSecret => item.name !== undefined);
};
