import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { crmConfig, crmService } from '@uno/crm-contract';
import { KEY_OF_KEYWORD, REFERENCE_KEYWORD, serviceRegistration } from '@uno/workflow-contracts';
import { schemasOf, wireBreaksBetween } from '@uno/workflow-contracts/testing';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')) as T;
}

const accepts = (config: unknown): boolean => crmConfig.safeParse(config).success;

describe('the CRM contract', () => {
  test('takes every config that was ever saved', async () => {
    const current = schemasOf({ crmConfig });
    const saved = await readJson<Record<string, unknown>>('../snapshots/crm-config.v1.json');
    expect(wireBreaksBetween(saved, current)).toEqual([]);
    expect(saved).toEqual(current);
    for (const config of await readJson<unknown[]>('payloads/configs.json')) {
      expect(crmConfig.safeParse(config)).toMatchObject({ success: true });
    }
  });

  test('refuses no property, more than fifty, and one with a name that the CRM does not have', () => {
    const config = { object: 'company', matchOn: 'domain' };
    const properties = Array.from({ length: 51 }, (_, index) => [`p${index}`, 'col_1']);
    expect(accepts({ ...config, map: {} })).toBe(false);
    expect(accepts({ ...config, map: Object.fromEntries(properties) })).toBe(false);
    expect(accepts({ ...config, map: { 'Company Name': 'col_1' } })).toBe(false);
    expect(accepts({ ...config, object: 'deal', map: { name: 'col_1' } })).toBe(false);
    expect(accepts({ ...config, map: { name: '' } })).toBe(false);
  });

  test('registers as a service that can revert, with a schema that marks what is mapped and what may be matched on', () => {
    const { registration } = crmService;
    expect(serviceRegistration.parse(JSON.parse(JSON.stringify(registration)))).toEqual(registration);
    expect(registration).toMatchObject({ id: 'crm', price: 1, inputs: 'references', capabilities: { revert: true } });
    expect(registration.configSchema).toMatchObject({
      required: ['object', 'matchOn', 'map'],
      properties: {
        matchOn: { [KEY_OF_KEYWORD]: { of: 'map', or: ['name', 'domain', 'email'] } },
        map: { minProperties: 1, maxProperties: 50, additionalProperties: { [REFERENCE_KEYWORD]: 'name' } },
      },
    });
  });
});
