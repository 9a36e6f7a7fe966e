import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

const branch = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()),
});
/** Alternatives that say nothing else about the value than that it is an object. */
const alternatives = z.object({ type: z.literal('object').optional(), oneOf: z.array(branch).min(2) });
type Branch = z.infer<typeof branch>;
const tagSchema = z.object({ const: z.string() });

/**
 * A schema with OpenAPI's `discriminator` wherever the alternatives of a `oneOf` are told apart by one member that each of
 * them has as a constant. It accepts what it accepted before, but of a value that names its alternative only the faults of
 * that one are told.
 */
export function withDiscriminators(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_name, value: unknown) => {
    const found = alternatives.safeParse(value).data;
    const tag = found && tagOf(found.oneOf);
    return tag === undefined ? value : { ...(value as object), type: 'object', discriminator: { propertyName: tag } };
  }) as JsonSchema;
}

/** What may stand in the member that tells the alternatives of a schema apart. */
export function choicesOfTag(schema: unknown, tag: string): string[] {
  const branches = alternatives.safeParse(schema).data?.oneOf ?? [];
  return branches.flatMap((each) => constantOf(each, tag) ?? []);
}

function tagOf(branches: readonly Branch[]): string | undefined {
  return Object.keys(branches[0]?.properties ?? {}).find((name) => {
    const constants = new Set(branches.flatMap((each) => constantOf(each, name) ?? []));
    return constants.size === branches.length;
  });
}

function constantOf({ properties, required }: Branch, name: string): string | undefined {
  return required.includes(name) ? tagSchema.safeParse(properties[name]).data?.const : undefined;
}
