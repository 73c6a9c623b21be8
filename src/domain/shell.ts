// Templates may print a variable unquoted, as the original's examples say: "any ${...} and $(...) will be executed in the
// pod". What such a value comes to is then known in the pod alone, and no check may pretend to know it.

/** Whether bash may make something else of this text: parameters, commands, arithmetic. */
export const isComputed = (text: string): boolean => /[$`]/.test(text);
