import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/provider-sandbox/dist/main.js', import.meta.url));
const ADMIN_KEY = 'admin-key-of-this-test';
const PROVIDERS = ['lusha', 'pdl', 'openai', 'hubspot'];

/** What a provider knows of one entity, or what a model says to one prompt. */
export interface SandboxAnswer {
  readonly found: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One look-up of a call, from the sandbox's log. */
export interface SandboxCall {
  readonly provider: string;
  /** The path, for example `/v3/companies/search`. */
  readonly route: string;
  readonly callId: string;
  readonly key: string | null;
  readonly billable: boolean;
  readonly status: number;
}

/** The built provider sandbox as a process, spoken to by HTTP only. */
export class SandboxProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly adminUrl: string,
  ) {}

  static async start(): Promise<SandboxProcess> {
    if (!existsSync(MAIN)) throw new Error('build @uno/provider-sandbox first');
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PORT: '0',
        ADMIN_PORT: '0',
        SANDBOX_ADMIN_KEY: ADMIN_KEY,
        SANDBOX_LOG_FILE: join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'calls.jsonl'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, port, adminPort } = JSON.parse(line) as { event: string; port: number; adminPort: number };
      if (event !== 'listening') continue;
      const sandbox = new SandboxProcess(child, `http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`);
      await sandbox.reset('1');
      return sandbox;
    }
    throw new Error('the sandbox ended before it listened');
  }

  /** New data; no faults, no latency, no limits. */
  async reset(seed: string): Promise<void> {
    await this.admin('POST', '/admin/reset', { seed });
    for (const provider of PROVIDERS) {
      await this.admin('PUT', '/admin/latency', { provider, p50Ms: 0, p99Ms: 0 });
      await this.admin('PUT', '/admin/limits', { provider, requestsPerSecond: null });
    }
  }

  async setFaults(faults: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await this.admin('PUT', '/admin/faults', faults);
  }

  /** How often each fault has hit, in the order in which they were set. */
  async faultHits(): Promise<readonly number[]> {
    const { items } = (await this.admin('GET', '/admin/faults')) as { items: { hits: number }[] };
    return items.map(({ hits }) => hits);
  }

  async answer(provider: string, entityType: string, key: string): Promise<SandboxAnswer> {
    const query = new URLSearchParams({ provider, entityType, key });
    return (await this.admin('GET', `/admin/answers?${query.toString()}`)) as SandboxAnswer;
  }

  /** What a model must say to a prompt, by the type of the answer; `one_of` and `json` where `wanted` has what they need. */
  async completion(
    prompt: string,
    wanted: { options?: readonly string[]; schema?: object } = {},
  ): Promise<SandboxAnswer> {
    return (await this.admin('POST', '/admin/answers', {
      provider: 'openai',
      key: prompt,
      ...wanted,
    })) as SandboxAnswer;
  }

  /** The look-ups logged since this sequence number. */
  async calls(since = 0): Promise<readonly SandboxCall[]> {
    return ((await this.admin('GET', `/admin/calls?since=${since}`)) as { items: SandboxCall[] }).items;
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  /** Any admin route. @throws when it answers with anything but a 2xx. */
  async admin(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.adminUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
