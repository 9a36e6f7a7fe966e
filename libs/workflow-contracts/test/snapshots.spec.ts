import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  compensateJob,
  fillJob,
  fillPage,
  fillSegment,
  revertPage,
  serviceRegistration,
} from '@uno/workflow-contracts';
import { wireBreaksBetween, wireSchemas } from '@uno/workflow-contracts/testing';

const SNAPSHOTS = new URL('../snapshots/', import.meta.url);
const PAYLOADS = new URL('payloads/', import.meta.url);

type Schemas = Record<string, unknown>;

async function readJson<T>(directory: URL, file: string): Promise<T> {
  return JSON.parse(await readFile(new URL(file, directory), 'utf8')) as T;
}

const saved = await Promise.all(
  (await readdir(SNAPSHOTS)).map(async (file) => ({
    name: file.replace(/\.json$/, ''),
    schemas: await readJson<Schemas>(SNAPSHOTS, file),
  })),
);

describe('the wire', () => {
  test.each(saved)('still speaks what $name says', ({ name, schemas }) => {
    expect(wireBreaksBetween(schemas, wireSchemas()[name] ?? {})).toEqual([]);
  });

  test('has a snapshot of everything, written after the last change (npm run snapshots)', () => {
    expect(Object.fromEntries(saved.map(({ name, schemas }) => [name, schemas]))).toEqual(wireSchemas());
  });

  test.each(Object.entries({ fillPage, revertPage, fillJob, fillSegment, compensateJob }))(
    'reads the payloads that %s was sent with in the past',
    async (name, contract) => {
      const { inputs, results } = await readJson<{ inputs: unknown[]; results: unknown[] }>(PAYLOADS, `${name}.json`);
      for (const input of inputs) expect(contract.input.safeParse(input)).toMatchObject({ success: true });
      for (const result of results) expect(contract.result.safeParse(result)).toMatchObject({ success: true });
    },
  );

  test('reads a registration of the past', async () => {
    expect(serviceRegistration.safeParse(await readJson(PAYLOADS, 'service-registration.json')).success).toBe(true);
  });
});

describe('the check of the wire', () => {
  const fillPageInput = (): Schemas => structuredClone(wireSchemas()['fillPageWorkflow.v1'] ?? {});
  type Editable = { properties: Record<string, Record<string, unknown>>; required: string[] } & Schemas;

  const breaksAfter = (edit: (input: Editable) => void): string[] => {
    const changed = fillPageInput();
    edit(changed['input'] as Editable);
    return wireBreaksBetween(fillPageInput(), changed);
  };

  test('lets an optional field in', () => {
    expect(breaksAfter(({ properties }) => void (properties['note'] = { type: 'string' }))).toEqual([]);
  });

  test.each<[string, (input: Editable) => unknown, string]>([
    ['a field that is gone', ({ properties }) => delete properties['pageNo'], 'input.pageNo: removed'],
    ['a field that must be sent now', ({ required }) => required.push('note'), 'input.note: became required'],
    ['a field that may be missing now', ({ required }) => required.shift(), 'input.jobId: became optional'],
    ['a tighter limit', ({ properties }) => (properties['count']!['maximum'] = 10), 'input.count: maximum narrowed'],
    ['another type', ({ properties }) => (properties['fence']!['type'] = 'string'), 'input.fence: type changed'],
    ['a pattern', ({ properties }) => (properties['jobId']!['pattern'] = '^job'), 'input.jobId: pattern changed'],
    [
      'a refusal of unknown fields',
      (input) => (input['additionalProperties'] = false),
      'input: unknown fields are refused now',
    ],
  ])('refuses %s', (_what, edit, message) => {
    expect(breaksAfter((input) => void edit(input))).toEqual([message]);
  });

  test('lets a mark for the orchestrator in, also inside alternatives', () => {
    const config = (marks: object): Schemas => ({ config: { oneOf: [{ type: 'string', ...marks }] } });
    expect(wireBreaksBetween(config({}), config({ 'x-uno-mark': true }))).toEqual([]);
    expect(wireBreaksBetween(config({}), config({ minLength: 1 }))).toEqual(['config: oneOf changed']);
  });

  test('refuses an enum value that is gone, and a schema that is gone', () => {
    const reply = (control: string[]): Schemas => ({ settleReply: { properties: { control: { enum: control } } } });
    expect(wireBreaksBetween(reply(['run', 'stop']), reply(['run', 'stop', 'pause']))).toEqual([]);
    expect(wireBreaksBetween(reply(['run', 'stop']), reply(['run']))).toEqual([
      'settleReply.control: enum value stop removed',
    ]);
    expect(wireBreaksBetween(reply(['run']), {})).toEqual(['settleReply: removed']);
  });
});
