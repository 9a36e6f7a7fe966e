import { mkdirSync, openSync, readFileSync, truncateSync, ftruncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CrmObject } from './crm-properties.js';
import { CRM_OBJECT_TYPES } from './crm-properties.js';

export type CrmValues = Readonly<Record<string, string | null>>;

export interface CrmRecord {
  readonly object: CrmObject;
  readonly id: string;
  readonly properties: CrmValues;
  /** ISO 8601, by the sandbox's clock. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
  /** How many writes have changed it, its creation and archiving among them. */
  readonly writes: number;
}

/** One line of the file: what a write changed. */
interface Change {
  readonly object: CrmObject;
  readonly id: string;
  readonly at: string;
  readonly properties?: CrmValues;
  readonly archived?: boolean;
}

const FIRST_ID = 10_001;

/**
 * The records of the CRM, in memory and as a file of changes. The changes of one call are handed to the kernel by
 * {@link commit}, before the call is answered, so they survive a `kill -9` of the sandbox; a torn line is dropped.
 */
export class CrmStore {
  private readonly descriptor: number;
  private readonly records = new Map<string, CrmRecord>();
  /** Live records by each of their unique properties. */
  private readonly index = new Map<string, string>();
  private pending: Change[] = [];
  private nextId = FIRST_ID;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.descriptor = openSync(file, 'a');
    const content = readFileSync(file);
    const whole = content.lastIndexOf('\n') + 1;
    if (whole < content.length) truncateSync(file, whole);
    for (const line of content.toString('utf8', 0, whole).split('\n').filter(Boolean)) {
      this.apply(JSON.parse(line) as Change);
    }
  }

  /** The live record with this id, or with this value of a unique property. */
  find(object: CrmObject, value: string, idProperty?: string): CrmRecord | undefined {
    const id = idProperty === undefined ? value : this.index.get(indexKey(object, idProperty, value));
    const record = id === undefined ? undefined : this.records.get(id);
    return record?.object === object && !record.archived ? record : undefined;
  }

  create(object: CrmObject, properties: CrmValues, at: string): CrmRecord {
    return this.change({ object, id: String(this.nextId), at, properties });
  }

  /** Writes what differs; a write that changes nothing leaves no trace. */
  update(record: CrmRecord, properties: CrmValues, at: string): CrmRecord {
    const changed = Object.entries(properties).filter(([name, value]) => value !== (record.properties[name] ?? null));
    if (changed.length === 0) return record;
    return this.change({ object: record.object, id: record.id, at, properties: Object.fromEntries(changed) });
  }

  archive({ object, id }: CrmRecord, at: string): CrmRecord {
    return this.change({ object, id, at, archived: true });
  }

  /** Hands the changes of a call to the kernel. */
  commit(): void {
    if (this.pending.length === 0) return;
    writeSync(this.descriptor, this.pending.map((change) => `${JSON.stringify(change)}\n`).join(''));
    this.pending = [];
  }

  /** Up to `limit` records after the one with the id `after`, archived ones too, oldest first. */
  list(filter: {
    readonly object?: CrmObject | undefined;
    readonly after: number;
    readonly limit: number;
  }): CrmRecord[] {
    const items: CrmRecord[] = [];
    for (const record of this.records.values()) {
      if (items.length >= filter.limit) break;
      if (Number(record.id) <= filter.after || (filter.object ?? record.object) !== record.object) continue;
      items.push(record);
    }
    return items;
  }

  /** Forgets everything, ids too. */
  clear(): void {
    ftruncateSync(this.descriptor, 0);
    this.records.clear();
    this.index.clear();
    this.pending = [];
    this.nextId = FIRST_ID;
  }

  private change(change: Change): CrmRecord {
    this.pending.push(change);
    return this.apply(change);
  }

  private apply({ object, id, at, properties, archived = false }: Change): CrmRecord {
    const before = this.records.get(id);
    const after: CrmRecord = {
      object,
      id,
      properties: { ...before?.properties, ...properties },
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
      archived,
      ...(archived && { archivedAt: at }),
      writes: (before?.writes ?? 0) + 1,
    };
    if (before) this.forget(before);
    if (!archived) for (const key of indexKeys(after)) this.index.set(key, id);
    this.records.set(id, after);
    this.nextId = Math.max(this.nextId, Number(id) + 1);
    return after;
  }

  private forget(record: CrmRecord): void {
    for (const key of indexKeys(record)) this.index.delete(key);
  }
}

function indexKeys({ object, properties }: CrmRecord): string[] {
  return CRM_OBJECT_TYPES[object].unique.flatMap((property) => {
    const value = properties[property] ?? null;
    return value === null ? [] : [indexKey(object, property, value)];
  });
}

function indexKey(object: CrmObject, property: string, value: string): string {
  return `${object} ${property} ${value}`;
}
