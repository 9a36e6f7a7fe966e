import { sendRequest } from '../api/http.js';
import { findApiCredentials, requireStackCredentials } from '../credentials.js';
import type { RegisterCommands } from './command-context.js';

export const registerWorkspaceCommands: RegisterCommands = (program, context) => {
  const workspaces = program.command('workspaces').description('tenants of a local stack (for its operator)');

  workspaces
    .command('create')
    .description('make a workspace; its key is shown once')
    .requiredOption('--name <name>', 'name of the workspace')
    .action(async ({ name }: { name: string }) => {
      const { operatorKey } = requireStackCredentials(context.environment, 'operatorKey');
      const { url } = findApiCredentials(context.environment);
      const created = await sendRequest<{ id: string; apiKey: string }>(
        { url, apiKey: operatorKey },
        {
          method: 'POST',
          path: '/internal/v1/workspaces',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name }),
        },
      );
      const next = `It has no credits yet: uno credits grant 1000 --workspace ${created.id}`;
      context.output.result(created, `Workspace  ${created.id}\nKey        ${created.apiKey}\n${next}`);
    });
};
