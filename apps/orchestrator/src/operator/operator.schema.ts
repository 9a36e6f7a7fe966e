import { z } from 'zod';
import { id, nameText } from '../openapi/paging.schema.js';

export const newWorkspace = z.strictObject({ name: nameText });
export type NewWorkspace = z.infer<typeof newWorkspace>;

export const workspacePath = z.object({ workspaceId: id });
export type WorkspacePath = z.infer<typeof workspacePath>;

export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
}

export interface CreatedWorkspace {
  readonly id: string;
  /** Shown this once; only its hash is stored. */
  readonly apiKey: string;
}

export const serviceKeyBody = z.strictObject({
  key: z.string().regex(/^[\x21-\x7e]{16,512}$/, 'must have 16 to 512 visible ASCII characters'),
});
export type ServiceKeyBody = z.infer<typeof serviceKeyBody>;
