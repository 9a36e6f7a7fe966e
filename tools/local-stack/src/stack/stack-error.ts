/** Something that the person at the terminal can put right; its message says how, and no stack trace is shown. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
