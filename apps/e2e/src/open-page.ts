import type { Browser, Locator, Page } from 'playwright-core';
import { chromiumPath, launchBrowser } from './browser.js';
import { readCredentials } from './stack-home.js';
import type { Workspace } from './workspace.js';

/** Of one step in the page: a condition is waited for as long as the slowest machine takes. */
const STEP_MS = 60_000;

/** The page in a browser of its own, used by somebody with the key of a workspace. */
export class OpenPage {
  /** What went wrong in the page itself. */
  readonly problems: string[] = [];
  readonly dialog: Locator;

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly workspace: Workspace,
  ) {
    page.setDefaultTimeout(STEP_MS);
    page.on('pageerror', (error) => this.problems.push(error.message));
    this.dialog = page.getByRole('dialog');
  }

  static async of(workspace: Workspace): Promise<OpenPage> {
    const browser = await launchBrowser(chromiumPath() ?? '');
    return new OpenPage(browser, await browser.newPage({ viewport: { width: 2_000, height: 1_200 } }), workspace);
  }

  /** Shows a list, and waits until what happens in it would be seen. */
  async show(list: { readonly id: string; readonly name: string }): Promise<void> {
    // An address that differs in its fragment alone would load nothing.
    await this.page.goto('about:blank');
    await this.page.goto(`${readCredentials().url}/?list=${list.id}#key=${this.workspace.apiKey}`);
    await this.page.getByRole('heading', { name: list.name }).waitFor();
    await this.page.getByText('Live', { exact: true }).waitFor();
  }

  cell(rowId: string, columnId: string): Locator {
    return this.page.locator(`[row-id="${rowId}"] [col-id="${columnId}"]`);
  }

  /** Presses Tab until the focus is there. */
  async tabTo(control: Locator, atMost = 60): Promise<void> {
    for (let pressed = 0; pressed < atMost; pressed += 1) {
      if ((await control.and(this.page.locator(':focus')).count()) > 0) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${atMost} times Tab did not lead to ${String(control)}`);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
