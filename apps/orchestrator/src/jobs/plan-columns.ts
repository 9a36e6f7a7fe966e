import { nameableAttributes, readAttributes, readColumns } from '../columns/column-record.js';
import { referencesOf } from '../columns/config/config-references.js';
import { ListNames } from '../columns/config/list-names.js';
import type { Sql } from '../database/sql.js';
import type { ListRef } from '../lists/list-record.js';
import { unprocessable } from '../problems/problem.error.js';
import type { PlanColumn, PlannedColumn } from './plan.js';

type ServiceOfColumn = Pick<PlanColumn, 'price' | 'taskQueue' | 'inputs' | 'maxPageRows'> & { readonly id: string };

/**
 * The columns that a job is asked for, as they are now, with the titles of what their configs name.
 * @throws ProblemError 422 `unknown_column`
 */
export async function readPlanColumns(sql: Sql, ref: ListRef, columnIds: readonly string[]): Promise<PlanColumn[]> {
  const columns = await readColumns(sql, ref);
  const names = new ListNames(nameableAttributes(await readAttributes(sql, ref)), columns);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const services = await sql.rows<ServiceOfColumn>(
    'select id, price, task_queue as "taskQueue", inputs, max_page_rows as "maxPageRows" from service where id = any ($1)',
    [[...new Set(columns.map(({ service }) => service))]],
  );
  const serviceById = new Map(services.map((service) => [service.id, service]));
  return [...new Set(columnIds)].map((id) => {
    const column = byId.get(id);
    const service = column && serviceById.get(column.service);
    if (!column || !service) {
      throw unprocessable(
        'unknown_column',
        `/columnIds/${columnIds.indexOf(id)}`,
        'The list has no column of this id.',
      );
    }
    const { name, config, schema, dependsOn } = column;
    const references = referencesOf(schema, config).map((each) => [each, names.plainTitle(each)] as const);
    return {
      ...service,
      serviceId: service.id,
      ...{ id, name, config, dependsOn },
      references: Object.fromEntries(references),
    };
  });
}

/** The part that the plan pins by column; the rest makes its steps. */
export const toPlanned = (column: PlanColumn): PlannedColumn => {
  const { id, name, serviceId, config, references, dependsOn, price } = column;
  return { id, name, serviceId, config: { ...config }, references, dependsOn, price };
};
