import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { JsonValue } from '../openapi/json.schema.js';
import { ConfigValidator } from '../services/config-validator.js';
import type { CellDetails } from './cell.schema.js';
import { refuseUnfitValue } from './column-value.js';
import { editCell } from './edit-cell.js';
import type { CellRef } from './read-cell.js';
import { readCell } from './read-cell.js';

/** Single cells: how they came to be what they are, and edits by hand. */
@Injectable()
export class CellsService {
  constructor(
    private readonly database: Database,
    private readonly configs: ConfigValidator,
  ) {}

  /** @throws ProblemError 404 */
  async read(ref: CellRef): Promise<CellDetails> {
    return this.database.inWorkspace(ref.workspaceId, (sql) => readCell(sql, ref), { snapshot: true });
  }

  /** @throws ProblemError 422 `invalid_value`; what {@link editCell} throws */
  async edit(ref: CellRef, value: JsonValue): Promise<CellDetails> {
    await this.database.inWorkspace(ref.workspaceId, (sql) => refuseUnfitValue(sql, this.configs, ref, value));
    await editCell(this.database, ref, value);
    return this.read(ref);
  }
}
