import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { aiConfig, aiService } from '@uno/ai-contract';
import {
  ENDS_STAGE_KEYWORD,
  JSON_SCHEMA_KEYWORD,
  REFERENCE_KEYWORD,
  serviceRegistration,
} from '@uno/workflow-contracts';
import { schemasOf, wireBreaksBetween } from '@uno/workflow-contracts/testing';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')) as T;
}

const accepts = (config: unknown): boolean => aiConfig.safeParse(config).success;

describe('the AI contract', () => {
  test('takes every config that was ever saved', async () => {
    const current = schemasOf({ aiConfig });
    const saved = await readJson<Record<string, unknown>>('../snapshots/ai-config.v1.json');
    expect(wireBreaksBetween(saved, current)).toEqual([]);
    expect(saved).toEqual(current);
    for (const config of await readJson<unknown[]>('payloads/configs.json')) {
      expect(aiConfig.safeParse(config)).toMatchObject({ success: true });
    }
  });

  test('refuses an answer type that does not exist, and a choice of fewer than two, more than fifty or twice the same option', () => {
    const prompt = 'Ask';
    expect(accepts({ prompt, answer: { type: 'image' } })).toBe(false);
    expect(accepts({ prompt, answer: { type: 'text', options: ['a', 'b'] } })).toBe(false);
    expect(accepts({ prompt, answer: { type: 'one_of', options: ['a'] } })).toBe(false);
    expect(accepts({ prompt, answer: { type: 'one_of', options: ['a', 'a'] } })).toBe(false);
    const options = Array.from({ length: 51 }, (_, index) => String(index));
    expect(accepts({ prompt, answer: { type: 'one_of', options } })).toBe(false);
    expect(accepts({ prompt: '', answer: { type: 'text' } })).toBe(false);
  });

  test('registers with a schema that marks the references of a prompt, the schema of an answer and what ends a stage', () => {
    const { registration } = aiService;
    expect(serviceRegistration.parse(JSON.parse(JSON.stringify(registration)))).toEqual(registration);
    expect(registration).toMatchObject({ id: 'ai', price: 2, inputs: 'references', taskQueue: 'ai' });
    expect(registration.configSchema).toMatchObject({
      required: ['prompt', 'answer'],
      properties: {
        prompt: { title: 'Prompt', [REFERENCE_KEYWORD]: 'template' },
        answer: {
          oneOf: expect.arrayContaining([
            expect.objectContaining({
              properties: {
                type: expect.objectContaining({ const: 'json' }),
                schema: expect.objectContaining({ [JSON_SCHEMA_KEYWORD]: { maxCharacters: 32_000 } }),
              },
            }),
          ]),
        },
        mode: { enum: ['direct', 'batch'], default: 'direct', [ENDS_STAGE_KEYWORD]: 'batch' },
        approval: { default: false, [ENDS_STAGE_KEYWORD]: true },
      },
    });
  });
});
