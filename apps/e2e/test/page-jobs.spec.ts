import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import type { Locator } from 'playwright-core';
import { crm } from '../src/crm.js';
import { describeInBrowser } from '../src/describe-with.js';
import { OpenPage } from '../src/open-page.js';
import { sandbox } from '../src/sandbox.js';
import { companiesWithDomains, FOUR_TEAMS, PRICES, type SixColumnList, sixColumns } from '../src/six-columns.js';
import { everythingHealthy } from '../src/stack-control.js';
import type { Cell, Column, Job, Row, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const TRIED = 10;
/** So long a prompt is on its way: the job is met before it ends. */
const PROMPT_TAKES_MS = 25_000;
const WRITTEN_WITHIN_MS = 60_000;

describeInBrowser(FOUR_TEAMS, 'jobs of four teams, in a real browser', () => {
  const [unmatched, ...others] = companiesWithDomains(TRIED + 2);
  let open: OpenPage;
  let workspace: Workspace;
  let list: SixColumnList;
  let rows: Row[];
  let target: UnoList;
  let first: Job;

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create(`page-jobs ${randomUUID()}`, 1_000);
    open = await OpenPage.of(workspace);
  });
  afterAll(async () => {
    await open?.close();
    await sandbox.reset(1);
  });

  const card = (...columns: readonly string[]): Locator =>
    open.page.getByRole('listitem', { name: `Job for ${columns.join(', ')}`, exact: true });

  test('a try of ten rows over six columns fills these alone and costs at most what it said', async () => {
    const { page, dialog } = open;
    // Without a domain the CRM does not know the first one.
    list = await sixColumns(workspace, [{ Company: unmatched?.Company ?? '' }, ...others]);
    await open.show(list.list);
    await page.getByRole('button', { name: 'Fill', exact: true }).click();
    const price = list.columns.reduce((sum, { service }) => sum + (PRICES[service] ?? 0), 0);
    const cells = TRIED * list.columns.length;
    await dialog.getByText(`First ${TRIED} rows: ${cells} cells, up to ${TRIED * price} credits`).waitFor();
    await dialog.getByRole('button', { name: `Try on ${TRIED} rows` }).click();
    await dialog.waitFor({ state: 'detached' });
    await card(...list.columns.map(({ name }) => name))
      .getByText('Books closed')
      .waitFor();
    rows = await workspace.rows(list.list.id);
    const blank = rows.map(({ cells: of }) => Object.values(of).filter(({ status }) => status === 'blank').length);
    expect(blank).toEqual(rows.map((_, position) => (position < TRIED ? 0 : list.columns.length)));
    const { spent } = await workspace.credits();
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(TRIED * price);
  });

  test('an event links to where it was read', async () => {
    const { id } = list.byName.News;
    const address = ({ value }: Cell): string | null => (value as { url: string | null } | null)?.url ?? null;
    const read = rows.find(({ cells }) => cells[id]?.status === 'filled' && address(cells[id]) !== null);
    if (!read?.cells[id]) throw new Error('Nothing happened at any of these companies');
    const link = open.cell(read.id, id).getByRole('link');
    expect(await link.getAttribute('href')).toBe(address(read.cells[id]));
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  test('a skipped cell says why', async () => {
    const { id } = list.byName.CRM;
    const path = `/v1/lists/${list.list.id}/rows/${rows[0]?.id}/cells/${id}`;
    const { status, reason } = await workspace.send<Cell & { reason: { message: string } }>('GET', path);
    expect(status).toBe('skipped');
    await open.cell(rows[0]?.id ?? '', id).click();
    await open.page.getByRole('region', { name: 'Cell' }).getByText(`Skipped: ${reason.message}`).first().waitFor();
    expect(reason.message).toContain('domain');
  });

  test('a job whose cells are all busy says that another one was filling them', async () => {
    target = await workspace.send<UnoList>('POST', '/v1/lists', {
      ...{ name: 'To undo', entityType: 'company', identity: { name: 'Company', domain: 'Domain' } },
    });
    await workspace.send('POST', `/v1/lists/${target.id}/rows`, { rows: others.map((entity) => ({ entity })) });
    const add = (column: object): Promise<Column> =>
      workspace.send<Column>('POST', `/v1/lists/${target.id}/columns`, column);
    const map = { name: 'Company', uno_notes: 'Company' };
    const record = await add({ name: 'Record', service: 'crm', config: { object: 'company', matchOn: 'domain', map } });
    const config = { prompt: 'What of {{Record}}?', answer: { type: 'text' } };
    const comment = await add({ name: 'Comment', service: 'ai', config });
    await sandbox.reset(2);
    await sandbox.latency(PROMPT_TAKES_MS, PROMPT_TAKES_MS, ['openai']);
    await open.show(target);
    first = await workspace.fill(target.id, [record, comment]);
    await waitUntil(async () => (await crm.companies()).size === others.length, {
      timeoutMs: WRITTEN_WITHIN_MS,
      what: 'the records to be written',
    });
    await workspace.fill(target.id, [record]);
    await card('Record').getByText('Another job was filling all of these cells.').waitFor();
  });

  test('an undo that the CRM refuses waits for somebody who tries it again, and shows what it left alone', async () => {
    const [{ Domain: changed } = { Domain: '' }] = others;
    await crm.write(new Map([[changed, { uno_notes: 'Called them' }]]));
    await sandbox.faults([{ provider: 'hubspot', fault: 'unauthorized' }]);
    const running = open.page.getByRole('list', { name: 'Running jobs' });
    await running.getByRole('button', { name: 'Cancel job' }).click();
    await running.getByRole('button', { name: 'Cancel and restore' }).click();
    const undone = card('Record', 'Comment');
    await undone.getByText('Could not put everything back yet').waitFor();
    expect((await workspace.job(first.id)).reverts).toMatchObject({ records: others.length, open: others.length });
    // Its cells are back: none of them is to go.
    expect(await undone.getByRole('progressbar').count()).toBe(0);

    await sandbox.heal();
    await undone.getByRole('button', { name: 'Try again' }).click();
    await undone.getByText('Cancelled', { exact: true }).waitFor();
    await undone.getByText(`${others.length - 1} put back, 1 changed by somebody else meanwhile`).waitFor();
    await undone.getByRole('button', { name: 'Show the 1 changed record' }).click();
    await undone.getByText(changed).waitFor();
    expect([...(await crm.companies()).keys()]).toEqual([changed]);
    expect(open.problems).toEqual([]);
  });
});
