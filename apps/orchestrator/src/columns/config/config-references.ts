import { REFERENCE_KEYWORD, hasOpenReference, mapReferences } from '@uno/workflow-contracts';
import type { Reference } from '@uno/workflow-contracts';
import type { FieldProblem } from '../../problems/problem.error.js';
import { toPointer } from '../../problems/problem.error.js';
import type { ListNames, Referable } from './list-names.js';
import type { Config, ConfigSchema } from './walk-config.js';
import { mapConfig } from './walk-config.js';

export interface ReferenceFault extends FieldProblem {
  readonly code: 'unknown_reference' | 'ambiguous_reference';
}

export interface StoredConfig {
  /** As it is stored and as workers get it: what it names stands there by reference. */
  readonly config: Config;
  /** What it names, each once, with the place where it stands first. */
  readonly named: readonly (Referable & { readonly pointer: string })[];
  readonly faults: readonly ReferenceFault[];
}

/** At most so many are told at once. */
const MAX_FAULTS = 20;

type Replace = (name: string, at: { readonly pointer: string; readonly inText: boolean }) => Reference;

/** Replaces what a config names, wherever its schema says that it names something. */
function replaceReferences(
  schema: ConfigSchema,
  config: Config,
  replace: Replace,
  open: (pointer: string) => void = () => undefined,
): Config {
  return mapConfig(schema, config, (place, value, path) => {
    if (typeof value !== 'string') return value;
    const pointer = toPointer(['config', ...path]);
    const kind = place[REFERENCE_KEYWORD];
    if (kind === 'template' && hasOpenReference(value)) open(pointer);
    if (kind === 'template') return mapReferences(value, (name) => replace(name, { pointer, inText: true }));
    return kind === 'name' ? replace(value, { pointer, inText: false }) : value;
  });
}

/** A config of column `self` with references for names. What cannot be told stays as it is, and is a fault. */
export function withReferences(schema: ConfigSchema, config: Config, names: ListNames, self: string): StoredConfig {
  const named = new Map<Reference, Referable & { pointer: string }>();
  const faults: ReferenceFault[] = [];
  const open = (pointer: string): void => void faults.push({ pointer, ...LEFT_OPEN });
  const replace: Replace = (name, { pointer }) => {
    const [found, ...more] = names.find(name, self);
    if (!found || more.length > 0) {
      if (faults.length === MAX_FAULTS) return name;
      faults.push({ pointer, ...(found ? ambiguous(name, [found, ...more]) : unknown(name, names.describe(self))) });
      return name;
    }
    if (!named.has(found.reference)) named.set(found.reference, { ...found, pointer });
    return found.reference;
  };
  const stored = replaceReferences(schema, config, replace, open);
  return { config: stored, named: [...named.values()], faults };
}

/** A stored config as people read and write it: with titles. Sent back as it is, it means the same. */
export function withTitles(schema: ConfigSchema, config: Config, names: ListNames, self: string): Config {
  return replaceReferences(schema, config, (reference, { inText }) => {
    const title = names.titleOf(reference, self);
    return inText && /[{}]/.test(title) ? reference : title;
  });
}

/** What a stored config names, by reference. */
export function referencesOf(schema: ConfigSchema, config: Config): Reference[] {
  const found = new Set<Reference>();
  replaceReferences(schema, config, (reference) => {
    found.add(reference);
    return reference;
  });
  return [...found];
}

const LEFT_OPEN: Omit<ReferenceFault, 'pointer'> = {
  code: 'unknown_reference',
  detail: 'A “{{” has no “}}” after it. Write \\{{ where the two characters themselves are meant.',
};

const unknown = (name: string, known: string): Omit<ReferenceFault, 'pointer'> => ({
  code: 'unknown_reference',
  detail: `Nothing is named “${name}”. ${known}`,
});

const ambiguous = (name: string, found: readonly Referable[]): Omit<ReferenceFault, 'pointer'> => ({
  code: 'ambiguous_reference',
  detail: `“${name}” may be ${found.map(({ kind, title, reference }) => `the ${kind} ${title} (${reference})`).join(' or ')}. Rename a column, or write what stands in parentheses.`,
});
