import type { SignalKind } from '@uno/signals-contract';
import type { SandboxAnswer, SandboxCall, SandboxProcess } from '@uno/testing';
import type { EntityType } from '@uno/worker-kit';

/** Provider and route of a fault, or of a call. */
export const ROUTES = {
  company: { search: '/v3/companies/search', signals: '/v3/companies/signals' },
  contact: { search: '/v3/contacts/search', signals: '/v3/contacts/signals' },
} as const;

export interface Question {
  readonly entityType: EntityType;
  readonly kinds: readonly SignalKind[];
  readonly withinDays: number;
}

/** The event that a cell must hold; undefined where there is none. */
export async function latestEventIn(
  sandbox: SandboxProcess,
  key: string,
  { entityType, kinds, withinDays }: Question,
): Promise<unknown> {
  const query = new URLSearchParams({
    ...{ provider: 'lusha', entityType, key },
    ...{ kinds: kinds.join(), withinDays: String(withinDays) },
  });
  const { found, values } = (await sandbox.admin('GET', `/admin/answers?${query.toString()}`)) as SandboxAnswer;
  const { kind, title, date, url } = values;
  return found ? { kind, title, date, url } : undefined;
}

/** The calls to a route since the log had so many look-ups: what was looked up, call by call. */
export async function callsTo(sandbox: SandboxProcess, route: string, since: number): Promise<SandboxCall[][]> {
  const byCall = new Map<string, SandboxCall[]>();
  for (const each of await sandbox.calls(since)) {
    if (each.route === route) byCall.set(each.callId, [...(byCall.get(each.callId) ?? []), each]);
  }
  return [...byCall.values()];
}
