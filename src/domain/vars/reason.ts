// What js-yaml says is wrong, without what it quotes of the text: that may be a secret.

/** `unidentified alias "x"`, `unknown scalar tag !<!x>`, `…: x`. */
const QUOTED_TEXT = /(?: "|: | !<).*$/s;

/** The reason as words of the parser alone. */
export const reasonWithoutText = (reason: string): string => reason.replace(QUOTED_TEXT, "");
