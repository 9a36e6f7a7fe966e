import { z } from 'zod';

/**
 * What a worker registers at start (`PUT /internal/v1/services/:id`); the orchestrator, the API and the page know a service
 * by this alone.
 */
export const serviceRegistration = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower case letters, digits and dashes, starting with a letter'),
  title: z.string().min(1).max(80),
  description: z.string().max(300).optional(),
  entityTypes: z.array(z.enum(['company', 'contact'])).min(1),
  /** What a filled cell holds, for the catalogue: for example `text or number`. */
  returns: z.string().max(120),
  /** Credits per filled cell. */
  price: z.number().int().nonnegative().max(1_000_000),
  capabilities: z.object({ batch: z.boolean(), revert: z.boolean(), approval: z.boolean() }),
  taskQueue: z.string().min(1).max(64),
  contractVersion: z.number().int().positive(),
  /** `identity`: rows arrive with the list's identity attributes; `references`: with what the column's config names. */
  inputs: z.enum(['identity', 'references']),
  /** JSON Schema (draft 2020-12) of a column's config. The `x-uno-…` keywords below mark what the orchestrator must know. */
  configSchema: z.record(z.string(), z.json()),
  /** Rows per page the service can take at most, where a provider limits it. */
  maxPageRows: z.number().int().positive().max(50_000).optional(),
  /** How long a job may wait for this service's workers before it fails. */
  absentAfterSeconds: z.number().int().positive().default(86_400),
});
export type ServiceRegistration = z.infer<typeof serviceRegistration>;

/** JSON Schema keyword: the string it stands on names other columns, as `{{Name}}` inside a text or as a plain name. */
export const REFERENCE_KEYWORD = 'x-uno-reference';
/** JSON Schema keyword: a column whose config has this value here ends its stage. */
export const ENDS_STAGE_KEYWORD = 'x-uno-ends-stage';
/**
 * JSON Schema keyword on a property that takes one of an `enum`: the values that fit a list, by its entity type, as
 * `{ company: […], contact: […] }`. A column of such a list may hold no other; an entity type that is not named takes all.
 */
export const CHOICES_KEYWORD = 'x-uno-choices';
/**
 * JSON Schema keyword: the object it stands on is itself a JSON Schema (draft 2020-12) that refers to nothing outside itself,
 * within `{ maxCharacters }` as JSON. What cannot be compiled is refused when a column is added or changed.
 */
export const JSON_SCHEMA_KEYWORD = 'x-uno-json-schema';
/**
 * JSON Schema keyword `{ of, or }`: the string it stands on is a key of the object under the name `of` beside it, or one of
 * the strings `or`.
 */
export const KEY_OF_KEYWORD = 'x-uno-key-of';

/**
 * JSON Schema keyword: a JSON Schema of what filled cells hold, of columns whose config fits the schema that it stands on. An
 * edit by hand may write no other value there.
 */
export const VALUE_KEYWORD = 'x-uno-value';

/** A service's catalogue entry: its registration with the config schema still typed. */
export interface ServiceContract<Config extends z.ZodType> {
  readonly config: Config;
  readonly registration: ServiceRegistration;
}

/** Declares a service once; the JSON Schema that travels is made from the zod schema the worker parses with. */
export function defineService<Config extends z.ZodType>(
  definition: Omit<z.input<typeof serviceRegistration>, 'configSchema'> & { config: Config },
): ServiceContract<Config> {
  const { config, ...rest } = definition;
  const schema = JSON.stringify(z.toJSONSchema(config, { target: 'draft-2020-12' }));
  const configSchema = JSON.parse(schema) as ServiceRegistration['configSchema'];
  return Object.freeze({
    config,
    registration: serviceRegistration.parse({ ...rest, configSchema }),
  });
}
