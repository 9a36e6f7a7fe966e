import { Connection } from '@temporalio/client';
import { type ProcessSpec, type RunningProcess, startChild } from '../process/running-process.js';
import { waitUntil } from '../wait-until.js';

const READY_TIMEOUT_MS = 60_000;

/**
 * Without these a single history shard reads its queues 20 times a second, so that each hop between workflow, child and
 * activity costs up to 50 ms; fairness between workspaces is off by default.
 */
export const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'matching.enableFairness=true',
];

/** SQLite syncs every write in its default mode; with a write-ahead log a killed server still loses nothing. */
const FILE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** A development server and where it keeps its state. */
export interface TemporalOptions {
  /** Path of the Temporal CLI, see `acquireTemporalCli`. */
  readonly cli: string;
  /** Port of the frontend on 127.0.0.1. */
  readonly port: number;
  /** Port of the web interface on 127.0.0.1; none is served without it. */
  readonly uiPort?: number;
  /** SQLite file of its state; kept in memory without it. */
  readonly dbFile?: string;
  /** Receives each line that the server logs. */
  readonly onLine?: (line: string) => void;
}

/** A running development server. */
export interface TemporalServer {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** How to start a development server, tuned so that it does not slow jobs down. */
export function temporalSpec(options: TemporalOptions): ProcessSpec {
  const ui = options.uiPort === undefined ? ['--headless'] : ['--ui-port', `${options.uiPort}`, '--ui-ip', '127.0.0.1'];
  const storage =
    options.dbFile === undefined ? [] : ['--db-filename', options.dbFile, ...each('--sqlite-pragma', FILE_PRAGMAS)];
  return {
    command: options.cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${options.port}`, '--log-level', 'warn'],
      ...['--disable-config-env', '--disable-config-file'],
      ...ui,
      ...storage,
      ...each('--dynamic-config-value', DYNAMIC_CONFIG),
    ],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
  };
}

function each(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

/**
 * Starts a Temporal development server on 127.0.0.1 and resolves when its namespace `default` answers.
 *
 * @throws with the server's last output when it does not come up.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const server = await startChild(temporalSpec(options), options.onLine);
  const address = `127.0.0.1:${options.port}`;
  try {
    await waitUntil(() => !server.isRunning() || temporalAnswers(address), {
      timeoutMs: READY_TIMEOUT_MS,
      what: 'Temporal to answer',
    });
    if (!server.isRunning()) throw new Error('Temporal ended while it was starting');
  } catch (error) {
    await server.stop();
    throw new Error(`${(error as Error).message}. Its last words:\n${server.output()}`, { cause: error });
  }
  return { address, process: server, stop: async () => void (await server.stop()) };
}

/** Whether a Temporal frontend answers for the namespace right now. */
export async function temporalAnswers(address: string, namespace = 'default'): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}
