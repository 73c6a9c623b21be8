// Generated from crds/*.yaml by `npm run generate`. Do not edit: change the CRD and generate again.
import type { KubernetesObject } from "./kubernetes.ts";
import type { Schema } from "./schema.ts";

/** The schemas of our kinds, by kind, without descriptions. */
export const schemas: Readonly<Record<string, Schema>> = {
	ScheduledBackup: {
		type: "object",
		required: ["spec"],
		properties: {
			apiVersion: { type: "string" },
			kind: { type: "string" },
			metadata: { type: "object" },
			spec: {
				type: "object",
				required: ["operation", "collectionId", "templateRef"],
				"x-kubernetes-validations": [
					{
						rule: "!has(self.tokenSecretRef) || !has(self.gpgKeySecretRef) || self.tokenSecretRef.secretName != self.gpgKeySecretRef.secretName || !(self.tokenSecretRef.tokenKey in [self.gpgKeySecretRef.privateKey, self.gpgKeySecretRef.publicKey, self.gpgKeySecretRef.passphraseKey])",
						message: "names a data key that gpgKeySecretRef uses for the GPG identity in the same Secret",
						reason: "FieldValueInvalid",
						fieldPath: ".tokenSecretRef.tokenKey",
					},
				],
				properties: {
					operation: { type: "string", enum: ["backup", "restore"] },
					cronJob: {
						type: "object",
						properties: {
							enabled: { type: "boolean", default: true },
							scheduleEvery: {
								type: "string",
								minLength: 1,
								maxLength: 256,
								default: "00 02 * * *",
								"x-kubernetes-validations": [
									{
										rule: "!self.contains('TZ')",
										message: "cannot hold TZ or CRON_TZ; put the time zone into timeZone",
										reason: "FieldValueInvalid",
									},
									{
										rule: "self.contains('TZ') || self.matches('^@(hourly|daily|midnight|weekly|monthly|yearly|annually|every [^\\\\n]+)$') || self.matches('^\\\\s*[^\\\\s@]\\\\S*(\\\\s+\\\\S+){4}\\\\s*$')",
										message:
											"must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly, @every <duration>",
										reason: "FieldValueInvalid",
									},
								],
							},
							timeZone: {
								type: "string",
								minLength: 1,
								maxLength: 64,
								default: "Etc/UTC",
								pattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
								"x-kubernetes-validations": [
									{
										rule: "self.lowerAscii() != 'local'",
										message:
											"must be the name of a time zone, such as Etc/UTC or Europe/Warsaw; the zone of a machine is not one",
										reason: "FieldValueInvalid",
									},
								],
							},
							suspend: { type: "boolean", default: false },
							concurrencyPolicy: { type: "string", enum: ["Allow", "Forbid", "Replace"], default: "Forbid" },
							startingDeadlineSeconds: { type: "integer", format: "int64", minimum: 0 },
							successfulJobsHistoryLimit: { type: "integer", format: "int32", minimum: 0, default: 3 },
							failedJobsHistoryLimit: { type: "integer", format: "int32", minimum: 0, default: 1 },
						},
					},
					collectionId: {
						type: "string",
						minLength: 1,
						maxLength: 253,
						"x-kubernetes-validations": [
							{
								rule: "!self.matches('\\\\p{Cc}')",
								message: "cannot hold control characters (line breaks, tabs …)",
								reason: "FieldValueInvalid",
							},
						],
					},
					gpgKeySecretRef: {
						type: "object",
						required: ["secretName"],
						"x-kubernetes-validations": [
							{
								rule: "!self.createIfNotExists || (has(self.email) && self.email != '')",
								message: "an e-mail address is needed to make a key (createIfNotExists is true)",
								reason: "FieldValueRequired",
								fieldPath: ".email",
							},
							{
								rule: "!self.createIfNotExists || !has(self.email) || self.email == '' || self.email.matches('^[^@<>()\",;:\\\\\\\\\\\\s]+@[^@<>()\",;:\\\\\\\\\\\\s]+$')",
								message: "must be an e-mail address, since a key is made for it (createIfNotExists is true)",
								reason: "FieldValueInvalid",
								fieldPath: ".email",
							},
							{
								rule: "self.privateKey != self.publicKey",
								message: "must be another data key than privateKey",
								reason: "FieldValueInvalid",
								fieldPath: ".publicKey",
							},
							{
								rule: "self.passphraseKey != self.privateKey && self.passphraseKey != self.publicKey",
								message: "must be another data key than privateKey and publicKey",
								reason: "FieldValueInvalid",
								fieldPath: ".passphraseKey",
							},
						],
						properties: {
							secretName: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
							},
							email: { type: "string", maxLength: 254 },
							createIfNotExists: { type: "boolean", default: false },
							privateKey: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								default: "key",
								pattern: "^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$",
							},
							publicKey: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								default: "key.pub",
								pattern: "^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$",
							},
							passphraseKey: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								default: "passphrase",
								pattern: "^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$",
							},
						},
					},
					tokenSecretRef: {
						type: "object",
						required: ["secretName"],
						properties: {
							secretName: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
							},
							tokenKey: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								default: "token",
								pattern: "^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$",
							},
						},
					},
					templateRef: {
						type: "object",
						required: ["name"],
						properties: {
							kind: {
								type: "string",
								enum: ["ClusterBackupProcedureTemplate", "internal"],
								default: "ClusterBackupProcedureTemplate",
							},
							name: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
							},
						},
					},
					vars: { type: "string", maxLength: 262144 },
					varsSecretRef: {
						type: "object",
						required: ["secretName"],
						properties: {
							secretName: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
							},
							importOnlyKeys: {
								type: "array",
								maxItems: 256,
								"x-kubernetes-list-type": "set",
								items: {
									type: "string",
									minLength: 1,
									maxLength: 253,
									pattern: "^[-_a-zA-Z0-9]+(\\.[-_a-zA-Z0-9]+)*$",
									"x-kubernetes-validations": [
										{
											rule: "!self.matches('(^|[.])(__proto__|constructor|prototype)([.]|$)')",
											message: "cannot hold a path segment named __proto__, constructor or prototype",
											reason: "FieldValueForbidden",
										},
									],
								},
							},
						},
					},
				},
			},
			status: {
				type: "object",
				default: { observedGeneration: -1 },
				properties: {
					observedGeneration: { type: "integer", format: "int64" },
					conditions: {
						type: "array",
						"x-kubernetes-list-type": "map",
						"x-kubernetes-list-map-keys": ["type"],
						items: {
							type: "object",
							required: ["type", "status", "lastTransitionTime", "reason", "message"],
							properties: {
								type: {
									type: "string",
									maxLength: 316,
									pattern:
										"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
								},
								status: { type: "string", enum: ["True", "False", "Unknown"] },
								observedGeneration: { type: "integer", format: "int64", minimum: 0 },
								lastTransitionTime: { type: "string", format: "date-time" },
								reason: {
									type: "string",
									minLength: 1,
									maxLength: 1024,
									pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
								},
								message: { type: "string", maxLength: 32768 },
							},
						},
					},
					lastAppliedSpecHash: { type: "string" },
					ownedReferences: {
						type: "array",
						"x-kubernetes-list-type": "atomic",
						items: {
							type: "object",
							required: ["apiVersion", "kind", "name"],
							properties: {
								apiVersion: { type: "string" },
								kind: { type: "string" },
								name: { type: "string" },
								uid: { type: "string" },
							},
						},
					},
					healthy: { type: "boolean" },
					childrenResourcesHealth: {
						type: "array",
						"x-kubernetes-list-type": "atomic",
						items: {
							type: "object",
							required: ["kind", "name", "running", "failed"],
							properties: {
								kind: { type: "string" },
								name: { type: "string" },
								running: { type: "boolean" },
								failed: { type: "boolean" },
								message: { type: "string" },
							},
						},
					},
					gpgKey: {
						type: "object",
						properties: {
							fingerprint: { type: "string" },
							expirationTime: { type: "string", format: "date-time" },
							secretName: { type: "string" },
							privateKey: { type: "string" },
							publicKey: { type: "string" },
							pendingFingerprint: { type: "string" },
						},
					},
					lastScheduleTime: { type: "string", format: "date-time" },
					nextScheduleTime: { type: "string", format: "date-time" },
					lastSuccessfulTime: { type: "string", format: "date-time" },
					lastFailedTime: { type: "string", format: "date-time" },
					active: {
						type: "array",
						"x-kubernetes-list-type": "atomic",
						items: {
							type: "object",
							required: ["name", "uid"],
							properties: { name: { type: "string" }, uid: { type: "string" } },
						},
					},
				},
			},
		},
	},
	RequestedBackupAction: {
		type: "object",
		required: ["spec"],
		properties: {
			apiVersion: { type: "string" },
			kind: { type: "string" },
			metadata: { type: "object" },
			spec: {
				type: "object",
				required: ["action", "scheduledBackupRef"],
				"x-kubernetes-validations": [
					{
						rule: "self == oldSelf",
						message: "an action cannot be changed, since it runs once; create a new RequestedBackupAction instead",
						reason: "FieldValueForbidden",
					},
					{
						rule: "!has(self.targetVersion) || self.action == 'restore'",
						message: "only a restore has a version to restore; a backup makes a new one",
						reason: "FieldValueForbidden",
						fieldPath: ".targetVersion",
					},
				],
				properties: {
					action: { type: "string", enum: ["backup", "restore"] },
					scheduledBackupRef: {
						type: "object",
						required: ["name"],
						properties: {
							name: {
								type: "string",
								minLength: 1,
								maxLength: 253,
								pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
							},
						},
					},
					kindType: { type: "string", enum: ["Job"], default: "Job" },
					targetVersion: { type: "string", minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
				},
			},
			status: {
				type: "object",
				default: { observedGeneration: -1 },
				properties: {
					observedGeneration: { type: "integer", format: "int64" },
					phase: { type: "string", enum: ["Pending", "Running", "Succeeded", "Failed"] },
					processed: { type: "boolean" },
					startTime: { type: "string", format: "date-time" },
					completionTime: { type: "string", format: "date-time" },
					targetVersion: { type: "string" },
					jobName: { type: "string" },
					jobUID: { type: "string" },
					conditions: {
						type: "array",
						"x-kubernetes-list-type": "map",
						"x-kubernetes-list-map-keys": ["type"],
						items: {
							type: "object",
							required: ["type", "status", "lastTransitionTime", "reason", "message"],
							properties: {
								type: {
									type: "string",
									maxLength: 316,
									pattern:
										"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
								},
								status: { type: "string", enum: ["True", "False", "Unknown"] },
								observedGeneration: { type: "integer", format: "int64", minimum: 0 },
								lastTransitionTime: { type: "string", format: "date-time" },
								reason: {
									type: "string",
									minLength: 1,
									maxLength: 1024,
									pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
								},
								message: { type: "string", maxLength: 32768 },
							},
						},
					},
					failureReason: { type: "string" },
					message: { type: "string" },
					ownedReferences: {
						type: "array",
						"x-kubernetes-list-type": "atomic",
						items: {
							type: "object",
							required: ["apiVersion", "kind", "name"],
							properties: {
								apiVersion: { type: "string" },
								kind: { type: "string" },
								name: { type: "string" },
								uid: { type: "string" },
							},
						},
					},
					healthy: { type: "boolean" },
					childrenResourcesHealth: {
						type: "array",
						"x-kubernetes-list-type": "atomic",
						items: {
							type: "object",
							required: ["kind", "name", "running", "failed"],
							properties: {
								kind: { type: "string" },
								name: { type: "string" },
								running: { type: "boolean" },
								failed: { type: "boolean" },
								message: { type: "string" },
							},
						},
					},
				},
			},
		},
	},
	ClusterBackupProcedureTemplate: {
		type: "object",
		required: ["spec"],
		properties: {
			apiVersion: { type: "string" },
			kind: { type: "string" },
			metadata: { type: "object" },
			spec: {
				type: "object",
				required: ["image", "backup", "restore"],
				"x-kubernetes-validations": [
					{
						rule: "self.backup != '' || self.restore != ''",
						message: "a template needs a backup script, a restore script, or both",
						reason: "FieldValueRequired",
						fieldPath: ".backup",
					},
				],
				properties: {
					image: {
						type: "string",
						minLength: 1,
						maxLength: 1024,
						"x-kubernetes-validations": [
							{
								rule: "self == '' || self.matches(r'^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$')",
								message: "must be an image reference such as registry.example.org/team/tools:1.2",
								reason: "FieldValueInvalid",
							},
						],
					},
					backup: { type: "string", maxLength: 262144 },
					restore: { type: "string", maxLength: 262144 },
					templateLanguage: { type: "string", enum: ["GoTemplate", "Handlebars"], default: "GoTemplate" },
				},
			},
		},
	},
};

const apiVersions: Readonly<Record<string, string>> = {
	ScheduledBackup: "riotkit.org/v1alpha1",
	RequestedBackupAction: "riotkit.org/v1alpha1",
	ClusterBackupProcedureTemplate: "riotkit.org/v1alpha1",
};

/** The schema of an object; undefined where its kind or version is not ours. */
export const schemaOf = (object: KubernetesObject): Schema | undefined => {
	const kind = object.kind ?? "";
	if (!Object.hasOwn(schemas, kind) || object.apiVersion !== apiVersions[kind]) return undefined;
	return schemas[kind];
};
