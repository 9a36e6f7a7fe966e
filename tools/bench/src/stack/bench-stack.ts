import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type Credentials,
  launchStack,
  readCredentials,
  readStack,
  type RunningProcess,
  type ServiceStatus,
} from '@uno/local-stack';
import pg from 'pg';

/** The checkout whose build is measured. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

const STOPPED_WITHIN_MS = 15_000;
const DEFAULT_PORT_BASE = '4700';

/** Calls to providers at a time, in all figures. */
export const CALLS_AT_A_TIME = 100;

/** Where the stack under measurement differs from the defaults: one look-up a call, many calls, no limit of our own. */
export const THROUGHPUT_SETTINGS: Readonly<Record<string, string>> = {
  ENRICH_LOOKUPS_PER_CALL: '1',
  ENRICH_CALLS_PER_PAGE: `${CALLS_AT_A_TIME}`,
  ENRICH_CALLS_AT_A_TIME: `${CALLS_AT_A_TIME}`,
  LUSHA_REQUESTS_PER_SECOND: '100000',
  PDL_REQUESTS_PER_SECOND: '100000',
  LOG_LEVEL: 'warn',
};

/** The whole product, as built, running for the benchmark alone. */
export class BenchStack {
  /** Reads what happened, past row-level security; the product's own connections are not touched. */
  readonly database: pg.Pool;

  private constructor(
    private readonly command: RunningProcess,
    private readonly home: string,
    readonly credentials: Credentials,
  ) {
    this.database = new pg.Pool({ connectionString: credentials.databaseAdminUrl, max: 2 });
    // A figure may kill the database; the next query gets a new connection.
    this.database.on('error', () => undefined);
  }

  /**
   * Starts a stack as `npm start` does, with an empty database.
   *
   * @param home where it keeps its state; emptied first.
   * @param settings variables besides {@link THROUGHPUT_SETTINGS}.
   * @throws with the stack's last lines when it does not come up.
   */
  static async start(home: string, settings: Readonly<Record<string, string>> = {}): Promise<BenchStack> {
    if (readStack(home)) throw new Error(`A stack is running in ${home} already`);
    await rm(home, { recursive: true, force: true });
    const launched = await launchStack({
      repository: REPOSITORY,
      home,
      portBase: process.env['UNO_PORT_BASE'] ?? DEFAULT_PORT_BASE,
      settings: { ...THROUGHPUT_SETTINGS, ...settings },
    });
    if (!launched.pageAddress) {
      await launched.process.stop(STOPPED_WITHIN_MS);
      throw new Error(`The stack did not come up:\n${launched.process.output()}`);
    }
    return new BenchStack(launched.process, home, readCredentials(home));
  }

  /** Ends all processes and removes their state. */
  async stop(): Promise<void> {
    await this.database.end();
    await this.command.stop(STOPPED_WITHIN_MS);
    await rm(this.home, { recursive: true, force: true });
  }

  processes(): readonly ServiceStatus[] {
    return readStack(this.home) ?? [];
  }

  /** @throws when it is not running just now. */
  pidOf(name: string): number {
    const pid = this.processes().find((each) => each.name === name)?.pid;
    if (!pid) throw new Error(`The stack has no running process ${name}`);
    return pid;
  }
}
