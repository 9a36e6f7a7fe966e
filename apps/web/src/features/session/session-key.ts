const STORED_AS = 'uno.key';

/**
 * The API key of this tab. A key in the address (`#key=…`) is moved to the session's storage and taken out of the address,
 * so that it is neither bookmarked nor shared by copying the address.
 */
export function takeSessionKey(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get('key');
  if (given) {
    sessionStorage.setItem(STORED_AS, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(STORED_AS);
}

export function keepSessionKey(key: string): void {
  sessionStorage.setItem(STORED_AS, key);
}

export function forgetSessionKey(): void {
  sessionStorage.removeItem(STORED_AS);
}
