// The parts of GitHub's, pre-commit's and Renovate's formats that the project uses, closed: a key that is not listed here is
// refused, so that a mistyped one is found. The formats: docs.github.com "Metadata syntax for GitHub Actions" and "Syntax for
// GitHub's form schema", pre-commit.com "Creating new hooks", docs.renovatebot.com "Configuration options".

const text = { type: "string", minLength: 1 } as const;
const texts = { type: "array", items: text, minItems: 1 } as const;
const textMap = { type: "object", additionalProperties: { type: "string" } } as const;

const closed = (properties: Record<string, object>, required: readonly string[]): object => ({
	type: "object",
	additionalProperties: false,
	properties,
	required,
});

/** action.yml of a composite action. */
export const action = closed(
	{
		name: text,
		description: { ...text, maxLength: 125 },
		author: text,
		branding: closed({ icon: text, color: { enum: ["white", "black", "yellow", "blue", "green", "orange", "red"] } }, [
			"icon",
			"color",
		]),
		inputs: {
			type: "object",
			propertyNames: { pattern: "^[a-z][a-z-]*$" },
			additionalProperties: closed({ description: text, required: { type: "boolean" }, default: { type: "string" } }, [
				"description",
				"required",
			]),
		},
		runs: closed(
			{
				using: { const: "composite" },
				steps: {
					type: "array",
					items: {
						oneOf: [
							closed({ uses: text, with: { type: "object" } }, ["uses"]),
							closed({ name: text, shell: { const: "bash" }, env: textMap, run: text }, ["run", "shell"]),
						],
					},
				},
			},
			["using", "steps"],
		),
	},
	["name", "description", "inputs", "runs"],
);

/** .pre-commit-hooks.yaml */
export const hooks = {
	type: "array",
	minItems: 1,
	items: closed(
		{
			id: { type: "string", pattern: "^[a-z-]+$" },
			name: text,
			description: text,
			entry: text,
			language: { const: "system" },
			pass_filenames: { type: "boolean" },
			types_or: { type: "array", items: { enum: ["yaml", "json"] } },
			args: texts,
		},
		["id", "name", "entry", "language"],
	),
};

const label = closed(
	{
		label: text,
		description: text,
		placeholder: text,
		render: { enum: ["yaml", "shell"] },
		options: { ...texts, uniqueItems: true },
	},
	["label"],
);
const field = (type: string, attributes: object): object =>
	closed(
		{
			type: { const: type },
			id: { type: "string", pattern: "^[a-z_-]+$" },
			attributes,
			validations: closed({ required: { type: "boolean" } }, []),
		},
		["type", "id", "attributes"],
	);

/** A form in .github/ISSUE_TEMPLATE. */
export const issueForm = closed(
	{
		name: text,
		description: text,
		labels: texts,
		body: {
			type: "array",
			minItems: 1,
			items: {
				oneOf: [
					closed({ type: { const: "markdown" }, attributes: closed({ value: text }, ["value"]) }, [
						"type",
						"attributes",
					]),
					field("textarea", label),
					field("input", label),
					field("dropdown", { allOf: [label, { required: ["options"] }] }),
				],
			},
		},
	},
	["name", "description", "body"],
);

/** .github/ISSUE_TEMPLATE/config.yml */
export const issueConfig = closed(
	{
		blank_issues_enabled: { type: "boolean" },
		contact_links: {
			type: "array",
			items: closed({ name: text, url: { type: "string", pattern: "^https://" }, about: text }, [
				"name",
				"url",
				"about",
			]),
		},
	},
	["blank_issues_enabled", "contact_links"],
);

const managers = { type: "array", items: { enum: ["npm", "gomod", "github-actions"] }, minItems: 1 };

/** renovate.json */
export const renovate = closed(
	{
		$schema: text,
		extends: texts,
		timezone: text,
		schedule: texts,
		minimumReleaseAge: text,
		rangeStrategy: { enum: ["pin"] },
		postUpdateOptions: { type: "array", items: { enum: ["gomodTidy"] } },
		lockFileMaintenance: closed({ enabled: { type: "boolean" } }, ["enabled"]),
		vulnerabilityAlerts: closed({ labels: texts, schedule: texts, minimumReleaseAge: { type: "null" } }, []),
		packageRules: {
			type: "array",
			items: closed(
				{
					description: text,
					matchPackageNames: texts,
					matchManagers: managers,
					matchDepTypes: { type: "array", items: { enum: ["devDependencies"] } },
					groupName: text,
				},
				["groupName"],
			),
		},
		customManagers: {
			type: "array",
			items: closed(
				{
					description: text,
					customType: { const: "regex" },
					managerFilePatterns: texts,
					matchStrings: texts,
					depNameTemplate: text,
					datasourceTemplate: { const: "node-version" },
				},
				["customType", "managerFilePatterns", "matchStrings", "depNameTemplate", "datasourceTemplate"],
			),
		},
	},
	["extends"],
);
