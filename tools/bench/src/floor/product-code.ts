import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Credentials } from '@uno/local-stack';
import { REPOSITORY } from '../stack/bench-stack.js';

/** Who writes for a job, as the product's transactions check it. */
export interface Fence {
  readonly workspaceId: string;
  readonly jobId: string;
  readonly fence: number;
  readonly owner: string;
}

interface Sql {
  run(text: string, params: readonly unknown[]): Promise<number>;
}

interface Database {
  inWorkspace<T>(workspaceId: string, work: (sql: Sql) => Promise<T>): Promise<T>;
  onModuleDestroy(): Promise<void>;
}

interface Money {
  readonly database: Database;
  readonly billing: unknown;
}

interface StepOfPage {
  readonly pageNo: number;
  readonly stepNo: number;
  readonly serviceId: string;
}

export type OpenRow = Readonly<Record<string, unknown>>;
export type CellResult = Readonly<Record<string, unknown>>;

interface Waterfall<Page> {
  /** Rows of one call. */
  readonly chunkSize: number;
  openPage(page: object, runningMs: () => number): Page;
  lookUp(rows: readonly OpenRow[], context: { page: Page; signal: AbortSignal }): Promise<CellResult[]>;
}

/**
 * The built product's own transactions, requests to billing and calls to providers, without what carries them from process
 * to process. They are entered by their files, because an app is a process and offers nothing to import.
 */
export interface ProductCode {
  readonly money: Money;
  acceptJob(sql: Sql, ref: { workspaceId: string; listId: string }, order: object): Promise<{ id: string }>;
  beginJob(
    database: Database,
    job: { workspaceId: string; jobId: string },
    runId: string,
  ): Promise<{ fence: number; stages: readonly { firstPage: number; pages: number }[] } | null>;
  holdCredits(money: Money, by: Fence, ttlSeconds: number): Promise<unknown>;
  openPage(database: Database, by: Fence, pageNo: number): Promise<{ outcome: string }>;
  readStepPage(
    database: Database,
    by: Fence,
    step: StepOfPage,
  ): Promise<{ readonly rows: readonly OpenRow[] } | undefined>;
  settleCells(database: Database, by: Fence, step: StepOfPage, results: readonly CellResult[]): Promise<unknown>;
  sealAndCapture(money: Money, by: Fence, pageNos: readonly number[]): Promise<void>;
  completeJob(database: Database, by: Fence): Promise<void>;
  releaseHold(money: Money, by: Fence): Promise<void>;
  finishJob(database: Database, by: Fence): Promise<unknown>;
  /** Asks the same providers in the same order, without leases. */
  waterfall(): Waterfall<unknown>;
  /** Gathers and sends results as a worker does. */
  settler(send: (results: readonly CellResult[]) => Promise<unknown>, failed: (error: unknown) => void): Settler;
}

export interface Settler {
  add(results: readonly CellResult[]): void;
  close(): Promise<void>;
}

const ORCHESTRATOR = 'apps/orchestrator/dist';
const ENRICH = 'apps/enrich-worker/dist/enrich';

/**
 * Loads the built product into this process.
 *
 * @throws when it is not built, or no longer has one of these functions.
 */
export async function loadProductCode(
  credentials: Credentials,
  { connections, lookupsPerCall }: { readonly connections: number; readonly lookupsPerCall: number },
): Promise<ProductCode> {
  const { Database } = await load<{ Database: new (config: object) => Database }>(`${ORCHESTRATOR}/database/database`);
  const { BillingClient } = await load<{ BillingClient: new (config: object) => unknown }>(
    `${ORCHESTRATOR}/billing/billing.client`,
  );
  const parts = await Promise.all(
    [
      'jobs/accept-job',
      'jobs/job-state',
      'jobs/job-credits',
      'pages/open-page',
      'pages/step-page',
      'pages/settle-cells',
    ].map((file) => load<Partial<ProductCode>>(`${ORCHESTRATOR}/${file}`)),
  );
  const { readConfig } = await load<{ readConfig: (env: object) => object }>(`${ORCHESTRATOR}/config/config`);
  const config = readConfig({
    DATABASE_URL: credentials.databaseUrl,
    DATABASE_POOL_SIZE: connections,
    BILLING_URL: credentials.billingUrl,
    BILLING_KEY: credentials.billingKey,
    OPERATOR_KEY: credentials.operatorKey,
  });
  const money = { database: new Database(config), billing: new BillingClient(config) };
  const transactions = Object.assign({}, ...parts) as Omit<ProductCode, 'money' | 'waterfall' | 'settler'>;
  for (const name of [
    'acceptJob',
    'beginJob',
    'holdCredits',
    'openPage',
    'readStepPage',
    'settleCells',
    'sealAndCapture',
    'releaseHold',
  ])
    if (!(name in transactions)) throw new Error(`The built orchestrator has no function ${name}`);
  return { ...transactions, money, ...(await loadWorker(credentials, lookupsPerCall)) };
}

async function loadWorker(
  { sandboxUrl }: Credentials,
  lookupsPerCall: number,
): Promise<Pick<ProductCode, 'waterfall' | 'settler'>> {
  const { EnrichWaterfall, LushaProvider, PdlProvider } = await load<
    Record<'LushaProvider' | 'PdlProvider', new (config: object) => unknown> & {
      EnrichWaterfall: new (options: object) => Waterfall<unknown>;
    }
  >(`${ENRICH}/index`);
  const { CellSettler } = await load<{ CellSettler: new (options: object) => Settler }>(
    'libs/worker-kit/dist/page/cell-settler',
  );
  const providers = [
    new LushaProvider({ baseUrl: sandboxUrl, apiKey: 'sandbox-lusha' }),
    new PdlProvider({ baseUrl: sandboxUrl, apiKey: 'sandbox-pdl' }),
  ];
  const leases = { acquire: async () => undefined, throttled: async () => undefined };
  return {
    waterfall: () => new EnrichWaterfall({ providers, leases, lookupsPerCall, retryBudgetSeconds: 60 }),
    settler: (send, onFailure) => new CellSettler({ send, onSettled: () => undefined, onFailure }),
  };
}

async function load<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(join(REPOSITORY, `${path}.js`)).href)) as T;
}
