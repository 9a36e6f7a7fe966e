import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { JsonValue } from '../openapi/json.schema.js';
import type { CellDetails } from './cell.schema.js';
import { editCell } from './edit-cell.js';
import type { CellRef } from './read-cell.js';
import { readCell } from './read-cell.js';

/** Single cells: how they came to be what they are, and edits by hand. */
@Injectable()
export class CellsService {
  constructor(private readonly database: Database) {}

  /** @throws ProblemError 404 */
  async read(ref: CellRef): Promise<CellDetails> {
    return this.database.inWorkspace(ref.workspaceId, (sql) => readCell(sql, ref), { snapshot: true });
  }

  /** @throws what {@link editCell} throws */
  async edit(ref: CellRef, value: JsonValue): Promise<CellDetails> {
    await editCell(this.database, ref, value);
    return this.read(ref);
  }
}
