/** One boundary of the code style, as a snippet that lint refuses and a twin that it accepts in the same place. */
export interface Boundary {
  readonly sentence: string;
  /** Folder of the repository in which both snippets are linted. */
  readonly folder: string;
  /** Id of the rule that must complain, and a piece of its message. */
  readonly rule: string;
  readonly because: string;
  readonly refused: string;
  readonly accepted: string;
}

export const MODULES = '@nx/enforce-module-boundaries';
export const IMPORTS = '@typescript-eslint/no-restricted-imports';
export const SYNTAX = 'no-restricted-syntax';
