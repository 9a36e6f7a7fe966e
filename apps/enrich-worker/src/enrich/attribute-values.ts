import type { EnrichAttribute } from '@uno/enrich-contract';
import { MAX_VALUE_BYTES } from '@uno/workflow-contracts';
import type { AttributeValue, AttributeValues } from './enrich-provider.js';

export interface KnownValues {
  readonly values: AttributeValues;
  /** Attributes whose value no cell can hold; absent when there are none. */
  readonly unusable?: readonly EnrichAttribute[];
}

/** What a number can be; the rest is a mistake of the provider. */
const NUMBER_RANGES: Readonly<Partial<Record<EnrichAttribute, readonly [number, number]>>> = {
  employees: [0, 100_000_000],
  founded: [500, 2_100],
};

/** Half of a character, and NUL: neither can be stored as text. */
const NOT_TEXT = /[\p{Surrogate}\0]/u;

/** Keeps what a provider really knows: empty and blank texts are dropped, so that the next provider is asked. */
export function knownValues(
  raw: Readonly<Partial<Record<EnrichAttribute, AttributeValue | null | undefined>>>,
): KnownValues {
  const known = new Map<EnrichAttribute, AttributeValue>();
  const unusable: EnrichAttribute[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const attribute = name as EnrichAttribute;
    const clean = typeof value === 'string' ? value.trim() : value;
    if (clean === '' || clean === null || clean === undefined) continue;
    if (isUsable(attribute, clean)) known.set(attribute, clean);
    else unusable.push(attribute);
  }
  return { values: Object.fromEntries(known), ...(unusable.length > 0 && { unusable }) };
}

function isUsable(attribute: EnrichAttribute, value: AttributeValue): boolean {
  if (typeof value === 'string') {
    return !NOT_TEXT.test(value) && Buffer.byteLength(JSON.stringify(value)) <= MAX_VALUE_BYTES;
  }
  const [min, max] = NUMBER_RANGES[attribute] ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return Number.isInteger(value) && value >= min && value <= max;
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
