import { CHOICES_KEYWORD } from '@uno/workflow-contracts';
import { z } from 'zod';
import type { FieldProblem } from '../problems/problem.error.js';
import { toPointer } from '../problems/problem.error.js';

const propertiesOf = z.object({ properties: z.record(z.string(), z.unknown()) });
const choicesOf = z.object({ [CHOICES_KEYWORD]: z.record(z.string(), z.array(z.unknown())) });

/** Members of a column's config that hold what the service does not offer for lists of this entity type. */
export function checkChoices(
  schema: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  entityType: string,
): FieldProblem[] {
  const { properties } = propertiesOf.safeParse(schema).data ?? { properties: {} };
  return Object.entries(properties).flatMap(([name, property]) => {
    const offered = choicesOf.safeParse(property).data?.[CHOICES_KEYWORD]?.[entityType];
    if (!offered || !Object.hasOwn(config, name) || offered.includes(config[name])) return [];
    const choices = offered.map(String).join(', ');
    return [
      {
        pointer: toPointer(['config', name]),
        detail: `must be one of the choices for ${entityType} lists: ${choices}`,
      },
    ];
  });
}
