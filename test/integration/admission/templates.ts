// Mistakes in templates, in references to them, and in what they make of the variables.
import { manifest, template } from "../support/objects.ts";
import { backup, type Rows } from "./row.ts";

const templateOf = (spec: object): string => manifest(template("broken", { ...spec }));

/** Applied before the table: what its ScheduledBackups refer to besides the fixtures. */
export const templateFixtures = manifest(
	template("reads-more", {
		backup: "echo {{ .Params.user }} {{ .Params.port }}\n",
		restore: "echo {{ .Params.port }} {{ .Repository.bucket }}\n",
	}),
	template("compares", { backup: 'echo {{ if eq .Params.password "x" }}y{{ end }} {{ len .Params.host }}\n' }),
	template("backup-only", { restore: "" }),
	template("conditional", {
		backup: '{{ if index .Params "on" }}echo{{ end }}\n',
		restore: "echo {{ .Params.password }}\n",
	}),
	template("handlebars", { templateLanguage: "Handlebars", backup: "echo {{Params.user}}\n", restore: "" }),
);

export const templateRows: Rows = {
	"a template that does not exist": {
		input: backup({ templateRef: { name: "nosuch" } }),
		denied: ['spec.templateRef.name: ClusterBackupProcedureTemplate "nosuch" does not exist'],
	},
	"an internal procedure that does not exist": {
		input: backup({ templateRef: { kind: "internal", name: "postgresql" } }),
		denied: ['spec.templateRef.name: there is no internal procedure "postgresql"; there are mysql-dump, postgres, tar'],
	},
	"a kind of template that does not exist": {
		input: backup({ templateRef: { kind: "Internal", name: "tar" } }),
		denied: [
			'spec.templateRef.kind: Unsupported value: "Internal": supported values: "ClusterBackupProcedureTemplate", "internal"',
		],
	},
	"variables that a template misses": {
		input: backup({ templateRef: { name: "reads-more" } }),
		denied: [
			'spec.vars: template: reads-more:1:15: executing "reads-more" at <.Params.user>: map has no entry for key "user" (ClusterBackupProcedureTemplate "reads-more", backup script)',
			'spec.vars: template: reads-more:1:34: executing "reads-more" at <.Params.port>: map has no entry for key "port" (ClusterBackupProcedureTemplate "reads-more", backup script)',
			'spec.vars: template: reads-more:1:38: executing "reads-more" at <.Repository.bucket>: map has no entry for key "bucket" (ClusterBackupProcedureTemplate "reads-more", restore script)',
		],
	},
	"a variable that a Handlebars template misses": {
		input: backup({ templateRef: { name: "handlebars" } }),
		denied: [
			'spec.vars: template: handlebars:1:7: executing "handlebars" at <Params.user>: map has no entry for key "user" (ClusterBackupProcedureTemplate "handlebars", backup script)',
		],
	},
	"a variable that an internal procedure misses": {
		input: backup({ templateRef: { kind: "internal", name: "tar" } }),
		denied: [
			'spec.vars: template: tar:9:35: executing "tar" at <.Repository.token>: map has no entry for key "token" (internal procedure "tar", backup script)',
			'spec.vars: template: tar:12:34: executing "tar" at <.Repository.recipient>: map has no entry for key "recipient" (internal procedure "tar", backup script)',
			'spec.vars: template: tar:18:30: executing "tar" at <.Params.path>: map has no entry for key "path" (internal procedure "tar", backup script)',
		],
	},
	"a secret that is more than printed": {
		input: backup({ templateRef: { name: "compares" } }),
		denied: [
			'spec.vars: template: compares:1:11: executing "compares" at <eq .Params.password "x">: error calling eq: Params.password is a secret, its value is not known here: it can be printed, quoted (shellQuote, quote, squote, b64enc, urlquery), given a default, or tested for presence (ClusterBackupProcedureTemplate "compares", backup script)',
		],
	},
	"a value of null that is printed": {
		input: backup({ vars: "Params: {host: }\n" }),
		denied: [
			'spec.vars: template: simple:1:15: executing "simple" at <.Params.host>: null cannot be printed (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"the script that the schedule runs is empty": {
		input: backup({ operation: "restore", templateRef: { name: "backup-only" } }),
		denied: [
			'spec.operation: ClusterBackupProcedureTemplate "backup-only" has no restore script; choose the other operation or another template',
		],
	},
	"the script that the schedule runs does nothing over these vars": {
		input: backup({ templateRef: { name: "conditional" } }),
		denied: [
			'spec.operation: the backup script of ClusterBackupProcedureTemplate "conditional" does nothing: over these vars it has no command; set the variables by which the template decides what to do',
		],
	},
	"a template whose image is none": {
		input: templateOf({ image: "https://example.org/Tools:1" }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: [
			'spec.image: Invalid value: "https://example.org/Tools:1": must be an image reference such as registry.example.org/team/tools:1.2',
		],
	},
	"a template that does not parse": {
		input: templateOf({ backup: "echo\necho {{ .Params.x \n", restore: "{{ if .A }}x" }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: [
			"spec.backup: template: broken:3: unclosed action started at broken:2",
			"spec.restore: template: broken:1: unexpected EOF",
		],
	},
	"a Handlebars template that does not parse": {
		input: templateOf({ templateLanguage: "Handlebars", backup: "{{#if A}}x", restore: "{{> partial}}" }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: [
			"spec.backup: template: broken:1: unexpected 'EOF'",
			"spec.restore: template: broken:1: partials are not supported",
		],
	},
	"a template that calls what there is not": {
		input: templateOf({ backup: '{{ env "HOME" }}', restore: '{{ template "x" }}' }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: ['spec.backup: template: broken:1: function "env" not defined'],
	},
	"a template without any script": {
		input: templateOf({ backup: "", restore: "" }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: ["spec.backup: Required value: a template needs a backup script, a restore script, or both"],
	},
	"a template with mistakes of every kind": {
		input: templateOf({ image: "a b", templateLanguage: "Jinja", backup: "{{ end }}" }),
		object: 'ClusterBackupProcedureTemplate "broken"',
		denied: [
			'spec.templateLanguage: Unsupported value: "Jinja": supported values: "GoTemplate", "Handlebars"',
			'spec.image: Invalid value: "a b": must be an image reference such as registry.example.org/team/tools:1.2',
			"spec.backup: template: broken:1: unexpected {{end}}",
		],
	},
};
