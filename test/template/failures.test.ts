// What is no mistake in a template is thrown: it belongs to whoever calls.
import t from "tap";
import { parseTemplate, renderTemplate, SecretValue, type TemplateLanguage } from "../../src/template/index.ts";

t.test("a language that does not exist", async (t) => {
	t.throws(() => parseTemplate("Jinja" as TemplateLanguage, "t", "text"), TypeError);
});

t.test("a failure of the token function", async (t) => {
	const { template } = parseTemplate("GoTemplate", "t", "{{.}}");
	const token = () => {
		throw new RangeError("no such secret");
	};
	const secret = new SecretValue("a", "b", "c");
	t.throws(() => renderTemplate(template as NonNullable<typeof template>, secret, { token }), /no such secret/);
});
