import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { COMPANY_ATTRIBUTES, CONTACT_ATTRIBUTES, enrichConfig, enrichService } from '@uno/enrich-contract';
import { CHOICES_KEYWORD, serviceRegistration } from '@uno/workflow-contracts';
import { schemasOf, wireBreaksBetween } from '@uno/workflow-contracts/testing';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')) as T;
}

describe('the enrich contract', () => {
  const current = schemasOf({ enrichConfig });

  test('takes every config that was ever saved', async () => {
    const saved = await readJson<Record<string, unknown>>('../snapshots/enrich-config.v1.json');
    expect(wireBreaksBetween(saved, current)).toEqual([]);
    expect(saved).toEqual(current);
    for (const config of await readJson<unknown[]>('payloads/configs.json')) {
      expect(enrichConfig.safeParse(config)).toMatchObject({ success: true });
    }
  });

  test('would notice an attribute that is gone', () => {
    const without = schemasOf({
      enrichConfig: enrichConfig.extend({ attribute: enrichConfig.shape.attribute.exclude(['city']) }),
    });
    expect(wireBreaksBetween(current, without)).toEqual(['enrichConfig.attribute: enum value city removed']);
  });

  test('has no attribute of both entity types, and no config beside them', () => {
    expect(new Set([...COMPANY_ATTRIBUTES, ...CONTACT_ATTRIBUTES]).size).toBe(
      COMPANY_ATTRIBUTES.length + CONTACT_ATTRIBUTES.length,
    );
    expect(enrichConfig.safeParse({ attribute: 'shoe_size' }).success).toBe(false);
    expect(enrichConfig.safeParse({ attribute: 'industry', extra: true }).success).toBe(false);
  });

  test('registers with the schema that the worker parses with', () => {
    const { registration } = enrichService;
    expect(serviceRegistration.parse(JSON.parse(JSON.stringify(registration)))).toEqual(registration);
    expect(registration).toMatchObject({ id: 'enrich', price: 1, inputs: 'identity' });
    const choices = { company: [...COMPANY_ATTRIBUTES], contact: [...CONTACT_ATTRIBUTES] };
    expect(registration.configSchema).toMatchObject({
      properties: { attribute: { title: 'Attribute', [CHOICES_KEYWORD]: choices } },
    });
  });
});
