import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FAULT_CASES, FAULTED_SERVICES } from './fault-cases.js';
import type { FaultRecord } from './judge-fault.js';

/** In the folder of results. */
export const FAULT_RECORDS = 'provider-faults.json';

/** How each case ended when it was run last. */
export class FaultRecordsFile {
  constructor(private readonly path: string) {}

  read(): FaultRecord[] {
    return existsSync(this.path) ? (JSON.parse(readFileSync(this.path, 'utf8')) as FaultRecord[]) : [];
  }

  /** The last run of a case is the one that counts. */
  keep(record: FaultRecord): void {
    const others = this.read().filter(({ service, fault }) => service !== record.service || fault !== record.fault);
    const all = [...others, record].sort((a, b) => placeOf(a) - placeOf(b));
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, JSON.stringify(all, null, 1));
  }
}

function placeOf({ service, fault }: FaultRecord): number {
  const place = FAULT_CASES.findIndex(({ name }) => name === fault);
  return FAULTED_SERVICES.indexOf(service) * FAULT_CASES.length + place;
}
