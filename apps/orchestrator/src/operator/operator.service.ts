import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashKey } from '../auth/bearer.js';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { conflict, notFound } from '../problems/problem.error.js';
import type { CreatedWorkspace, WorkspaceView } from './operator.schema.js';

/** What the operator of an installation does. */
@Injectable()
export class OperatorService {
  constructor(private readonly database: Database) {}

  /** Makes a workspace with its first API key. */
  async createWorkspace(name: string): Promise<CreatedWorkspace> {
    const workspaceId = newId('ws');
    const apiKey = `uno_${randomBytes(32).toString('base64url')}`;
    await this.database.inWorkspace(workspaceId, async (sql) => {
      await sql.run('insert into workspace (id, name) values ($1, $2)', [workspaceId, name]);
      await sql.run('insert into api_key (workspace_id, id, name, hash) values ($1, $2, $3, $4)', [
        workspaceId,
        newId('key'),
        'First key',
        hashKey(apiKey),
      ]);
    });
    return { id: workspaceId, apiKey };
  }

  /** @throws ProblemError 404 */
  async readWorkspace(workspaceId: string): Promise<WorkspaceView> {
    const workspace = await this.database.inWorkspace(workspaceId, (sql) =>
      sql.row<WorkspaceView>('select id, name from workspace where id = $1', [workspaceId]),
    );
    if (!workspace) throw notFound('workspace');
    return workspace;
  }

  /**
   * Gives the workers of a service their key, instead of the one they had. Repeating it changes nothing.
   * @throws ProblemError 409 `service_key_in_use` when another service has this key
   */
  async setServiceKey(serviceId: string, key: string): Promise<void> {
    const hash = hashKey(key);
    const [owner] = await this.database.acrossWorkspaces<{ service_id: string }>(
      `with replaced as (
         update service_key set hash = $1, created_at = now()
         where service_id = $2 and not exists (select from service_key where hash = $1 and service_id <> $2) returning service_id),
       added as (
         insert into service_key (hash, service_id) select $1, $2 where not exists (select from replaced)
         on conflict (hash) do nothing returning service_id)
       select service_id from replaced union all select service_id from added`,
      [hash, serviceId],
    );
    if (!owner) throw conflict('service_key_in_use', 'Another service has this key.');
  }
}
