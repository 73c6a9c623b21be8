// `HelmValues.volumes` and `volumeMounts`. Of all volume kinds those that a namespace's own objects stand behind;
// hostPath is in the schema so that its refusal can say why.
import { CONTAINER_NAME } from "../objects/container.ts";
import { list, number, object, type Schema, text } from "./schema-parts.ts";

/** File mode bits, 0777 in octal. */
const MAX_MODE = 0o777;

const mode = number(0, MAX_MODE);
const items = list(object({ key: text("data-key"), mode, path: text("relative-path") }, ["key", "path"]));
const optional: Schema = { type: "boolean" };

const resourceField = object(
	{
		containerName: text({ enum: [CONTAINER_NAME] }),
		divisor: text("quantity"),
		resource: text({
			enum: ["limits", "requests"].flatMap((kind) =>
				["cpu", "memory", "ephemeral-storage"].map((name) => `${kind}.${name}`),
			),
		}),
	},
	["containerName", "resource"],
);

const downwardItems = list(
	object(
		{
			fieldRef: object({ apiVersion: text({ enum: ["v1"] }), fieldPath: text("field-path") }, ["fieldPath"]),
			mode,
			path: text("relative-path"),
			resourceFieldRef: resourceField,
		},
		["path"],
	),
);

const source = object({
	configMap: object({ items, name: text("object-name"), optional }, ["name"]),
	downwardAPI: object({ items: downwardItems }),
	secret: object({ items, name: text("object-name"), optional }, ["name"]),
});

/** The kinds of volumes that a pod may have; `hostPath` only where the installation allows it. */
export const VOLUME_KINDS = [
	"configMap",
	"downwardAPI",
	"emptyDir",
	"hostPath",
	"persistentVolumeClaim",
	"projected",
	"secret",
];

export const volumeSchema: Schema = object(
	{
		configMap: object({ defaultMode: mode, items, name: text("object-name"), optional }, ["name"]),
		downwardAPI: object({ defaultMode: mode, items: downwardItems }),
		emptyDir: object({ medium: text("medium"), sizeLimit: text("quantity") }),
		hostPath: object(
			{
				path: text("absolute-path"),
				type: text({
					enum: ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"],
				}),
			},
			["path"],
		),
		name: text("volume-name"),
		persistentVolumeClaim: object({ claimName: text("object-name"), readOnly: { type: "boolean" } }, ["claimName"]),
		projected: object({ defaultMode: mode, sources: list(source) }, ["sources"]),
		secret: object({ defaultMode: mode, items, optional, secretName: text("object-name") }, ["secretName"]),
	},
	["name"],
);

export const volumeMountSchema: Schema = object(
	{
		mountPath: text("absolute-path"),
		mountPropagation: text({ enum: ["None", "HostToContainer", "Bidirectional"] }),
		name: text("volume-name"),
		readOnly: { type: "boolean" },
		subPath: text("relative-path"),
	},
	["mountPath", "name"],
);
