import { APP_DATABASE, BILLING_DATABASE, connectionString } from '../stack/database-plan.js';
import { APP_SCHEMA, BILLING_SCHEMA } from '../stack/databases.js';
import { StackError } from '../stack/stack-error.js';
import { temporalPlan } from '../stack/temporal-plan.js';
import { prepareTemporal } from './own-temporal.js';
import { prepareDatabase } from './prepare-database.js';

const USAGE = `Usage: npm run prepare-servers

Gets servers of your own ready for Uno Orchestrator, and proves that they are. Safe to repeat: what is as it should be
stays as it is. Only servers that these variables name are touched.

  DATABASE_URL          the application's login; its role is made, with this password
  DATABASE_ADMIN_URL    the owner of that database; makes the role and applies the migrations
  BILLING_DATABASE_URL, BILLING_DATABASE_ADMIN_URL
                        the same for billing
  TEMPORAL_ADDRESS      with TEMPORAL_NAMESPACE and Temporal's other standard variables

What the owner needs, and everything else: docs/how-to/own-servers.md
`;

/** A server that is named in the environment, and how to get it ready. */
interface NamedServer {
  readonly variable: string;
  readonly prepare: () => Promise<string[]>;
}

/**
 * The command `npm run prepare-servers`.
 *
 * @returns the exit code.
 */
export async function prepareServers(
  { help = false }: { readonly help?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  try {
    const servers = namedServers(env);
    if (help || servers.length === 0) {
      process.stdout.write(USAGE);
      return help ? 0 : 1;
    }
    for (const { variable, prepare } of servers) {
      const changes = await prepare();
      process.stdout.write(
        `${variable}: ready; ${changes.length === 0 ? 'nothing had to be done' : changes.join(', ')}\n`,
      );
    }
    return 0;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function namedServers(env: NodeJS.ProcessEnv): NamedServer[] {
  const databases = [
    { ...APP_DATABASE, ...APP_SCHEMA },
    { ...BILLING_DATABASE, ...BILLING_SCHEMA },
  ].flatMap((named) => {
    const url = connectionString(env, named.variable);
    return url ? [{ ...named, url }] : [];
  });
  refuseOneForBoth(databases);
  const temporal = temporalPlan(env, { address: '', uiUrl: '' });
  return [
    ...databases.map((database) => ({
      variable: database.variable,
      prepare: () => prepareDatabase(database, ownerOf(env, database.adminVariable)),
    })),
    ...(temporal.external ? [{ variable: 'TEMPORAL_ADDRESS', prepare: () => prepareTemporal(temporal) }] : []),
  ];
}

function ownerOf(env: NodeJS.ProcessEnv, variable: string): string {
  const url = connectionString(env, variable);
  if (url) return url;
  throw new StackError(`${variable} is not set; it names the owner of the database, who makes roles and tables`);
}

/** Each keeps its own list of migrations, and billing's books are no business of the orchestrator's owner. */
function refuseOneForBoth(databases: readonly { readonly url: string }[]): void {
  const places = databases.map(({ url }) => new URL(url)).map(({ host, pathname }) => host + pathname);
  if (places.length === new Set(places).size) return;
  throw new StackError('BILLING_DATABASE_URL names the same database as DATABASE_URL; each needs one of its own');
}
