import { ProblemError, notSupported, unprocessable } from '../../problems/problem.error.js';
import type { FieldProblem } from '../../problems/problem.error.js';
import type { ConfigValidator } from '../../services/config-validator.js';
import { withReferences } from './config-references.js';
import type { StoredConfig } from './config-references.js';
import { findCycle } from './find-cycle.js';
import { ListNames } from './list-names.js';
import type { NamedColumn } from './list-names.js';
import { checkChoices, findStageEnd } from './offered-values.js';
import type { Config, ConfigSchema } from './walk-config.js';

export interface ConfiguredColumn {
  readonly id: string;
  readonly name: string;
  readonly schema: ConfigSchema;
  readonly config: Config;
}

export interface ListOfColumn {
  readonly entityType: string;
  readonly attributes: readonly string[];
  /** The other columns of the list. */
  readonly columns: readonly NamedColumn[];
}

export interface CheckedConfig {
  readonly config: Config;
  /** Columns that it names. */
  readonly dependsOn: string[];
}

/**
 * Checks the config of a column that is added or changed, and turns it into what is stored.
 * @throws ProblemError 422 `invalid_config`, `not_supported`, `unknown_reference`, `ambiguous_reference`, `cycle`
 */
export function checkConfig(configs: ConfigValidator, column: ConfiguredColumn, list: ListOfColumn): CheckedConfig {
  const { id, name, schema, config } = column;
  const unfit = checkChoices(schema, config, list.entityType);
  refuseFaults([...unfit, ...elsewhere(configs.check(schema, config, '/config'), unfit)]);
  const stageEnd = findStageEnd(schema, config);
  if (stageEnd !== undefined) throw notSupported(stageEnd, 'This value is not supported yet.');

  const names = new ListNames(list.attributes, [...list.columns, { id, name, dependsOn: [] }]);
  const stored = withReferences(schema, config, names, id);
  refuseReferences(stored);
  // Workers check a config again as it is stored, and a reference may be longer than the title that it stands for.
  refuseFaults(configs.check(schema, stored.config, '/config'));
  const dependsOn = stored.named.flatMap(({ kind, reference }) => (kind === 'column' ? [reference] : []));
  refuseCycle({ id, name, dependsOn }, list.columns, stored);
  return { config: stored.config, dependsOn };
}

/** A value outside the choices is no second fault because the schema refuses it too. */
const elsewhere = (faults: readonly FieldProblem[], than: readonly FieldProblem[]): FieldProblem[] =>
  faults.filter(({ pointer }) => than.every((fault) => fault.pointer !== pointer));

function refuseFaults(faults: readonly FieldProblem[]): void {
  if (faults.length === 0) return;
  throw new ProblemError(422, 'invalid_config', 'The config of the column does not fit its service.', {
    errors: faults,
  });
}

function refuseReferences({ faults }: StoredConfig): void {
  const [first] = faults;
  if (!first) return;
  const errors = faults.map(({ pointer, detail }) => ({ pointer, detail }));
  throw new ProblemError(422, first.code, first.detail, { errors });
}

function refuseCycle(column: NamedColumn, others: readonly NamedColumn[], { named }: StoredConfig): void {
  const cycle = findCycle([...others, column], column.id);
  if (!cycle) return;
  const titles = new Map([...others, column].map(({ id, name }) => [id, name]));
  const pointer = named.find(({ reference }) => reference === cycle[1])?.pointer ?? '/config';
  const path = cycle.map((id) => titles.get(id)).join(' → ');
  throw unprocessable('cycle', pointer, `Columns cannot wait for each other: ${path}.`);
}
