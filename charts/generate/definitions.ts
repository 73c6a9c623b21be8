// The CRDs as templates of the chart: Helm's own `crds/` folder installs them once and never upgrades them, so they are
// templates like everything else, with a value that leaves them out and one that keeps them at an uninstall.

const CONDITION = "{{- if .Values.crds.install }}\n";
const ANNOTATIONS = `  {{- with include "bmc.crdAnnotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
`;

/** Text that Helm prints as it is: its descriptions may speak of `{{ templates }}`. */
const literal = (text: string): string => text.replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);

/**
 * One file of `crds/` as a template.
 * @param source its path, named in the template's first line.
 * @throws Error where `metadata.name` is not where it always is, or has annotations that ours would double.
 */
export const definitionTemplate = (source: string, text: string): string => {
	const [, before, after] = /^(.*?^metadata:\n {2}name: \S+\n)(.*)$/ms.exec(text) ?? [];
	if (before === undefined || after === undefined) throw new Error(`${source}: metadata does not begin with a name`);
	if (/^ {2}annotations:/m.test(text)) throw new Error(`${source}: has annotations already`);
	const head = `{{- /* Generated from ${source} by \`npm run generate\`. Do not edit. */}}\n`;
	return `${head}${CONDITION}${literal(before)}${ANNOTATIONS}${literal(after).trimEnd()}\n{{- end }}\n`;
};
