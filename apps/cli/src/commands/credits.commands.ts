import { ApiProblem } from '@uno/api-client';
import { randomUUID } from 'node:crypto';
import { sendRequest } from '../api/http.js';
import type { Credits } from '../api/shapes.js';
import type { CliEnvironment } from '../cli-environment.js';
import { requireStackCredentials } from '../credentials.js';
import { CommandFailure } from '../failures.js';
import { formatCount, formatNumber } from '../output/format.js';
import type { RegisterCommands } from './command-context.js';
import { addDefaultCommand } from './default-command.js';
import { parseAmount } from './parse-amount.js';

export const registerCreditCommands: RegisterCommands = (program, context) => {
  const credits = program.command('credits').description('the credits of the workspace');

  addDefaultCommand(credits, 'show')
    .description('show what is available, held and spent')
    .action(async () => {
      const balance = await context.api.getCredits();
      context.output.result(balance, describeCredits(balance));
    });

  credits
    .command('grant')
    .description('add credits (operator of a local stack)')
    .argument('<amount>', 'how many', parseAmount)
    .option('--workspace <id>', 'whose credits (default: the demo workspace)')
    .action(async (amount: number, { workspace }: { workspace?: string }) => {
      const stack = requireStackCredentials(context.environment, 'billingUrl', 'billingKey', 'workspaceId');
      if (workspace !== undefined) await requireWorkspace(context.environment, workspace);
      const billing = { url: stack.billingUrl, apiKey: stack.billingKey };
      const account = `/v1/accounts/${encodeURIComponent(workspace ?? stack.workspaceId)}`;
      await sendRequest(billing, {
        method: 'POST',
        path: `${account}/grants`,
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ amount }),
      });
      const balance = await sendRequest<Credits>(billing, { method: 'GET', path: account });
      context.output.result(balance, `Granted ${formatCount(amount, 'credit')}.\n${describeCredits(balance)}`);
    });
};

/** Billing opens an account for any id that it is told, so a mistyped one has to be found before. */
async function requireWorkspace(environment: CliEnvironment, workspaceId: string): Promise<void> {
  const { url, operatorKey } = requireStackCredentials(environment, 'url', 'operatorKey');
  const path = `/internal/v1/workspaces/${encodeURIComponent(workspaceId)}`;
  await sendRequest({ url, apiKey: operatorKey }, { method: 'GET', path }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    throw new CommandFailure(`There is no workspace "${workspaceId}".`, 'unknown_workspace');
  });
}

function describeCredits({ granted, available, held, spent }: Credits): string {
  const parts = [`held ${formatNumber(held)}`, `spent ${formatNumber(spent)}`, `granted ${formatNumber(granted)}`];
  return `Available ${formatNumber(available)} · ${parts.join(' · ')}`;
}
