import { describe, expect, test } from '@jest/globals';
import { COLUMNS } from './documents.js';
import { useApi } from './use-api.js';

const { api, uno } = useApi((api) => {
  api.on('GET /v1/services', { json: { items: [{ id: 'enrich', title: 'Company data' }] } });
  api.on('GET /v1/lists/lst_1/columns', { json: { items: COLUMNS, nextCursor: null } });
});
const sentTo = (route: string): unknown[] => api.requests(route).map(({ body }) => JSON.parse(body) as unknown);

describe('columns', () => {
  test('add finds the list by its title and sends the config as JSON', async () => {
    api.on('POST /v1/lists/lst_1/columns', { status: 201, json: COLUMNS[0] });
    const config = '{"attribute":"industry"}';
    const run = await uno(
      'columns',
      'add',
      '--list',
      'companies',
      '--name',
      'Industry',
      '--service',
      'enrich',
      '--config',
      config,
    );
    expect(run).toEqual({ exitCode: 0, stdout: 'col_1  Industry\n', stderr: '' });
    const [sent] = api.requests('POST /v1/lists/lst_1/columns');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      name: 'Industry',
      service: 'enrich',
      config: { attribute: 'industry' },
    });
    expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('add sends any config as it was typed: names stay names', async () => {
    api.on('POST /v1/lists/lst_1/columns', { status: 201, json: COLUMNS[0] });
    const config = {
      prompt: '{{Security}} in \\{{x}}',
      answer: { type: 'one_of', options: ['A', 'B'] },
      map: { a: 'Sector' },
    };
    const add = ['columns', 'add', '--list', 'lst_1', '--name', 'N', '--service', 'enrich'];
    expect(await uno(...add, '--config', JSON.stringify(config))).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(api.requests('POST /v1/lists/lst_1/columns')[0]?.body ?? '')).toMatchObject({ config });
  });

  test.each(['{oops', '[1]', 'null'])('the config %s is a usage error and asks nobody', async (config) => {
    const run = await uno('columns', 'add', '--list', 'L', '--name', 'N', '--service', 'enrich', '--config', config);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("option '--config <json>'");
    expect(api.received).toEqual([]);
  });

  test('add names the command that sets the identity which the list lacks', async () => {
    const detail = 'Say first which attributes identify an entity: PATCH the list’s identity.';
    const problem = { status: 422, code: 'no_identity', title: 'Refused', detail, errors: [{ pointer: '', detail }] };
    api.on('POST /v1/lists/lst_1/columns', { status: 422, json: problem });
    const add = ['columns', 'add', '--list', 'Companies', '--name', 'N', '--service', 'enrich', '--config', '{}'];
    const said =
      'No attribute of this list is its identity yet; set it with: uno lists identity lst_1 --name ATTRIBUTE';
    expect(await uno(...add)).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${said}\n` });
    expect(JSON.parse((await uno(...add, '--json')).stdout)).toEqual({
      error: { code: 'no_identity', status: 422, detail: said },
    });
  });

  test('rename finds the column by its title and leaves its config alone', async () => {
    api.on('PATCH /v1/lists/lst_1/columns/col_1', { json: { ...COLUMNS[0], name: 'Branch' } });
    const run = await uno('columns', 'rename', 'industry', '--list', 'companies', '--name', 'Branch');
    expect(run).toEqual({ exitCode: 0, stdout: 'col_1  Branch\n', stderr: '' });
    expect(sentTo('PATCH /v1/lists/lst_1/columns/col_1')).toEqual([{ name: 'Branch' }]);
  });

  test('change sends the new config and leaves the title alone', async () => {
    const config = { attribute: 'employees' };
    api.on('PATCH /v1/lists/lst_1/columns/col_1', { json: { ...COLUMNS[0], config } });
    const run = await uno('columns', 'change', 'col_1', '--list', 'lst_1', '--config', JSON.stringify(config));
    expect(run).toEqual({ exitCode: 0, stdout: 'col_1  Industry  {"attribute":"employees"}\n', stderr: '' });
    expect(sentTo('PATCH /v1/lists/lst_1/columns/col_1')).toEqual([{ config }]);
  });

  test('delete takes the column away and says which one', async () => {
    api.on('DELETE /v1/lists/lst_1/columns/col_2', { status: 204 });
    const gone = ['columns', 'delete', 'Employees', '--list', 'lst_1'];
    expect(await uno(...gone)).toEqual({ exitCode: 0, stdout: 'Deleted col_2  Employees\n', stderr: '' });
    expect(JSON.parse((await uno(...gone, '--json')).stdout)).toEqual(COLUMNS[1]);
    expect(api.requests('DELETE /v1/lists/lst_1/columns/col_2')).toHaveLength(2);
  });

  test.each([['rename', '--name', 'Branch'], ['change', '--config', '{}'], ['delete']])(
    '%s of a column that is not there names those that are',
    async (command, ...more) => {
      expect(await uno('columns', command, 'Sector', '--list', 'lst_1', ...more)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: 'error: There is no column "Sector". There is "Industry", "Employees".\n',
      });
    },
  );

  test('a change that is refused names the field, a delete the columns in its way', async () => {
    const path = '/v1/lists/lst_1/columns/col_1';
    const detail = 'must be one of industry, employees';
    const errors = [{ pointer: '/config/attribute', detail }];
    api.on(`PATCH ${path}`, { status: 422, json: { status: 422, code: 'invalid_config', detail, errors } });
    const change = await uno('columns', 'change', 'Industry', '--list', 'lst_1', '--config', '{"attribute":"x"}');
    expect(change).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${detail}\n  at /config/attribute\n` });
    const inTheWay = 'Other columns name this one: Summary. Change or delete them first.';
    api.on(`DELETE ${path}`, { status: 409, json: { status: 409, code: 'column_referenced', detail: inTheWay } });
    const removal = await uno('columns', 'delete', 'Industry', '--list', 'lst_1');
    expect(removal).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${inTheWay}\n` });
  });

  test('list shows id, title, service and config', async () => {
    const run = await uno('columns', 'list', '--list', 'lst_1');
    expect(run.stdout.split('\n')[1]).toBe('col_1  Industry   enrich   {"attribute":"industry"}');
  });
});
