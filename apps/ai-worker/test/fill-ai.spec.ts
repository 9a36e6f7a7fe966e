import { describe, expect, test } from '@jest/globals';
import { PageFailed, ProviderError } from '@uno/worker-kit';
import { FakeLease } from '@uno/worker-kit/testing';
import type { CellResult } from '@uno/workflow-contracts';
import { FakeModel } from './fixtures/fake-model.js';
import { fillPage } from './fixtures/fill-page.js';

const COUNT = { prompt: 'How many work at {{attr:name}}?', answer: { type: 'number' } };
const TRY = { provider: 'openai', ms: expect.any(Number) };

/** The cell of the column `c` in a row whose name is Acme. */
async function cellOf(model: FakeModel, config: object = COUNT, more = {}): Promise<CellResult | undefined> {
  const page = {
    columns: { c: config },
    rows: { r: { 'attr:name': 'Acme' } },
    references: { 'attr:name': 'Company Name', col_1: 'Industry' },
  };
  return (await fillPage(page, { provider: model, ...more })).get('r c');
}

describe('a cell', () => {
  test('takes the answer, with the model, the call and the tokens as its provenance', async () => {
    expect(await cellOf(new FakeModel(['{"answer":412}']))).toEqual({
      rowId: 'r',
      columnId: 'c',
      status: 'filled',
      value: 412,
      provenance: {
        source: 'openai',
        model: 'model-1',
        tries: [{ ...TRY, outcome: 'filled' }],
        usage: { promptTokens: 10, completionTokens: 2, totalTokens: 12 },
      },
    });
  });

  test('is asked for once more, with what was wrong, and both calls count', async () => {
    const model = new FakeModel(['{"answer":"about four hundred"}', '{"answer":412}']);
    const leases = new FakeLease();
    expect(await cellOf(model, COUNT, { leases })).toMatchObject({
      status: 'filled',
      value: 412,
      provenance: {
        tries: [
          { ...TRY, outcome: 'unfit', code: 'ai_answer_invalid' },
          { ...TRY, outcome: 'filled' },
        ],
        usage: { promptTokens: 20, completionTokens: 4, totalTokens: 24 },
      },
    });
    const [first, second] = model.questions;
    expect(second?.messages.slice(0, first?.messages.length)).toEqual(first?.messages);
    expect(second?.messages.at(-2)).toEqual({ role: 'assistant', content: '{"answer":"about four hundred"}' });
    expect(second?.messages.at(-1)?.content).toContain('must be number');
    expect(leases.acquired).toHaveLength(2);
  });

  test('is an error when the second answer cannot be used either, and says nothing that the model said', async () => {
    const cell = await cellOf(new FakeModel(['canary-1', '{"answer":"canary-2"}', '{"answer":1}']));
    expect(cell).toMatchObject({ status: 'error', reason: { code: 'ai_answer_invalid' } });
    expect(JSON.stringify(cell)).not.toContain('canary');
  });

  test.each([
    ['empty', { content: '  ' }, 'ai_answer_empty'],
    ['without content', {}, 'ai_answer_empty'],
    ['without a choice', { ended: 'missing' }, 'provider_row_missing'],
  ] as const)('whose answer is %s is asked for once more in the same words', async (_, reply, code) => {
    const model = new FakeModel([reply, reply]);
    expect(await cellOf(model)).toMatchObject({ status: 'error', reason: { code } });
    expect(model.questions[1]).toEqual(model.questions[0]);
    expect(await cellOf(new FakeModel([reply, '{"answer":1}']))).toMatchObject({ status: 'filled', value: 1 });
  });

  test.each([
    ['refused', 'ai_refused', /^OpenAI declined to answer\. Word the prompt/],
    ['cut_off', 'ai_cut_off', /^OpenAI broke its answer off .+ shorter answer/],
    ['filtered', 'ai_filtered', /^OpenAI held its answer back .+ by hand/],
  ] as const)('that the model has %s is an error of its own, asked for once', async (ended, code, message) => {
    const model = new FakeModel([{ ended, content: '{"answer":4' }]);
    const cell = await cellOf(model);
    expect(cell).toMatchObject({ status: 'error', reason: { code, message: expect.stringMatching(message) } });
    expect(cell?.provenance).toMatchObject({ tries: [{ outcome: 'error', code }], usage: { totalTokens: 12 } });
    expect(model.questions).toHaveLength(1);
  });

  test('is not_found when the model says that it does not know', async () => {
    const config = { prompt: 'Who leads {{attr:name}}?', answer: { type: 'text' } };
    const cell = await cellOf(new FakeModel(['{"answer":""}']), config);
    expect(cell).toMatchObject({ status: 'not_found', reason: { code: 'no_answer' } });
    expect(cell?.provenance).toMatchObject({ tries: [{ outcome: 'no_value' }] });
  });

  test('is skipped without a call when its row lacks what the prompt names', async () => {
    const model = new FakeModel([]);
    const config = { ...COUNT, prompt: '{{attr:name}} in {{col_1}}, {{col_1}}?' };
    expect(await cellOf(model, config)).toMatchObject({
      status: 'skipped',
      reason: { code: 'inputs', message: 'Industry is empty in this row.' },
    });
    expect(model.questions).toEqual([]);
  });

  test.each([
    ['whose prompt grows too long', { ...COUNT, prompt: '{{attr:name}} '.repeat(700) }, 'ai_prompt_too_long'],
    [
      'of a column with a broken schema',
      { ...COUNT, answer: { type: 'json', schema: { type: 'image' } } },
      'ai_schema_invalid',
    ],
    ['of a column that nobody can read', { ask: 'me' }, 'ai_config_invalid'],
  ])('%s is an error of its own, without a call', async (_, config, code) => {
    const model = new FakeModel([]);
    const rows = { r: { 'attr:name': 'x'.repeat(200) } };
    const cells = await fillPage({ columns: { c: config }, rows }, { provider: model });
    expect(cells.get('r c')).toMatchObject({ status: 'error', reason: { code, message: expect.any(String) } });
    expect(model.questions).toEqual([]);
  });

  test('that the provider refuses is an error of its own; of a column with its own schema it may be about that', async () => {
    const refusal = (): Error => ProviderError.fromStatus('openai', 400);
    expect(await cellOf(new FakeModel([refusal()]))).toMatchObject({ reason: { code: 'provider_refused_row' } });
    const own = { ...COUNT, answer: { type: 'json', schema: { type: 'string' } } };
    expect(await cellOf(new FakeModel([refusal()]), own)).toMatchObject({
      status: 'error',
      reason: { code: 'ai_schema_refused' },
    });
  });

  test.each([
    [401, 'provider_unauthorized'],
    [402, 'provider_out_of_credits'],
    [403, 'provider_forbidden'],
    [404, 'ai_model_unknown'],
  ])('that is refused with %d fails the page, because no other would fare better', async (status, code) => {
    const failing = cellOf(new FakeModel([ProviderError.fromStatus('openai', status)]));
    await expect(failing).rejects.toBeInstanceOf(PageFailed);
    await expect(failing).rejects.toMatchObject({ code, provider: 'openai' });
  });

  test('of each column of a row is asked for by itself', async () => {
    const model = new FakeModel(['{"answer":1}', '{"answer":true}']);
    const columns = { a: COUNT, b: { prompt: 'Is it a bank?', answer: { type: 'yes_no' } } };
    const cells = await fillPage({ columns, rows: { r: { 'attr:name': 'Acme' } } }, { provider: model });
    expect([...cells].map(([address, { value }]) => [address, value])).toEqual([
      ['r a', 1],
      ['r b', true],
    ]);
  });
});
