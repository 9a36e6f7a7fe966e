import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ADMIN_KEY = 'admin-key-of-this-test';

/** The built sandbox as a process of its own, on ports of its own. */
export class SandboxProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly adminUrl: string,
  ) {}

  static newLogFile(): string {
    return join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'calls.jsonl');
  }

  static async start(logFile: string, env: NodeJS.ProcessEnv = {}): Promise<SandboxProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: { PORT: '0', ADMIN_PORT: '0', SANDBOX_ADMIN_KEY: ADMIN_KEY, SANDBOX_LOG_FILE: logFile, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, port, adminPort } = JSON.parse(line) as { event: string; port: number; adminPort: number };
      if (event !== 'listening') continue;
      const sandbox = new SandboxProcess(child, `http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`);
      for (const provider of ['lusha', 'pdl', 'openai', 'hubspot']) {
        await sandbox.admin('PUT', '/admin/latency', { provider, p50Ms: 0, p99Ms: 0 });
      }
      return sandbox;
    }
    throw new Error('the sandbox ended before it listened');
  }

  async admin(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.adminUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async adminJson<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    return (await (await this.admin(method, path, body)).json()) as Body;
  }

  async calls(since = 0): Promise<readonly Call[]> {
    return (await this.adminJson<{ items: Call[] }>('GET', `/admin/calls?since=${since}`)).items;
  }

  async lusha(names: readonly string[], options: LushaOptions = {}): Promise<Response> {
    return fetch(`${this.url}/v3/companies/search-and-enrich`, {
      method: 'POST',
      headers: { api_key: options.key ?? 'sandbox-lusha', 'content-type': 'application/json', ...options.headers },
      body: JSON.stringify({ companies: names.map((name, index) => ({ clientReferenceId: String(index), name })) }),
      ...(options.signal && { signal: options.signal }),
    });
  }

  async pdl(names: readonly string[]): Promise<Response> {
    return fetch(`${this.url}/v5/company/enrich/bulk`, {
      method: 'POST',
      headers: { 'x-api-key': 'sandbox-pdl', 'content-type': 'application/json' },
      body: JSON.stringify({ requests: names.map((name) => ({ params: { name }, metadata: { name } })) }),
    });
  }

  /** A call to any provider's route, with its right key. */
  async post(
    provider: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const key = `sandbox-${provider}`;
    return fetch(this.url + path, {
      method: 'POST',
      headers: { ...keyHeader(provider, key), 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

function keyHeader(provider: string, key: string): Readonly<Record<string, string>> {
  if (provider === 'lusha') return { api_key: key };
  return provider === 'pdl' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
}

export interface LushaOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Call {
  readonly seq: number;
  readonly at: string;
  readonly callId: string;
  readonly provider: string;
  readonly route: string;
  readonly key: string | null;
  readonly idempotencyKey: string | null;
  readonly billable: boolean;
  readonly status: number;
  readonly fault?: string;
  readonly stoodStillMs?: number;
  readonly recordId?: string;
  readonly effect?: string;
}
