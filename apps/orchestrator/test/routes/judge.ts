import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import type { Case } from './case.js';
import type { Operation, RoutesDocument, Schema } from './operations.js';
import type { WireReply } from './wire.js';

/** What gives away how the inside looks: stacks, files, SQL, hosts, libraries. */
const INSIDE =
  /\/(work|home|tmp|usr|root|node_modules)\/|^\s+at \S+|\.[cm]?[jt]s:\d+|\b(select|insert into|update|delete from) \w+.*\b(from|values|set|where)\b|relation "|sqlstate|postgres|prisma|\bzod\b|ECONN|127\.0\.0\.1|localhost/im;

interface Problem {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly status?: unknown;
  readonly detail?: unknown;
  readonly code?: unknown;
  readonly errors?: readonly { readonly pointer: string }[];
}

/** Judges answers by the document and by what every answer must be. */
export class Judge {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(
    { schemas }: RoutesDocument,
    private readonly secrets: readonly string[],
  ) {
    this.#ajv.addSchema({ $id: 'document', components: { schemas } });
  }

  /** Whether the document allows a value. */
  allows(schema: Schema, value: unknown): boolean {
    let validate = this.#compiled.get(schema);
    if (!validate) {
      const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Schema;
      validate = this.#ajv.compile(inDocument);
      this.#compiled.set(schema, validate);
    }
    return validate(value);
  }

  /** What is wrong with an answer; empty when nothing is. */
  faults(operation: Operation, given: Case, reply: WireReply): string[] {
    const { status, text } = reply;
    const { request, expected } = given;
    const sent = `${request.path} ${String(request.body)}`;
    const leaked = this.secrets.filter((secret) => text.includes(secret) && !sent.includes(secret));
    return [
      ...(status >= 500 ? ['is a server error'] : []),
      ...(expected.statuses && !expected.statuses.includes(status)
        ? [`expected ${expected.statuses.join(' or ')}`]
        : []),
      ...(expected.names !== undefined && !text.includes(expected.names) ? [`does not name ${expected.names}`] : []),
      ...leaked.map((secret) => `tells ${secret} of another workspace`),
      ...(status >= 400 ? problemFaults(reply, expected.pointer, expected.code) : this.#answerFaults(operation, reply)),
    ].map((fault) => `${operation.name} · ${given.name}: ${fault} (${status} ${text.slice(0, 400)})`);
  }

  #answerFaults(operation: Operation, { status, contentType, text }: WireReply): string[] {
    const schema = operation.answers[String(status)];
    if (!schema || !contentType.includes('json') || text === '') return [];
    return this.allows(schema, JSON.parse(text)) ? [] : ['does not fit its schema in the document'];
  }
}

function problemFaults({ status, contentType, headers, text }: WireReply, pointer?: string, code?: string): string[] {
  if (!contentType.startsWith('application/problem+json')) return [`is ${contentType || 'of no type'}, no problem`];
  const problem = JSON.parse(text) as Problem;
  const texts = [problem.type, problem.title, problem.detail, problem.code];
  const pointers = problem.errors?.map((error) => error.pointer) ?? [];
  return [
    ...(texts.every((part) => typeof part === 'string' && part !== '') ? [] : ['lacks a member of a problem']),
    ...(problem.status === status ? [] : ['says another status inside']),
    ...(INSIDE.test(text) ? ['shows the inside'] : []),
    ...(status === 401 && headers['www-authenticate'] === undefined ? ['does not say how to authenticate'] : []),
    ...(status === 422 && pointers.length === 0 && problem.code !== 'idempotency_key_reused' ? ['names no field'] : []),
    ...(code !== undefined && problem.code !== code ? [`expected the code ${code}`] : []),
    ...(status === 422 && pointer !== undefined && !pointers.some((found) => isAbout(found, pointer))
      ? [`names ${pointers.join(', ')} instead of ${pointer}`]
      : []),
  ];
}

/** Whether a complaint stands at the place, inside it or around it. */
const isAbout = (found: string, place: string): boolean =>
  found === place || place.startsWith(`${found}/`) || found.startsWith(`${place}/`);
