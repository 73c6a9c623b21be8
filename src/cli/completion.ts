// `completion`: what makes a shell complete our commands, made from the table that the help is made from.
import { COMMANDS, PROGRAM_FLAGS, type Shell } from "../config/flags.ts";
import { bashScript } from "./completion/bash.ts";
import { fishScript } from "./completion/fish.ts";
import { zshScript } from "./completion/zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The script of a shell, with its final line break. */
export const completionScript = (shell: Shell): string => SCRIPTS[shell](COMMANDS, PROGRAM_FLAGS);
