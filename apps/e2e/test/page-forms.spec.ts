import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { describeInBrowser } from '../src/describe-with.js';
import { OpenPage } from '../src/open-page.js';
import { FOUR_TEAMS } from '../src/six-columns.js';
import { everythingHealthy } from '../src/stack-control.js';
import type { Column, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const SCHEMA = { type: 'object', properties: { tone: { type: 'string' } }, required: ['tone'] };

describeInBrowser(FOUR_TEAMS, 'the forms of the services, in a real browser', () => {
  let open: OpenPage;
  let workspace: Workspace;
  let companies: UnoList;
  let contacts: UnoList;

  beforeAll(async () => {
    await everythingHealthy();
    workspace = await Workspace.create(`page-forms ${randomUUID()}`, 100);
    const entity = { Security: 'Adobe', Domain: 'adobe.example', Sector: 'Software' };
    ({ list: companies } = await workspace.companies([entity], ['industry']));
    contacts = await workspace.send<UnoList>('POST', '/v1/lists', {
      ...{ name: 'People', entityType: 'contact', identity: { name: 'Name' } },
    });
    await workspace.send('POST', `/v1/lists/${contacts.id}/rows`, { rows: [{ entity: { Name: 'Ada Amberlock' } }] });
    open = await OpenPage.of(workspace);
    // Wide enough to show every column that is added here.
    await open.page.setViewportSize({ width: 3_600, height: 1_200 });
  });
  // Anew for each test, so that a dialog that one left open is not in the way of the others.
  beforeEach(() => open.show(companies));
  afterAll(() => open?.close());

  const addColumn = (column: object): Promise<Column> =>
    workspace.send<Column>('POST', `/v1/lists/${companies.id}/columns`, column);

  async function columnNamed(name: string): Promise<Column | undefined> {
    const { items } = await workspace.send<{ items: Column[] }>('GET', `/v1/lists/${companies.id}/columns`);
    return items.find((column) => column.name === name);
  }

  async function chooseService(title: string): Promise<void> {
    await open.page.getByRole('button', { name: 'Add column' }).click();
    await open.dialog.locator('.service-card', { has: open.page.getByText(title, { exact: true }) }).click();
  }

  /** Leaves the dialog that is open. */
  async function leave(): Promise<void> {
    await open.page.keyboard.press('Escape');
    await open.dialog.waitFor({ state: 'detached' });
  }

  test('a prompt is written by keyboard alone, with names put in from the picker where the cursor is', async () => {
    const { page, dialog } = open;
    const prompt = dialog.getByRole('textbox', { name: /^Prompt/ });
    const picker = dialog.getByRole('combobox', { name: 'Insert an attribute or column' });
    await open.tabTo(page.getByRole('button', { name: 'Add column' }));
    await page.keyboard.press('Enter');
    await open.tabTo(dialog.locator('.service-card', { has: page.getByText('AI', { exact: true }) }));
    await page.keyboard.press('Enter');
    await open.tabTo(prompt);
    await page.keyboard.type('What does  sell?');
    for (let letter = 0; letter < ' sell?'.length; letter += 1) await page.keyboard.press('ArrowLeft');
    await open.tabTo(picker);
    await page.keyboard.type('secur');
    await page.keyboard.press('Enter');
    await page.keyboard.type(', of industry ');
    await open.tabTo(picker);
    await page.keyboard.press('ArrowDown');
    const offered = dialog.getByRole('listbox');
    await offered.getByRole('option', { name: 'Security attribute', selected: true }).waitFor();
    // The columns come after the attributes.
    for (let below = (await offered.getByRole('option').count()) - 1; below > 0; below -= 1) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    expect(await prompt.inputValue()).toBe('What does {{Security}}, of industry {{industry}} sell?');
    await open.tabTo(dialog.getByRole('textbox', { name: 'Column name' }));
    await page.keyboard.type('Sells');
    await open.tabTo(dialog.getByRole('button', { name: 'Create column' }));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Fill cells' }).waitFor();
    await leave();
    expect(await columnNamed('Sells')).toMatchObject({
      config: { prompt: 'What does {{Security}}, of industry {{industry}} sell?', answer: { type: 'text' } },
    });
  });

  const fillIn = (label: RegExp, text: string) => (form: Locator) =>
    form.getByRole('textbox', { name: label }).fill(text);

  test.each([
    ['Text', { type: 'text' }, undefined],
    ['Number', { type: 'number' }, undefined],
    ['Yes or no', { type: 'yes_no' }, undefined],
    ['One of', { type: 'one_of', options: ['Low', 'Very high'] }, fillIn(/^Options/, 'Low\nVery high\n')],
    ['JSON', { type: 'json', schema: SCHEMA }, fillIn(/^Schema/, JSON.stringify(SCHEMA))],
  ] as const)('an answer can be asked for as %s', async (title, answer, fillMore) => {
    const { page, dialog } = open;
    await chooseService('AI');
    await dialog.getByRole('textbox', { name: /^Prompt/ }).fill('Judge {{Security}}');
    await dialog.getByRole('combobox', { name: /^Type/ }).selectOption({ label: title });
    await fillMore?.(dialog);
    await dialog.getByRole('textbox', { name: 'Column name' }).fill(`As ${title}`);
    await dialog.getByRole('button', { name: 'Create column' }).click();
    await page.getByRole('dialog', { name: 'Fill cells' }).waitFor();
    await leave();
    expect(await columnNamed(`As ${title}`)).toMatchObject({ config: { prompt: 'Judge {{Security}}', answer } });
  });

  test('what the CRM cannot be given is said at the property that it is about', async () => {
    const { page, dialog } = open;
    const record = await addColumn({
      ...{ name: 'Record', service: 'crm' },
      config: { object: 'company', matchOn: 'domain', map: { name: 'Security' } },
    });
    await addColumn({
      ...{ name: 'Comment', service: 'ai' },
      config: { prompt: 'What of {{Record}}?', answer: { type: 'text' } },
    });
    await page.getByRole('columnheader', { name: 'Comment' }).waitFor();
    await page.getByRole('button', { name: 'Edit column Record' }).click();
    const entry = (property: number): Locator =>
      dialog.locator('.map-entry', { has: page.getByRole('textbox', { name: `Property ${property}` }) });
    await dialog.getByRole('button', { name: 'Add a property' }).click();
    await entry(2).getByRole('textbox').fill('uno_note');
    await entry(2).getByRole('combobox').fill('Comment');
    const save = dialog.getByRole('button', { name: 'Save column' });
    await save.click();
    // The API alone sees that the two columns would wait for each other, and says where: /config/map/uno_note.
    await entry(2)
      .getByText(/Record → Comment → Record/)
      .waitFor();
    expect(await entry(1).locator('.error-detail').count()).toBe(0);
    await entry(2).getByRole('combobox').fill('Sector');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    expect(await columnNamed(record.name)).toMatchObject({ config: { map: { name: 'Security', uno_note: 'Sector' } } });
  });

  test('a column that somebody else renames has its new title at once', async () => {
    const { page } = open;
    const comment = await columnNamed('Comment');
    await workspace.send('PATCH', `/v1/lists/${companies.id}/columns/${comment?.id}`, { name: 'Remark' });
    await page.getByRole('columnheader', { name: 'Remark' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Comment' }).count()).toBe(0);
  });

  test('events are offered by what the rows of the list are', async () => {
    const { page, dialog } = open;
    const offered = async (): Promise<string[]> => {
      await chooseService('Signals');
      const kinds = dialog.getByRole('group', { name: /^Events/ }).locator('label');
      await kinds.first().waitFor();
      const labels = await kinds.allTextContents();
      await leave();
      return labels;
    };
    expect(await offered()).toEqual(['Funding', 'Hiring', 'News']);
    await page.getByRole('navigation', { name: 'Lists' }).getByRole('button', { name: contacts.name }).click();
    await page.getByRole('heading', { name: contacts.name }).waitFor();
    expect(await offered()).toEqual(['Job change']);
    expect(open.problems).toEqual([]);
  });
});
