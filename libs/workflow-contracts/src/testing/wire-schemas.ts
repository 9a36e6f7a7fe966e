import { z } from 'zod';
import { wireBreaks } from './wire-compatibility.js';
import {
  absentStep,
  compensateJob,
  controlBeat,
  effectsPage,
  effectsReply,
  effectsRequest,
  failureReply,
  failureReport,
  fillJob,
  fillPage,
  fillSegment,
  outcomesReply,
  outcomesRequest,
  rateLeaseReply,
  rateLeaseRequest,
  reconcile,
  revertPage,
  serviceRegistration,
  settleReply,
  settleRequest,
  stepPage,
  type AnyContract,
} from '../index.js';

/** Name of a snapshot file and the schemas in it. */
export type WireSchemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that crosses a process boundary, as JSON Schema: what a sender may leave out is optional. */
export function wireSchemas(): WireSchemas {
  return {
    ...Object.fromEntries(
      [fillPage, revertPage, fillJob, fillSegment, compensateJob, reconcile].map((contract) => [
        `${contract.workflowType}.v${contract.version}`,
        contractSchemas(contract),
      ]),
    ),
    'page-api': schemasOf({
      stepPage,
      settleRequest,
      settleReply,
      failureReport,
      failureReply,
      rateLeaseRequest,
      rateLeaseReply,
      controlBeat,
      effectsRequest,
      effectsReply,
      effectsPage,
      outcomesRequest,
      outcomesReply,
    }),
    'job-signals': schemasOf({ absentStep }),
    'service-registration': schemasOf({ serviceRegistration }),
  };
}

const contractSchemas = ({ input, result }: AnyContract): Record<string, unknown> => schemasOf({ input, result });

/** As they stand in a snapshot: plain JSON. */
export function schemasOf(schemas: Readonly<Record<string, z.ZodType>>): Record<string, unknown> {
  const entries = Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Record<string, unknown>;
}

/**
 * What a new state of the schemas breaks against the saved one, as sentences. A schema that was removed is a break; a new
 * one is not.
 */
export function wireBreaksBetween(
  saved: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(saved).flatMap(([name, schema]) =>
    name in current ? wireBreaks(schema, current[name], name) : [`${name}: removed`],
  );
}
