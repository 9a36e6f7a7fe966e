import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { signalsConfig, signalsService } from '@uno/signals-contract';
import { CHOICES_KEYWORD, serviceRegistration } from '@uno/workflow-contracts';
import { schemasOf, wireBreaksBetween } from '@uno/workflow-contracts/testing';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')) as T;
}

const accepts = (config: unknown): boolean => signalsConfig.safeParse(config).success;

describe('the signals contract', () => {
  test('takes every config that was ever saved', async () => {
    const current = schemasOf({ signalsConfig });
    const saved = await readJson<Record<string, unknown>>('../snapshots/signals-config.v1.json');
    expect(wireBreaksBetween(saved, current)).toEqual([]);
    expect(saved).toEqual(current);
    for (const config of await readJson<unknown[]>('payloads/configs.json')) {
      expect(signalsConfig.safeParse(config)).toMatchObject({ success: true });
    }
  });

  test('refuses an unknown kind, no kind, and a window of no day or more than a year', () => {
    expect(accepts({ kinds: ['weather'] })).toBe(false);
    expect(accepts({ kinds: [] })).toBe(false);
    expect(accepts({ kinds: ['news'], withinDays: 0 })).toBe(false);
    expect(accepts({ kinds: ['news'], withinDays: 366 })).toBe(false);
    expect(accepts({ kinds: ['news'], withinDays: 1.5 })).toBe(false);
  });

  test('registers with a schema that says which kinds fit which list', () => {
    const { registration } = signalsService;
    expect(serviceRegistration.parse(JSON.parse(JSON.stringify(registration)))).toEqual(registration);
    expect(registration).toMatchObject({ id: 'signals', price: 1, inputs: 'identity', taskQueue: 'signals' });
    expect(registration.configSchema).toMatchObject({
      required: ['kinds'],
      properties: {
        kinds: { items: { [CHOICES_KEYWORD]: { company: ['funding', 'hiring', 'news'], contact: ['job_change'] } } },
        withinDays: { type: 'integer', default: 90, minimum: 1, maximum: 365 },
      },
    });
  });
});
