import { readFileSync } from 'node:fs';
import type { EntityType } from '@uno/worker-kit';
import type { LushaSignals } from '../src/signals/lusha.provider.js';
import type { EventsResult, SearchResult } from '../src/signals/signals-provider.js';

/** One request and its reply as the provider documents them. */
export interface Fixture {
  readonly source: string;
  readonly provider: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly keyHeader: string;
    readonly body: Readonly<Record<string, unknown>>;
  };
  readonly reply: { readonly status: number; readonly body: unknown };
}

export function readFixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as Fixture;
}

type Results = readonly (SearchResult | EventsResult)[];

/** A documented exchange with what makes the adapter send it, and what the adapter must make of the reply. */
export interface Exchange {
  readonly name: string;
  readonly entityType: EntityType;
  readonly ask: (adapter: LushaSignals) => Promise<Results>;
  readonly results: Results;
}

const never = new AbortController().signal;
const ACME = 'v1.AbCdEfGhIjKlMnOpQrStUvWxYz012345';
const QUIET = 'v1.BcDeFgHiJkLmNoPqRsTuVwXyZa123456';
const UNKNOWN = 'v1.NeverGivenOut0000000000000000000';

export const EXCHANGES: readonly Exchange[] = [
  {
    name: 'lusha-companies-search',
    entityType: 'company',
    ask: (adapter) => {
      const entities = [{ name: 'Acme Rockets', domain: 'acme.com' }, { name: 'Nobody Knows Us' }];
      return adapter.search({ entityType: 'company', entities }, never);
    },
    results: [{ outcome: 'match', id: ACME }, { outcome: 'no_match' }],
  },
  {
    name: 'lusha-contacts-search',
    entityType: 'contact',
    ask: (adapter) => {
      const entities = [{ name: 'Ada Lovelace', domain: 'acme.com' }, { email: 'nobody@example.com' }];
      return adapter.search({ entityType: 'contact', entities }, never);
    },
    results: [{ outcome: 'match', id: 'v1.6789ZyXwVuTsRqPoNmLkJiHgFeDcBa01' }, { outcome: 'no_match' }],
  },
  {
    name: 'lusha-company-signals',
    entityType: 'company',
    ask: (adapter) => {
      const kinds = new Set(['funding', 'hiring'] as const);
      return adapter.events({ entityType: 'company', ids: [ACME, QUIET, UNKNOWN], kinds, since: '2026-06-01' }, never);
    },
    results: [
      {
        outcome: 'known',
        events: [
          {
            kind: 'funding',
            title: 'Acme Rockets raises $40M in a new round',
            date: '2026-08-15',
            url: 'https://news.example/1503910',
          },
          { kind: 'hiring', title: '25 new jobs in a week, 150 % above average', date: '2026-07-15', url: null },
        ],
      },
      { outcome: 'known', events: [] },
      { outcome: 'unknown_id' },
    ],
  },
  {
    name: 'lusha-contact-signals',
    entityType: 'contact',
    ask: (adapter) => {
      const kinds = new Set(['job_change'] as const);
      return adapter.events({ entityType: 'contact', ids: [ACME, UNKNOWN], kinds, since: '2026-06-01' }, never);
    },
    results: [
      {
        outcome: 'known',
        events: [
          { kind: 'job_change', title: 'Moved from Contoso to Acme', date: '2026-08-01', url: null },
          { kind: 'job_change', title: 'Promoted to Chief Technology Officer', date: '2026-07-20', url: null },
        ],
      },
      { outcome: 'unknown_id' },
    ],
  },
];
