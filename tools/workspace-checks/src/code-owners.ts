/** Owners by pattern, in file order, as written in CODEOWNERS. */
export function parseCodeOwners(text: string): Map<string, readonly string[]> {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .map(([pattern, ...owners]) => [pattern ?? '', owners] as const);
  return new Map(rules);
}
