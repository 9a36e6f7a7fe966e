/**
 * The one form under which an entity is known, whichever way it was asked for: lower case, single spaces, e-mail addresses
 * and host names bare (no scheme, `www.`, port or path). A contact known by name and company domain is `name|domain`.
 * Normalising a key again changes nothing.
 */
export function normaliseLookupKey(text: string): string {
  return text.split('|').map(normalisePart).join('|');
}

function normalisePart(text: string): string {
  const plain = text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  if (plain.includes('@')) return plain.replace(/^mailto:/, '');
  const host = plain.replace(/^[a-z][a-z0-9+.-]*:\/\//, '');
  return /^[^\s/?#:]+\.[^\s/?#:.]{2,}\.?([/?#:]|$)/.test(host)
    ? host
        .replace(/^www\./, '')
        .replace(/[/?#:].*$/, '')
        .replace(/\.$/, '')
    : plain;
}

/** True for a key that is a host name. */
export function isDomainKey(key: string): boolean {
  return /^[^\s@|]+\.[^\s@|.]{2,}$/.test(key);
}
