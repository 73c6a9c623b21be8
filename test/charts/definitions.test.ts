// CRDs as templates: what Helm prints of them is what they were, and what cannot be put in is refused when it is made.
import t from "tap";
import { definitionTemplate } from "../../charts/generate/definitions.ts";

const DEFINITION = `# A comment.
kind: CustomResourceDefinition
metadata:
  name: things.example.org
  labels:
    a: b
spec:
  description: of {{ .Values.that }}
`;

t.test("a condition around it, an annotation in it, braces as text", async (t) => {
	t.equal(
		definitionTemplate("crds/things.yaml", DEFINITION),
		`{{- /* Generated from crds/things.yaml by \`npm run generate\`. Do not edit. */}}
{{- if .Values.crds.install }}
# A comment.
kind: CustomResourceDefinition
metadata:
  name: things.example.org
  {{- with include "bmc.crdAnnotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
  labels:
    a: b
spec:
  description: of {{ "{{" }} .Values.that {{ "}}" }}
{{- end }}
`,
	);
});

t.test("what has no place for the annotation is refused", async (t) => {
	t.throws(() => definitionTemplate("crds/a.yaml", "metadata:\n  labels: {}\n"), /crds\/a\.yaml: .* name/);
	const annotated = DEFINITION.replace("  labels:", "  annotations: {x: y}\n  labels:");
	t.throws(() => definitionTemplate("crds/a.yaml", annotated), /has annotations already/);
});
