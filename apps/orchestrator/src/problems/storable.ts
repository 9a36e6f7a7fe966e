import type { FieldProblem } from './problem.error.js';
import { toPointer } from './problem.error.js';

/** Code that walks a value would run out of stack; nobody needs so much. */
const MAX_DEPTH = 64;
/** Members of this name are lost wherever a value is copied member by member. */
const PROTOTYPE = '__proto__';

interface Place {
  readonly value: object;
  readonly name?: string;
  readonly within?: Place;
}

/**
 * What in a request no route could keep as it is, whatever its schema says: text that Postgres cannot hold, numbers that
 * are none in JSON, and what copying loses. The first fault, in a list as complaints are; empty when there is none.
 */
export function unstorable(root: unknown): FieldProblem[] {
  const fault = faultOf(root);
  if (fault !== undefined) return [{ pointer: '', detail: fault }];
  let level: Place[] = isContainer(root) ? [{ value: root }] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return [{ pointer: '', detail: `must not be nested deeper than ${MAX_DEPTH} levels` }];
    const next: Place[] = [];
    for (const place of level) {
      for (const [name, member] of Object.entries(place.value)) {
        const ofName = Array.isArray(place.value) ? undefined : faultOfName(name);
        if (ofName !== undefined) return [{ pointer: pointerTo(place), detail: ofName }];
        const ofMember = faultOf(member);
        if (ofMember !== undefined) return [{ pointer: `${pointerTo(place)}${toPointer([name])}`, detail: ofMember }];
        if (isContainer(member)) next.push({ value: member, name, within: place });
      }
    }
    level = next;
  }
  return [];
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function pointerTo({ name, within }: Place): string {
  return within === undefined || name === undefined ? '' : `${pointerTo(within)}${toPointer([name])}`;
}

function faultOf(value: unknown): string | undefined {
  if (typeof value === 'string') return faultOfText(value);
  // Valid JSON such as 1e400 is read as Infinity, and would be written as null.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must not be a number too large to store';
  return undefined;
}

function faultOfName(name: string): string | undefined {
  if (name === PROTOTYPE) return `must not have a member named ${PROTOTYPE}`;
  const fault = faultOfText(name);
  return fault === undefined ? undefined : `has a member whose name ${fault}`;
}

function faultOfText(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  return /\p{Surrogate}/u.test(text) ? 'must be well-formed Unicode' : undefined;
}
