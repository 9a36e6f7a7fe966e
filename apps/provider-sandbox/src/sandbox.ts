import { CallLog } from './calls/call-log.js';
import { SandboxClock } from './calls/sandbox-clock.js';
import { SeedFile } from './calls/seed-file.js';
import { Standstill } from './calls/standstill.js';
import type { SandboxConfig } from './config/sandbox-config.js';
import { CrmStore } from './crm/crm-store.js';
import { Directory } from './data/directory.js';
import type { Fault } from './faults/fault.js';
import { FaultBook } from './faults/fault-book.js';
import { DEFAULT_LATENCY } from './limits/latency.js';
import type { LatencyProfile } from './limits/latency.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { hubspotApi } from './providers/hubspot.api.js';
import { lushaApi } from './providers/lusha.api.js';
import { openaiApi } from './providers/openai.api.js';
import { pdlApi } from './providers/pdl.api.js';
import type { ProviderApi, ProviderName } from './providers/provider-api.js';

/** One stand-in and how it behaves at the moment. */
export interface Provider {
  readonly api: ProviderApi;
  readonly key: string;
  readonly limiter: RateLimiter;
  latency: LatencyProfile;
}

/** Everything the provider routes and the admin routes share. */
export class Sandbox {
  readonly clock = new SandboxClock();
  readonly standstill = new Standstill();
  readonly faults = new FaultBook();
  readonly log: CallLog;
  readonly crm: CrmStore;
  readonly providers: ReadonlyMap<ProviderName, Provider>;
  private readonly seedFile: SeedFile;
  private seed: string;
  private knowledge: Directory;

  constructor(config: SandboxConfig) {
    this.log = new CallLog(config.logFile);
    this.crm = new CrmStore(`${config.logFile}.crm.jsonl`);
    this.seedFile = new SeedFile(config.logFile, config.seed);
    this.seed = this.seedFile.read();
    this.knowledge = new Directory(this.seed);
    this.providers = new Map(
      [lushaApi, pdlApi, openaiApi, hubspotApi].map((api) => [api.name, newProvider(api, config)]),
    );
  }

  get directory(): Directory {
    return this.knowledge;
  }

  /** Replaces all faults. */
  setFaults(faults: readonly Fault[]): void {
    this.faults.replace(faults, this.seed);
  }

  /** New data, an empty CRM, and behaviour as after a start. The call log stays: it is the evidence, and its `seq` never goes back. */
  reset(seed: string): void {
    this.seedFile.write(seed);
    this.seed = seed;
    this.knowledge = new Directory(seed);
    this.crm.clear();
    this.setFaults([]);
    this.clock.reset();
    for (const provider of this.providers.values()) {
      provider.limiter.setLimit(provider.api.defaultRequestsPerSecond);
      provider.latency = DEFAULT_LATENCY;
    }
  }
}

function newProvider(api: ProviderApi, config: SandboxConfig): Provider {
  const key = config.providerKeys.get(api.name) ?? `sandbox-${api.name}`;
  return {
    api,
    key,
    limiter: new RateLimiter(api.defaultRequestsPerSecond, api.limitWindowMs),
    latency: DEFAULT_LATENCY,
  };
}
