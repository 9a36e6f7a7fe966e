import type { Evidence, Version } from '../audit/evidence.js';
import type { Violation } from './violation.js';

/** A sentence has several words and says nothing of the machine's inside. */
const SENTENCE = /^\S+(\s+\S+){2,}$/;
const MACHINE_TALK = /undefined|\[object|NaN|\bat \S+:\d+|Error:/;

/** L14: cells that were not filled cost nothing and carry a reason that a person understands. */
export function checkUnfilled(evidence: Evidence): Violation[] {
  const paid = new Set([...evidence.captured.values()].flatMap((versions) => [...versions]));
  return evidence.versions
    .filter(({ author, status }) => author === 'job' && status !== 'filled')
    .flatMap((version) => [...complaints(version, paid)].map((detail) => violation(version, detail)));
}

function* complaints({ id, status, cost, reason }: Version, paid: ReadonlySet<number>): Generator<string> {
  if (cost !== 0) yield `Version ${id} is ${status} and costs ${cost}`;
  if (paid.has(id)) yield `Version ${id} is ${status} and was captured`;
  const message = reason?.message ?? '';
  if (!reason?.code || !SENTENCE.test(message) || MACHINE_TALK.test(message)) {
    yield `Version ${id} is ${status} without a reason that a person understands`;
  }
}

const violation = ({ rowId, columnId, jobId }: Version, detail: string): Violation => ({
  ...{ law: 'L14', detail, rowId, columnId },
  ...(jobId && { jobId }),
});
