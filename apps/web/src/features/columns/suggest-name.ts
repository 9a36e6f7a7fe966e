/** A name for a column from its config: the first short text in it, as a title. Empty where there is none. */
export function suggestName(config: unknown): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return '';
  const word = Object.values(config as Readonly<Record<string, unknown>>).find(
    (value) => typeof value === 'string' && /^[\w -]{1,40}$/.test(value),
  );
  if (typeof word !== 'string') return '';
  const text = word.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
