import type { EntityProvider, EntityType } from '../providers/provider-api.js';
import { isKnown, withGaps } from './coverage.js';
import { Dice } from './dice.js';
import { EntityIds } from './entity-ids.js';
import { isDomainKey } from './lookup-key.js';
import type { JsonSchema } from './prompt-value.js';
import { promptValue } from './prompt-value.js';
import type { SignalEvent } from './signals.js';
import { companySignals, contactSignals } from './signals.js';
import * as words from './word-lists.js';

/** What a provider knows of a company, by the attribute names of the product; unknown ones are absent. */
export interface CompanyValues {
  readonly industry?: string;
  readonly employees?: number;
  readonly revenue?: string;
  readonly founded?: number;
  readonly country?: string;
  readonly city?: string;
  readonly website?: string;
  readonly description?: string;
}

export interface ContactValues {
  readonly email?: string;
  readonly phone?: string;
  readonly title?: string;
  readonly seniority?: string;
  readonly company?: string;
}

export interface CompanyRecord {
  readonly id: string;
  readonly name: string;
  /** Parallel to `values.revenue`, in US dollars. */
  readonly revenueRange: readonly [number, number];
  readonly values: CompanyValues;
}

export interface ContactRecord {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly values: ContactValues;
}

/** What each provider knows, made from nothing but the seed and the normalised lookup key. */
export class Directory {
  private readonly seed: string;
  private readonly ids: EntityIds;

  constructor(seed: string) {
    this.seed = seed;
    this.ids = new EntityIds(seed);
  }

  /** The attribute values that an adapter must read out of this provider's reply. */
  answer(
    provider: EntityProvider,
    entityType: EntityType,
    key: string,
  ): { found: boolean; values: CompanyValues | ContactValues } {
    const record = entityType === 'company' ? this.company(provider, key) : this.contact(provider, key);
    return { found: record !== undefined, values: record?.values ?? {} };
  }

  company(provider: EntityProvider, key: string): CompanyRecord | undefined {
    const dice = new Dice(this.seed, 'company', key);
    if (!isKnown(provider, dice)) return undefined;
    const name = displayName(isDomainKey(key) ? (key.split('.')[0] ?? key) : key);
    const trade = dice.integer('industry', 0, words.PDL_INDUSTRIES.length - 1);
    const industry = (provider === 'lusha' ? words.LUSHA_INDUSTRIES : words.PDL_INDUSTRIES)[trade] ?? 'Retail';
    const [city, country] = dice.pick('place', words.PLACES);
    const size = Math.round(10 ** (1 + 4 * dice.fraction('size')));
    const founded = dice.integer('founded', 1890, 2021);
    // The same draw as the size: large companies earn more.
    const revenueRange = words.REVENUE_RANGES[Math.floor(dice.fraction('size') * words.REVENUE_RANGES.length)] ?? [
      0, 1e6,
    ];
    const values = {
      industry,
      // Head counts are never the same at two providers.
      employees: Math.max(1, Math.round(size * (0.9 + 0.2 * dice.fraction(`employees ${provider}`)))),
      revenue: `${dollars(revenueRange[0])}-${dollars(revenueRange[1])}`,
      founded,
      country,
      city,
      website: `https://${isDomainKey(key) ? key : domainFor(key, dice)}`,
      description: describeCompany(provider, { name, industry, city, founded }),
    };
    return { id: this.idOf(provider, 'company', key), name, revenueRange, values: withGaps(provider, dice, values) };
  }

  contact(provider: EntityProvider, key: string): ContactRecord | undefined {
    const dice = new Dice(this.seed, 'contact', key);
    if (!isKnown(provider, dice)) return undefined;
    const [who = '', at = ''] = key.includes('@') ? ['', key.split('@')[1]] : key.split('|');
    const [first, ...rest] = who.split(' ').filter(Boolean);
    const firstName = first === undefined ? dice.pick('first name', words.FIRST_NAMES) : displayName(first);
    const lastName = rest.length === 0 ? dice.pick('last name', words.LAST_NAMES) : displayName(rest.join(' '));
    const level = dice.integer('seniority', 0, words.PDL_SENIORITIES.length - 1);
    const values = {
      email: key.includes('@') ? key : `${slug(firstName)}.${slug(lastName)}@${at}`,
      phone: `+1${dice.integer('area', 201, 989)}555${String(dice.integer('line', 100, 9_999)).padStart(4, '0')}`,
      title: dice.pick('title', words.JOB_TITLES),
      seniority: (provider === 'lusha' ? words.LUSHA_SENIORITIES : words.PDL_SENIORITIES)[level] ?? 'entry',
      company: displayName(at.split('.')[0] ?? at),
    };
    return { id: this.idOf(provider, 'contact', key), firstName, lastName, values: withGaps(provider, dice, values) };
  }

  /** The key of the entity that has this id at Lusha; undefined for an id that was never given out. */
  keyOf(entityType: EntityType, id: string): string | undefined {
    return this.ids.keyOf(entityType, id);
  }

  /** What happened at an entity within the year before `nowMs`, newest first; nothing for one that Lusha does not know. */
  signals(entityType: EntityType, key: string, nowMs: number): readonly SignalEvent[] {
    const dice = new Dice(this.seed, 'signals', entityType, key);
    if (entityType === 'company') {
      const record = this.company('lusha', key);
      return record ? companySignals(record, dice, nowMs) : [];
    }
    const record = this.contact('lusha', key);
    return record ? contactSignals(record, dice, nowMs) : [];
  }

  /** What a model makes of a prompt: a value of that schema, or a sentence. */
  promptValue(prompt: string, schema?: JsonSchema): unknown {
    return promptValue(new Dice(this.seed, 'prompt', prompt), prompt, schema);
  }

  private idOf(provider: EntityProvider, entityType: EntityType, key: string): string {
    return provider === 'lusha'
      ? this.ids.idOf(entityType, key)
      : String(new Dice(this.seed, entityType, key).integer('id', 10_000_000, 99_999_999));
  }
}

function describeCompany(
  provider: EntityProvider,
  company: { readonly name: string; readonly industry: string; readonly city: string; readonly founded: number },
): string {
  const { name, industry, city, founded } = company;
  return provider === 'lusha'
    ? `${name} is a ${industry} company with headquarters in ${city}.`
    : `Founded in ${founded}, ${name} serves customers in ${industry} from ${city}.`;
}

/** `acme-rockets` → `Acme Rockets`. */
function displayName(key: string): string {
  return key
    .split(/[\s-]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function domainFor(name: string, dice: Dice): string {
  return `${slug(name) || 'company'}.${dice.pick('top level domain', ['com', 'com', 'com', 'io', 'co'])}`;
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}

function dollars(amount: number): string {
  return amount >= 1e9 ? `$${amount / 1e9}B` : `$${amount / 1e6}M`;
}
