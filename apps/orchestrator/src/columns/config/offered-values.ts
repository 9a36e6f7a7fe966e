import { CHOICES_KEYWORD, ENDS_STAGE_KEYWORD } from '@uno/workflow-contracts';
import { z } from 'zod';
import type { FieldProblem } from '../../problems/problem.error.js';
import { toPointer } from '../../problems/problem.error.js';
import type { Config, ConfigSchema } from './walk-config.js';
import { mapConfig } from './walk-config.js';

const choicesOf = z.object({ [CHOICES_KEYWORD]: z.record(z.string(), z.array(z.unknown())) });

/** Places of a config that hold what the service does not offer for lists of this entity type. */
export function checkChoices(schema: ConfigSchema, config: Config, entityType: string): FieldProblem[] {
  const faults = new Map<string, FieldProblem>();
  mapConfig(schema, config, (place, value, path) => {
    const offered = choicesOf.safeParse(place).data?.[CHOICES_KEYWORD]?.[entityType];
    if (offered && !offered.includes(value)) {
      const pointer = toPointer(['config', ...path]);
      const choices = offered.map(String).join(', ');
      faults.set(pointer, { pointer, detail: `must be one of the choices for ${entityType} lists: ${choices}` });
    }
    return value;
  });
  return [...faults.values()];
}

/** Pointer to the first value that would make the column end its stage, if there is one. */
export function findStageEnd(schema: ConfigSchema, config: Config): string | undefined {
  let found: string | undefined;
  mapConfig(schema, config, (place, value, path) => {
    const ends = Object.hasOwn(place, ENDS_STAGE_KEYWORD) && place[ENDS_STAGE_KEYWORD] === value;
    if (ends) found ??= toPointer(['config', ...path]);
    return value;
  });
  return found;
}
