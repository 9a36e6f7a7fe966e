import type { EnrichAttribute } from '@uno/enrich-contract';
import { MAX_VALUE_BYTES } from '@uno/workflow-contracts';
import type { AttributeValue, AttributeValues } from './enrich-provider.js';

/**
 * Keeps what a provider really knows: empty and blank texts are dropped, so that the next provider is asked, and so is what
 * no cell could hold.
 */
export function knownValues(
  raw: Readonly<Partial<Record<EnrichAttribute, AttributeValue | null | undefined>>>,
): AttributeValues {
  const known = Object.entries(raw).flatMap(([attribute, value]) => {
    const clean = typeof value === 'string' ? value.trim() : value;
    if (clean === '' || clean === null || clean === undefined) return [];
    return Buffer.byteLength(JSON.stringify(clean)) > MAX_VALUE_BYTES ? [] : [[attribute, clean] as const];
  });
  return Object.fromEntries(known);
}

/** `acme.com` → `https://acme.com`; what already has a scheme stays. */
export function websiteOf(domain: string | null | undefined): string | undefined {
  if (!domain) return undefined;
  return domain.includes('://') ? domain : `https://${domain}`;
}

/** For providers that store names in lower case: `new york` → `New York`. */
export function titleCase(text: string | null | undefined): string | undefined {
  return text?.replace(/(^|[\s\-/(])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** A range of dollars the way People Data Labs writes it: `$50M-$100M`. */
export function dollarRange(
  range: { min?: number | null | undefined; max?: number | null | undefined } | null | undefined,
): string | undefined {
  const min = range?.min ?? undefined;
  const max = range?.max ?? undefined;
  if (min !== undefined && max !== undefined) return `${dollars(min)}-${dollars(max)}`;
  if (min !== undefined) return `${dollars(min)}+`;
  return max === undefined ? undefined : `$0-${dollars(max)}`;
}

function dollars(amount: number): string {
  if (amount >= 1e9) return `$${amount / 1e9}B`;
  if (amount >= 1e6) return `$${amount / 1e6}M`;
  if (amount >= 1e3) return `$${amount / 1e3}K`;
  return `$${amount}`;
}
