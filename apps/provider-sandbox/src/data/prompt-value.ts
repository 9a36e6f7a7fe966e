import type { Dice } from './dice.js';
import { MODEL_REASONS, MODEL_SUBJECTS } from './word-lists.js';

/** A JSON Schema as callers send it; keywords that are not known here are passed over. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The form under which a prompt is known: single spaces, none at the ends. */
export function normalisePrompt(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ');
}

const DEEPEST = 12;
const WORDS_NAMED = 8;
const MOST_ITEMS = 3;

/**
 * A value that conforms to `schema`, or a sentence without one: always the same for the same prompt and schema. An object with a
 * single property holds there what the property's schema alone would give, so an envelope around an answer changes nothing.
 */
export function promptValue(dice: Dice, prompt: string, schema: JsonSchema | undefined): unknown {
  return new Generator(dice, prompt, schema ?? {}).value(schema ?? { type: 'string' }, '', 0);
}

class Generator {
  constructor(
    private readonly dice: Dice,
    private readonly prompt: string,
    private readonly root: JsonSchema,
  ) {}

  value(schema: JsonSchema, path: string, depth: number): unknown {
    if (depth > DEEPEST) return null;
    if ('const' in schema) return schema['const'];
    const choices = schema['enum'];
    if (Array.isArray(choices) && choices.length > 0) return this.pick(path, choices);
    const resolved = this.resolve(schema);
    if (resolved) return this.value(resolved, path, depth + 1);
    const alternatives = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(alternatives) && alternatives.length > 0) {
      return this.value(this.pick(`${path} which`, alternatives) as JsonSchema, path, depth + 1);
    }
    const { type } = schema;
    return this.typed(Array.isArray(type) ? this.pick(`${path} type`, type) : type, schema, { path, depth });
  }

  private typed(type: unknown, schema: JsonSchema, at: { readonly path: string; readonly depth: number }): unknown {
    switch (type) {
      case 'object':
        return this.object(schema, at);
      case 'array':
        return this.array(schema, at);
      case 'integer':
      case 'number':
        return this.number(schema, at.path, type === 'integer');
      case 'boolean':
        return this.pick(at.path, [true, false]);
      case 'null':
        return null;
      default:
        return isSchema(schema['properties']) ? this.object(schema, at) : this.text(schema, at.path);
    }
  }

  private object(schema: JsonSchema, { path, depth }: { readonly path: string; readonly depth: number }): unknown {
    const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {});
    const pathOf = (name: string): string => (properties.length === 1 ? path : `${path}/${name}`);
    return Object.fromEntries(
      properties.map(([name, inner]) => [name, this.value(isSchema(inner) ? inner : {}, pathOf(name), depth + 1)]),
    );
  }

  private array(schema: JsonSchema, { path, depth }: { readonly path: string; readonly depth: number }): unknown {
    const min = numberIn(schema, 'minItems') ?? 1;
    const max = Math.max(min, Math.min(numberIn(schema, 'maxItems') ?? MOST_ITEMS, min + MOST_ITEMS));
    const items = isSchema(schema['items']) ? schema['items'] : {};
    const length = this.dice.integer(`${path} length`, min, max);
    return Array.from({ length }, (_, index) => this.value(items, `${path}/${index}`, depth + 1));
  }

  private number(schema: JsonSchema, path: string, whole: boolean): number {
    const above = numberIn(schema, 'exclusiveMinimum');
    const below = numberIn(schema, 'exclusiveMaximum');
    const step = numberIn(schema, 'multipleOf') ?? (whole ? 1 : 0.01);
    const lowest = numberIn(schema, 'minimum') ?? (above === undefined ? undefined : above + step);
    const highest = numberIn(schema, 'maximum') ?? (below === undefined ? undefined : below - step);
    const min = Math.ceil(round((lowest ?? Math.min(0, highest ?? 0)) / step));
    const max = Math.max(min, Math.floor(round((highest ?? Math.max(1_000, (lowest ?? 0) + 1_000)) / step)));
    return round(this.dice.integer(path, min, max) * step);
  }

  private text(schema: JsonSchema, path: string): string {
    const text = FORMATS[String(schema['format'])]?.(this.dice, path) ?? this.sentence(path);
    const padded = text.padEnd(Math.min(numberIn(schema, 'minLength') ?? 0, 10_000), '.');
    return padded.slice(0, numberIn(schema, 'maxLength') ?? padded.length);
  }

  private sentence(path: string): string {
    const about = path === '' ? this.prompt.split(' ').slice(0, WORDS_NAMED).join(' ') : path.slice(1);
    const subject = this.dice.pick(`${path} subject`, MODEL_SUBJECTS);
    return `${about}: ${subject} ${this.dice.pick(`${path} reason`, MODEL_REASONS)}.`;
  }

  private resolve({ $ref }: JsonSchema): JsonSchema | undefined {
    if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined;
    const parts = $ref.slice(1).split('/').filter(Boolean);
    const found = parts.reduce<unknown>((at, part) => (isSchema(at) ? at[part] : undefined), this.root);
    return isSchema(found) ? found : undefined;
  }

  private pick(label: string, items: readonly unknown[]): unknown {
    return this.dice.pick(label, items);
  }
}

const FORMATS: Readonly<Record<string, (dice: Dice, path: string) => string>> = {
  date: (dice, path) => new Date(dice.integer(path, 0, 20_000) * 86_400_000).toISOString().slice(0, 10),
  'date-time': (dice, path) => new Date(dice.integer(path, 0, 1_700_000_000) * 1_000).toISOString(),
  email: (dice, path) => `person${dice.integer(path, 1, 9_999)}@example.com`,
  uri: (dice, path) => `https://example.com/${dice.integer(path, 1, 9_999)}`,
};

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberIn(schema: JsonSchema, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === 'number' ? value : undefined;
}

/** Away with what binary fractions add. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
