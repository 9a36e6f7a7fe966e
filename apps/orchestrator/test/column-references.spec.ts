import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiFixture, Reply } from './api-fixture.js';
import { columnsOfList, startGraphApi } from './column-graph-fixture.js';
import type { ColumnsOfList } from './column-graph-fixture.js';

let api: ApiFixture;
let key: string;
let list: ColumnsOfList;
beforeAll(async () => {
  api = await startGraphApi();
  key = (await api.workspace()).apiKey;
});
beforeEach(async () => {
  list = await columnsOfList(api, key);
});
afterAll(() => api.stop());

const stored = async (id: string): Promise<unknown> =>
  (await api.admin<{ config: unknown }>('select config from list_column where id = $1', [id]))[0]?.config;
const refusal = ({ status, body }: Reply): unknown => [status, body.code, body.errors?.[0].pointer];

describe('a config that names attributes and columns', () => {
  test('is stored by reference, whatever the case, and shown with titles', async () => {
    const industry = await list.lookup('Industry');
    const { status, body } = await list.write('Summary', {
      text: 'On {{ NAME }} in {{industry}}, not \\{{this}}',
      map: { field: 'industry' },
      list: ['Name', 'INDUSTRY'],
      answer: { kind: 'like', like: 'industry' },
    });
    expect(status).toBe(201);
    const shown = {
      text: 'On {{name}} in {{Industry}}, not \\{{this}}',
      map: { field: 'Industry' },
      list: ['name', 'Industry'],
      answer: { kind: 'like', like: 'Industry' },
    };
    expect(body).toMatchObject({ config: shown, dependsOn: [industry] });
    expect(await stored(body.id)).toEqual({
      text: `On {{attr:name}} in {{${industry}}}, not \\{{this}}`,
      map: { field: industry },
      list: ['attr:name', industry],
      answer: { kind: 'like', like: industry },
    });
    await list.call('PATCH', `/columns/${industry}`, { name: 'Branch' });
    const renamed = await list.call('GET', `/columns/${body.id}`);
    expect(renamed.body.config).toMatchObject({ map: { field: 'Branch' }, list: ['name', 'Branch'] });
    expect((await list.call('GET', '/columns')).body.items[1]).toEqual(renamed.body);
    const again = await list.call('PATCH', `/columns/${body.id}`, { config: renamed.body.config });
    expect(again.body).toEqual(renamed.body);
  });

  test('that does not fit is refused with the faults of the alternative that it names', async () => {
    const reply = await list.write('Summary', { answer: { kind: 'like' } });
    expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_config' } });
    expect(reply.body.detail).toBe('The config of the column does not fit its service.');
    expect(reply.body.errors).toEqual([
      { pointer: '/config/answer/like', detail: expect.stringContaining('required') },
    ]);
  });

  test('that is left open is refused at its place', async () => {
    const reply = await list.write('Summary', { text: 'Hi {{name}' });
    expect(refusal(reply)).toEqual([422, 'unknown_reference', '/config/text']);
  });

  test('that nobody has is refused with what there is, at its place', async () => {
    await list.lookup('Industry');
    const reply = await list.write('Summary', { text: '{{Nmae}}', map: { a: 'Industry', 'b/c': '' } });
    expect(refusal(reply)).toEqual([422, 'unknown_reference', '/config/text']);
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/config/text',
      '/config/map/b~1c',
    ]);
    expect(reply.body.detail).toContain('Nmae');
    expect(reply.body.detail).toMatch(/attributes: name; the columns: Industry/);
    const elsewhere = await columnsOfList(api, key);
    expect(refusal(await elsewhere.write('S', { text: '{{Industry}}' }))).toEqual([
      ...[422, 'unknown_reference', '/config/text'],
    ]);
  });

  test('that two things have is refused, unless it is written as a reference, and is then shown as one', async () => {
    const name = await list.lookup('Name');
    const reply = await list.write('Summary', { text: '{{NAME}}' });
    expect(refusal(reply)).toEqual([422, 'ambiguous_reference', '/config/text']);
    expect(reply.body.detail).toContain(`the attribute name (attr:name) or the column Name (${name})`);
    const { body } = await list.write('Summary', { text: '{{attr:name}} {{' + name + '}}' });
    expect(body).toMatchObject({ config: { text: `{{attr:name}} {{${name}}}` }, dependsOn: [name] });
    // A title with braces, from when columns could have one, cannot stand between braces.
    await api.admin(`update list_column set name = 'Other {x}' where id = $1`, [name]);
    expect((await list.call('GET', `/columns/${body.id}`)).body.config.text).toBe(`{{name}} {{${name}}}`);
  });

  test('of attributes that differ in their case takes the spelling', async () => {
    await list.call('POST', '/rows', { rows: [{ entity: { NAME: 'x', name: 'y' } }] });
    expect(refusal(await list.write('S', { text: '{{Name}}' }))).toEqual([422, 'ambiguous_reference', '/config/text']);
    expect((await list.write('S', { text: '{{NAME}}' })).body.config.text).toBe('{{NAME}}');
  });

  test('still fits its schema when it is stored, or is refused', async () => {
    const industry = await list.lookup('I');
    expect(`{{${industry}}}`.length * 3).toBeGreaterThan(100);
    expect(refusal(await list.write('S', { text: '{{I}}{{I}}{{I}}' }))).toEqual([
      422,
      'invalid_config',
      '/config/text',
    ]);
  });

  test('asks for one thing after another: schema, choices, what ends a stage, names', async () => {
    const config = { text: '{{Nobody}}', kinds: ['a', 'b'], mode: 'batch', other: 1 };
    expect((await list.write('S', config)).body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      ...['/config/kinds/1', '/config/other'],
    ]);
    expect(refusal(await list.write('S', { ...config, kinds: ['a'], other: undefined }))).toEqual([
      ...[422, 'not_supported', '/config/mode'],
    ]);
    expect(refusal(await list.write('S', { text: '{{Nobody}}', kinds: ['a'], mode: 'direct' }))).toEqual([
      ...[422, 'unknown_reference', '/config/text'],
    ]);
  });
});

test('a column cannot have braces in its name, which no reference could express', async () => {
  const id = await list.lookup('Industry');
  for (const name of ['Other {x}', 'a}', '{{']) {
    expect(refusal(await list.write(name, { text: 'x' }))).toEqual([422, 'invalid_request', '/name']);
    expect(refusal(await list.call('PATCH', `/columns/${id}`, { name }))).toEqual([422, 'invalid_request', '/name']);
  }
});

test('an edit by hand writes no value that the column cannot hold as its config is', async () => {
  const { body: column } = await list.write('Count', { answer: { kind: 'count' } });
  const edit = (value: unknown): Promise<Reply> =>
    list.call('PUT', `/rows/${list.rowIds[0]}/cells/${column.id}`, { value });
  const refused = await edit('many');
  expect(refusal(refused)).toEqual([422, 'invalid_value', '/value']);
  expect(refused.body.detail).toBe('What this column holds must be number.');
  expect((await edit(3)).status).toBe(200);
  await list.call('PATCH', `/columns/${column.id}`, { config: { answer: { kind: 'plain' } } });
  expect((await edit('many')).status).toBe(200);
});

describe('columns that depend on each other', () => {
  test('in a circle are refused with the path by titles', async () => {
    const { body: summary } = await list.write('Summary', { text: '{{name}}' });
    const { body: score } = await list.write('Score', { map: { a: 'Summary' } });
    await list.write('Rank', { text: '{{Score}}' });
    const change = (id: string, text: string): Promise<Reply> =>
      list.call('PATCH', `/columns/${id}`, { config: { text } });
    const short = await change(summary.id, '{{name}} {{Score}}');
    expect(refusal(short)).toEqual([422, 'cycle', '/config/text']);
    expect(short.body.detail).toContain('Summary → Score → Summary');
    const long = await change(summary.id, '{{Rank}}');
    expect(long.body.detail).toContain('Summary → Rank → Score → Summary');
    expect((await change(summary.id, '{{Summary}}')).body.detail).toContain('Summary → Summary');
    expect((await list.write('Own', { text: '{{own}}' })).body.code).toBe('cycle');
    // Two that are changed at the same time cannot make a circle between them.
    const { body: one } = await list.write('One', { text: '{{name}}' });
    const { body: two } = await list.write('Two', { text: '{{name}}' });
    const both = await Promise.all([change(one.id, '{{Two}}'), change(two.id, '{{One}}')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect((await change(score.id, '{{name}}')).status).toBe(200);
    expect((await change(summary.id, '{{Score}}')).body.dependsOn).toEqual([score.id]);
  });

  test('cannot lose what they name', async () => {
    const industry = await list.lookup('Industry');
    const { body: summary } = await list.write('Summary', { text: '{{Industry}}' });
    await list.write('Score', { list: ['Industry'] });
    const refused = await list.call('DELETE', `/columns/${industry}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'column_referenced' } });
    expect(refused.body.detail).toContain('Summary, Score');
    expect((await list.call('DELETE', `/columns/${summary.id}`)).status).toBe(204);
    expect((await list.call('DELETE', `/columns/${industry}`)).body.detail).toContain(': Score.');
  });
});
