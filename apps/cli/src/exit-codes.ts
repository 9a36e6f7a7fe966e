/** What a script sees. Anything but success leaves a reason on stderr. */
export const EXIT_CODES = { success: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
